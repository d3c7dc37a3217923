"""What bore a mark: as hidden in the history as it was before it was deleted, or before its mark was loosened.

Nothing here asks for one record at a time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from osint.history.chain import canonical
from osint.history.models import Action, Value
from osint.history.naming import rule
from osint.history.recording import rows_of
from osint.history.veils import veil
from sources import marks

if TYPE_CHECKING:
    from sources.querysets import Reader

MARK, OWNERS = "tlp", ("created_by", "assignee")
# A mark that was taken out of the history may have been any: it hides like the strictest.
REDACTED = ""


@rule
def marked(reader: "Reader") -> Iterator[tuple[type[models.Model], int]]:
    """Those whose last mark keeps them from the reader, whose they were not."""
    seen = marks.seen_by(reader)
    hidden = told_as(MARK, *(mark for mark in marks.ORDER if mark not in seen))
    theirs = told_as(OWNERS[0], reader.pk) | told_as(OWNERS[1], reader.pk) if hidden else set()
    for model in {model for model, _key in hidden}:
        keys = {key for other, key in hidden - theirs if other is model}
        # Some may have come back.
        there = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        yield from ((model, key) for key in sorted(keys - there))


def told_as(column: str, *values: Any) -> set[tuple[type[models.Model], int]]:
    """The records in whose column one of these values stood when they were deleted."""
    texts = [canonical({"from": value, "to": None}) for value in values]
    texts += [REDACTED] if column == MARK and values else []
    gone = Value.objects.filter(entry__action=Action.DELETE, field=column, text__in=texts)
    return {(apps.get_model(label), key) for label, key in gone.values_list("entry__model", "entry__key")}


@veil
def loosened(reader: "Reader") -> Q:
    """Entries up to the last change that took a mark away which keeps a record from the reader, whose it is not."""
    seen = marks.seen_by(reader)
    hidden = [mark for mark in marks.ORDER if mark not in seen]
    if not hidden:
        return Q(pk__in=[])
    texts = [canonical({"from": mark, "to": other}) for mark in hidden for other in (*marks.ORDER, None)] + [REDACTED]
    moves = Value.objects.filter(field=MARK, text__in=texts, entry__model=F("entry__root_model"))
    moves = moves.filter(entry__key=F("entry__root_key"))
    # What was done at once with the loosening tells what was there before it, whichever was written first.
    later = Q(entry__gte=OuterRef("seq")) | Q(entry__change=OuterRef("change"))
    own = moves.filter(later, entry__root_model=OuterRef("root_model"), entry__root_key=OuterRef("root_key"))
    # The few records first: it is cheaper than to look for each entry.
    few = Q(root_key__in=moves.values("entry__root_key"))
    return few & Q(Exists(own)) & ~theirs(reader)


def theirs(reader: "Reader") -> Q:
    """Entries about what the reader entered or is assigned to, or had when it was deleted."""
    if not reader.is_authenticated:
        return Q(pk__in=[])
    text = canonical({"from": reader.pk, "to": None})
    gone = Value.objects.filter(entry__action=Action.DELETE, field__in=OWNERS, text=text)
    condition = Q(Exists(gone.filter(entry__model=OuterRef("root_model"), entry__key=OuterRef("root_key"))))
    for model in bearers():
        own = Q(created_by=reader) | Q(assignee=reader)
        rows = rows_of(model).filter(own, pk=OuterRef("root_key"))
        condition |= Q(root_model=model._meta.label_lower) & Q(Exists(rows))
    return condition


def bearers() -> Iterator[Any]:
    """The models whose records bear a mark and belong to a person."""
    for model in apps.get_models():
        if {MARK, *OWNERS} <= {column.name for column in model._meta.concrete_fields}:
            yield model
