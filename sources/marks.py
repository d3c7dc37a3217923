"""Which marks of the Traffic Light Protocol a reader may see: the one home of that rule, for whatever bears a mark.

Invariant: nobody sees more by a stricter mark than by a milder one, save what is RED: that is for persons, not groups.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from osint.base.permissions import works_here
from sources.choices import Tlp

if TYPE_CHECKING:
    from sources.querysets import Reader

# The mildest first.
ORDER: list[str] = list(Tlp.values)
# Who may see what is marked at all, and who sees every RED record.
READS, SEES_RED = "sources.view_report", "events.see_red_event"


def may(reader: "Reader", permission: str) -> bool:
    """Whether the reader is known, and has the permission."""
    return bool(reader.is_authenticated and reader.has_perm(permission))  # type: ignore[attr-defined]


def strictest(marks: Iterable[str]) -> str:
    """The strictest of these marks; CLEAR where there is none."""
    return max(marks, key=ORDER.index, default=Tlp.CLEAR)


def stricter(one: str, other: str) -> bool:
    """Whether the one mark is stricter than the other."""
    return ORDER.index(one) > ORDER.index(other)


class Recipient(AnonymousUser):
    """Whoever is given what leaves this installation: no person, and shown everything up to a mark, drafts included."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.marks = ORDER[: ORDER.index(mark) + 1]

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - as Django's
        return True


def seen_by(reader: "Reader") -> list[str]:
    """The marks of which the reader sees every record."""
    if isinstance(reader, Recipient):
        return reader.marks
    if not may(reader, READS):
        return [Tlp.CLEAR]
    if not works_here(reader):
        return [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER]
    return ORDER if may(reader, SEES_RED) else ORDER[:-1]


def allowing(reader: "Reader", owner: str = "") -> Q:
    """The condition that a record's mark lets the reader see it.

    RED is for who entered it, for whom it is assigned to, and for those who may see everything RED; ``owner`` is the
    way to the record that knows them.
    """
    marks = seen_by(reader)
    if marks == ORDER:
        return Q()
    told, theirs = Q(tlp__in=marks), own(reader, owner)
    return told | Q(tlp=Tlp.RED) & theirs if theirs else told


def own(reader: "Reader", owner: str = "") -> Q:
    """The condition that a RED record is the reader's own; none for who has none, and for who sees all."""
    if isinstance(reader, Recipient) or not reader.is_authenticated or Tlp.RED in seen_by(reader):
        return Q()
    return Q(**{f"{owner}created_by": reader}) | Q(**{f"{owner}assignee": reader})
