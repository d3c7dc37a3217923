"""The list of promises, and what a breach of one of them is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from osint.history.recording import root_model, roots_of


@dataclass(frozen=True)
class Breach:
    """Something that is not as it was promised: which promise, what, and the address where it is put right."""

    promise: str
    address: str
    sentence: str

    def __str__(self) -> str:
        return " · ".join(part for part in (self.promise, self.address, self.sentence) if part)


Found = Iterator[tuple[str, str]]  # address and sentence


class Promise(NamedTuple):
    """One promise: its number in the design, its name, and the function that finds every breach of it."""

    number: int
    name: str
    find: Callable[[], Found]

    def breaches(self) -> Iterator[Breach]:
        """Every breach of it."""
        for address, sentence in self.find():
            yield Breach(self.name, address, sentence)


PROMISES: list[Promise] = []


def promise(number: int) -> Callable[[Callable[[], Found]], Callable[[], Found]]:
    """Let the function find the breaches of a promise; it is called as the function is."""

    def listed(function: Callable[[], Found]) -> Callable[[], Found]:
        PROMISES.append(Promise(number, function.__name__, function))
        return function

    return listed


def breaches(names: Iterable[str] = ()) -> Iterator[Breach]:
    """Every breach of every promise, or of those with these names, in the order of the promises."""
    wanted = set(names)
    for one in sorted(PROMISES, key=lambda promise: (promise.number, promise.name)):
        if not wanted or one.name in wanted:
            yield from one.breaches()


def address_of(model: Any, key: int | None) -> str:
    """Where a record is put right: its form in the admin, or that of the record it belongs to; else its name."""
    if key is None:
        return ""
    for found, pk in ((model, key), root_of(model, key)):
        try:
            return reverse(f"admin:{found._meta.app_label}_{found._meta.model_name}_change", args=[pk])
        except NoReverseMatch:
            continue
    return f"{model._meta.label_lower} {key}"


def root_of(model: Any, key: int) -> tuple[Any, int | None]:
    """The record that this one belongs to."""
    if not getattr(model, "belongs_to", ""):
        return model, key
    _model, found = roots_of(model, [key]).get(key, (None, None))
    return root_model(model), found


def named(model: Any, key: int) -> str:
    """A record as a breach calls it."""
    return _("%(kind)s %(key)s") % {"kind": model._meta.verbose_name, "key": key}


def sentences(error: ValidationError) -> Iterator[str]:
    """What an error says, field by field."""
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for field, said in error.message_dict.items():
        yield from (sentence if field == "__all__" else f"{field}: {sentence}" for sentence in said)


def asked(check: Callable[..., Any], *told: Any) -> Iterator[str]:
    """What a rule has against something."""
    try:
        check(*told)
    except ValidationError as error:
        yield from sentences(error)
