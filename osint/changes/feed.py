"""One page of what there is to follow: first every record, then every change since the listing began.

Nothing here asks for one record at a time: the number of queries depends on how many kinds there are on a page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper
from rest_framework.request import Request

from osint.changes.kinds import BY_LABEL, Kind
from osint.changes.position import Position, digest, mark_of, newest
from osint.history.models import Notice, What
from sources.audiences import told_to

PUT, GONE = "put", "gone"
Identified = tuple[Kind, str]


@dataclass
class Item:
    """What has become of one record: it is as shown, or gone; a listing tells no more than how it is."""

    kind: Kind
    identity: str
    record: Any = None
    what: str | None = None
    at: datetime | None = None

    @property
    def told(self) -> dict[str, Any]:
        """As it is sent; of what is gone nothing but its name."""
        named = {"kind": self.kind.name, "id": self.identity}
        if self.record is None:
            return {"op": GONE, **named}
        return {"op": PUT, **named, "what": self.what, "at": self.at, "record": self.record}


@dataclass
class Page:
    """What a reader is told at once, and how far that is."""

    items: list[Item]
    position: Position
    has_more: bool


@dataclass(frozen=True)
class Question:
    """Who asks, about which kinds of records, and whether with their evidence."""

    request: Request
    kinds: tuple[Kind, ...]
    evidence: bool
    size: int

    @property
    def digest(self) -> bytes:
        """What tells one question from another."""
        return digest(f"{self.evidence} {[kind.name for kind in self.kinds]}")

    def shown(self, wanted: Iterable[Identified]) -> dict[Identified, Any]:
        """Those of these records that the reader may see now."""
        by_kind: dict[Kind, list[str]] = {}
        for kind, identity in wanted:
            by_kind.setdefault(kind, []).append(identity)
        return {
            (kind, identity): record
            for kind, identities in by_kind.items()
            for identity, record in kind.shown(self.request, identities, evidence=self.evidence).items()
        }


def page(question: Question, position: Position | None) -> Page:
    """The page behind a position, or the first."""
    if position is None:
        # Before any record is read: what changes while they are listed is told afterwards.
        now = newest()
        position = Position(now.number, now.change, listing=0)
    return listed(question, position) if position.listing is not None else followed(question, position)


# Every record


def listed(question: Question, position: Position) -> Page:
    """Records by kind and key."""
    assert position.listing is not None  # noqa: S101 - asked for by whoever calls
    wanted: list[Identified] = []
    for number in range(position.listing, len(question.kinds)):
        kind, room = question.kinds[number], question.size - len(wanted)
        after = position.key if number == position.listing else 0
        rows = kind.seen_by(question.request).filter(pk__gt=after).order_by("pk")
        found = list(rows.values_list("pk", kind.identity)[: room + 1])
        wanted += [(kind, str(identity)) for _key, identity in found[:room]]
        if len(found) > room:
            key = found[room - 1][0] if room else 0
            return shown(question, wanted, Position(position.number, position.change, number, key), has_more=True)
    position = Position(position.number, position.change)
    return shown(question, wanted, position, has_more=told(question, position).exists())


def shown(question: Question, wanted: Sequence[Identified], position: Position, *, has_more: bool) -> Page:
    """A page of these records; one may have gone since it was found."""
    records = question.shown(wanted)
    items = [Item(*one, records[one]) for one in wanted if one in records]
    return Page(items, position, has_more)


# Every change


@dataclass
class Heard:
    """What the notices of a page tell of one record: whether it was seen before, and what became of it at last."""

    last: Notice | None = None
    was_seen: bool = False
    was_seen_last: bool = False

    def hear(self, notice: Any) -> None:
        """One more notice; a change may have several of one record, for readers of several sorts."""
        if self.last is None or self.last.change != notice.change:
            self.was_seen_last = False
        self.last = notice
        self.was_seen |= bool(notice.was_seen)  # nobody saw it: the database knows neither
        self.was_seen_last |= bool(notice.was_seen)

    @property
    def what(self) -> str:
        """What became of it for this reader: what was not seen before is new."""
        assert self.last is not None  # noqa: S101 - made by a notice
        return self.last.what if self.was_seen_last or self.last.what == What.PUBLISHED else What.CREATED


def followed(question: Question, position: Position) -> Page:
    """Changes in their order; several of one record are told as the last of them."""
    # First where this ends: what comes while the rest is read is told next time.
    end = newest()
    found = list(told(question, position).filter(number__lte=end.number)[: question.size + 1])
    has_more, notices = len(found) > question.size, found[: question.size]
    if has_more:
        end = Position(notices[-1].number, mark_of(notices[-1].change))
    heard: dict[Identified, Heard] = {}
    for notice in notices:
        one = (BY_LABEL[notice.model], notice.identity)
        # Last come, last told.
        heard[one] = record = heard.pop(one, Heard())
        record.hear(notice)
    return Page(list(items(question, heard)), end, has_more)


def told(question: Question, position: Position) -> Any:
    """The notices behind a position that the reader is told of, in their order."""
    reader = question.request.user
    before, after = told_to(reader, "before"), told_to(reader, "after")
    notices = Notice.objects.filter(number__gt=position.number, model__in=[kind.label for kind in question.kinds])
    was_seen = ExpressionWrapper(before, output_field=BooleanField())
    return notices.filter(before | after).annotate(was_seen=was_seen).order_by("number")


def items(question: Question, heard: dict[Identified, Heard]) -> Iterator[Item]:
    """What has become of these records: they are as shown, or gone; nothing, where they were not seen before either."""
    records = question.shown(heard)
    for one, record in heard.items():
        if one in records:
            assert record.last is not None  # noqa: S101 - made by a notice
            yield Item(*one, records[one], record.what, record.last.at)
        elif record.was_seen:
            yield Item(*one)


__all__ = ["GONE", "PUT", "Item", "Page", "Question", "page"]
