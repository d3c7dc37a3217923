"""What the admin asks before it saves: whether the form was opened with the version that is stored."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from osint.base import versions
from osint.base.conflict import rows, sides
from osint.base.conflict.merging import CHOICE, OPEN, THEIRS, Item, Merger, companions_of
from osint.history import past, reading, recording
from osint.history.models import Entry
from osint.history.veils import veiled

OPENED, VERSION = "_opened", "version"
MOST_MEANWHILE = 20


@dataclass
class Panel:
    """What the page shows of a conflict."""

    opened: int
    stored: int
    items: list[Item]
    meanwhile: list[reading.Read] = field(default_factory=list)

    @property
    def choices(self) -> list[Item]:
        """Fields that both have changed."""
        return [item for item in self.items if item.kind == "both"]

    @property
    def others(self) -> list[Item]:
        """What needs no choice."""
        return [item for item in self.items if item.kind != "both"]


def lock(record: Any) -> int:
    """Lock the record, the whole first; the version of the whole, which stays so until the change ends."""
    whole = versions.whole_of(record)
    stored = versions.stored_version(type(whole), whole.pk) or 0
    recording.about_to_write(type(record), [record.pk])
    return stored


def meet(desk: Any, request: HttpRequest, record: Any, stored: int) -> None:
    """Where what was sent is not for the version stored of the locked record, refuse it and show what has happened."""
    data = request.POST.copy()
    # Django would make a second record of it, whether the page offers that or not.
    data.pop("_saveasnew", None)
    pending, left_out = choose(data)
    whole = versions.whole_of(record)
    version = rows.whole_number(data.get(VERSION))
    seq = past.at_version(type(whole), whole.pk, version) if version else None
    if version != stored and seq is not None and is_untouched(desk, request, record, whole, seq):
        version = stored
    if version == stored and not pending:
        for prefix in left_out:
            rows.tidy(data, prefix)
    else:
        opened = rows.whole_number(data.get(OPENED)) if version == stored else version
        clash(desk, request, record, data, Panel(opened, stored, []), pending)
    data[VERSION] = str(stored)
    request.POST = data  # type: ignore[assignment]


def check_version(request: HttpRequest, record: Any) -> None:
    """Lock the record; raise ``ValidationError`` where the page was not opened with the version stored."""
    if rows.whole_number(request.POST.get(VERSION)) != lock(record):
        raise ValidationError(
            _("Somebody has changed “%(record)s” since you opened this page: nothing was done. Look at it again.")
            % {"record": record},
            code="stale",
        )


def clash(desk: Any, request: Any, record: Any, data: QueryDict, panel: Panel, pending: frozenset[str]) -> None:
    """Refuse what was sent, with everything typed made ready for the next attempt."""
    whole = versions.whole_of(record)
    is_stale = rows.whole_number(data.get(VERSION)) != panel.stored
    seq = past.at_version(type(whole), whole.pk, panel.opened) if panel.opened else None
    is_hidden = seq is not None and is_veiled(whole, seq, request.user)
    states = past.whole_at(type(whole), whole.pk, seq) if seq and not is_hidden else {}
    base = sides.then(desk, request, record, states) if record.pk in states.get(type(record), {}) else None
    stored = sides.now(desk, request, record)
    panel.items = Merger(data, base, stored, request.user, pending, takes_over=is_stale).merge()
    for item in panel.items if is_hidden else ():
        item.base = _("(not for you)")
    panel.meanwhile = meanwhile(desk, request, record, whole, seq) if seq else []
    request.conflict = panel
    request.refusal = ValidationError(
        sentence(is_stale=is_stale, is_known=base is not None, is_hidden=is_hidden), code="stale"
    )


def sentence(*, is_stale: bool, is_known: bool, is_hidden: bool) -> str:
    """What is wrong, and the way out."""
    if not is_stale:
        return _("Choose, for each field marked as changed by both, which value stays. Then save again.")
    if is_hidden:
        return _(
            "Somebody else has changed this, and what it said before is not for you, so nothing was saved. What you "
            "typed is below, beside what is stored: choose, and save again."
        )
    if not is_known:
        return _(
            "This form does not say which version it was opened with, so nothing was saved. What you typed is below, "
            "beside what is stored: choose, and save again. Or reload the page to start from what is stored."
        )
    return _(
        "Somebody else has changed this since you opened it, so nothing was saved. What you typed is below; "
        "what they changed is taken over where you changed nothing. Look through it, and save again."
    )


# Choices


def choose(data: QueryDict) -> tuple[frozenset[str], set[str]]:
    """Put what was chosen into the form: the names that still wait for a choice, and where rows are left out."""
    pending, left_out = set(), set()
    for name in data.getlist(OPEN):
        choice = data.get(CHOICE + name)
        if choice not in {"mine", "theirs"}:
            pending.add(name)
        elif choice == "theirs" and name.rpartition("-")[2].isdecimal():
            data[f"{name}-{rows.DELETE}"] = "on"
            left_out.add(name.rpartition("-")[0])
        elif choice == "theirs":
            take(data, name)
    for key in [key for key in data if key == OPEN or key.startswith((CHOICE, THEIRS))]:
        del data[key]
    return frozenset(pending), left_out


def take(data: QueryDict, name: str) -> None:
    """Put the others' value into the form, and what goes with it."""
    for other in (name, *companions_of(name)):
        values = data.getlist(THEIRS + other)
        if values:
            data.setlist(other, values)
        elif other == name:
            data.pop(other, None)


# What has happened


def is_veiled(whole: Any, seq: int, reader: Any) -> bool:
    """Whether the reader may not see the whole as it was after this entry: it was loosened only later."""
    since = Entry.objects.about(type(whole)._meta.label_lower, whole.pk).filter(seq__gt=seq)
    return since.filter(veiled(reader)).exists()


def is_untouched(desk: Any, request: HttpRequest, record: Any, whole: Any, seq: int) -> bool:
    """Whether the whole has moved on, but nothing that this form shows: it is the form of a part."""
    if record == whole:
        return False
    since = Entry.objects.about(type(whole)._meta.label_lower, whole.pk).filter(seq__gt=seq)
    touched = set(since.values_list("model", "key"))
    states = past.whole_at(type(whole), whole.pk, seq)
    shown = {(record._meta.label_lower, record.pk)}
    for _prefix, formset, _inline in sides.formsets_of(desk, request, record, record):
        label = formset.model._meta.label_lower
        shown |= {(label, row.pk) for row in sides.rows_then(formset, record, states)}
        shown |= {(label, key) for key in formset.get_queryset().values_list("pk", flat=True)}
    return not shown & touched


def meanwhile(desk: Any, request: HttpRequest, record: Any, whole: Any, seq: int) -> list[reading.Read]:
    """What else has happened to the whole: to records that this form does not show."""
    label = type(whole)._meta.label_lower
    shown = {inline.model._meta.label_lower for inline in desk.get_inline_instances(request, record)}
    shown |= {record._meta.label_lower, label}
    entries = reading.readable(request.user).about(label, whole.pk).filter(seq__gt=seq).exclude(model__in=shown)
    return reading.read(entries[:MOST_MEANWHILE], request.user)
