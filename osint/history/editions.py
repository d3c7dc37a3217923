"""How often what somebody sees has changed: a number for each level of what can be seen, and for each person.

Invariant: a number rises in the change that makes a record look otherwise to those whose number it is, and in no other
one (``osint.history.notices``): whoever compares it learns that something has changed that they see, and nothing else.

Changes of what questions name (places, actors, types …) are counted besides, for ourselves alone: who keeps a question
as the database takes it keeps it as long as nothing goes by another name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.db.models import F

from osint.base import ready
from osint.history.models import Edition

if TYPE_CHECKING:
    from osint.history.notices import Told

Levels = Callable[[Any], list[int]]
RULE: list[Levels] = []
NAMES = "names"
NAMED: set[type[Any]] = set()
KEPT = 128  # answers of each kind
T = TypeVar("T")


def levels(function: Levels) -> Levels:
    """Let the function say which levels a reader sees; what those are is not for the floor to know."""
    RULE[:] = [function]
    return function


def name(*models: type[Any]) -> None:
    """Count the changes of these, which questions name, by themselves."""
    NAMED.update(models)


def raise_for(told: Iterable["Told"], models: Iterable[type[Any]], at: datetime) -> None:
    """Count a change of such records, of which there is this to tell, for everybody who sees it."""
    audiences = {audience for one in told for audience in one.before | one.after}
    scopes = {level(audience.level) for audience in audiences}
    scopes |= {person(key) for audience in audiences for key in audience.persons}
    scopes |= set() if NAMED.isdisjoint(models) else {NAMES}
    if not scopes:
        return
    known = Edition.objects.filter(scope__in=scopes)
    # Nobody else gets so far at the same time, so none is made twice.
    if known.update(number=F("number") + 1, at=at) < len(scopes):
        missing = scopes - set(known.values_list("scope", flat=True))
        Edition.objects.bulk_create([Edition(scope=scope, number=1, at=at) for scope in sorted(missing)])


def raise_for_persons(keys: Iterable[int], at: datetime) -> None:
    """Count a change that is in no history, such as another name of a colleague, for each of these persons."""
    scopes = {person(key) for key in keys}
    with transaction.atomic():
        Edition.objects.bulk_create([Edition(scope=one, number=0, at=at) for one in scopes], ignore_conflicts=True)
        Edition.objects.filter(scope__in=scopes).update(number=F("number") + 1, at=at)


@dataclass(frozen=True)
class Seen:
    """The numbers of all that a reader sees, and when the last of them rose.

    ``names`` tells one state of what questions name from others; it is blank where that was never counted.
    """

    numbers: tuple[tuple[str, int], ...]
    at: datetime | None
    names: str = ""


def seen_by(reader: Any) -> Seen:
    """What the reader sees, in one query."""
    scopes = [level(number) for rule in RULE for number in rule(reader)]
    scopes += [person(reader.pk)] if reader.is_authenticated else []
    every = counted([*scopes, NAMES])
    names = state(every.pop(NAMES, ()))
    numbers = tuple(sorted((scope, number) for scope, (number, _at) in every.items()))
    return Seen(numbers, max((at for _number, at in every.values()), default=None), names)


def names() -> str:
    """The state of what questions name; blank where that was never counted."""
    return state(counted([NAMES]).get(NAMES, ()))


def counted(scopes: list[str]) -> dict[str, tuple[int, datetime]]:
    """How often what is seen in each scope has changed, and when last, in one query."""
    table, places = Edition._meta.db_table, ", ".join(["%s"] * len(scopes))
    with ready.prepared() as cursor:
        # As it stands: to have it written anew for each answer would take longer than the rest of a short one.
        cursor.execute(f"SELECT scope, number, at FROM {table} WHERE scope IN ({places})", scopes)  # noqa: S608 - ours
        return {scope: (number, moment(at)) for scope, number, at in cursor.fetchall()}


def state(number: tuple[Any, ...]) -> str:
    """A number with its moment, as it may come again, after a copy of the database was put back."""
    return " ".join(map(str, number))


class AsNamed(Generic[T]):
    """What rests on names, and on what it is asked with, kept by each worker; asked with the state of names first.

    Where that was never counted nothing is kept.
    """

    def __init__(self, read: Callable[..., T]) -> None:
        self.read = read
        self.kept = lru_cache(maxsize=KEPT)(lambda _names, *asked: read(*asked))

    def __call__(self, names: str, *asked: Any) -> T:
        """What is read when names are in this state."""
        return self.kept(names, *asked) if names else self.read(*asked)


def moment(at: Any) -> datetime:
    """A moment as the engine gives it; SQLite's is in UTC and does not say so."""
    read = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def level(number: int) -> str:
    """The scope of a level."""
    return f"level {number}"


def person(key: int) -> str:
    """The scope of what one person sees beyond the levels."""
    return f"person {key}"
