"""The list of a moment, in its order, from any place on: what has not changed since, and what has."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from events import finding
from events.choices import Status
from events.earlier.answering import answers
from events.earlier.held import Held
from events.models import Count, Event, Involvement, Placement
from events.past import PARAMETER, Telling
from events.querysets import sees_drafts
from events.serializers import EventBrief
from events.shapes import identity_in
from events.shelves import first_of
from events.stored import documents
from osint.base.cursors import Place
from osint.base.keyset import Order, order_of
from osint.base.wire import dumps
from osint.history import past
from osint.history.models import Entry, Value

if TYPE_CHECKING:
    from sources.querysets import Reader

MOST = 3_000  # events that have changed since, which are put together from the history
SHOWN = (Event, Placement, Involvement, Count)
LABEL = Event._meta.label_lower


class Hit(NamedTuple):
    """An event in the list: where it stands, its key, and whether it has changed since."""

    place: tuple[Any, ...]
    key: int
    has_changed: bool


class Earlier:
    """The events that answered a question at a moment."""

    def __init__(self, filterset: Any, moment: datetime, reader: "Reader") -> None:
        self.filterset, self.moment, self.reader = filterset, moment, reader
        self.seq = past.last_by(moment)
        found = finding.found(filterset, reader)
        order = order_of(found)
        assert order is not None  # noqa: S101 - by relevance nothing is asked of the past
        self.order: Order = order
        self.parts = [self.unchanged(part) for part in finding.parts_of(found)]
        self.rows = self.unchanged(found)
        self.changed = self.among(self.keys_of_changed())

    # What there is

    def answering(self) -> QuerySet[Any]:
        """The events that the reader may see now, at whose own address something answers."""
        rows = Event.objects.visible_to(self.reader)
        return rows.filter(Q(merged_into=None) | Q(merged_into__in=Event.objects.visible_to(self.reader).order_by()))

    def unchanged(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Of these events those of which the history tells, and nothing since."""
        told = Entry.objects.filter(root_model=LABEL, root_key=OuterRef("pk")).order_by("-seq").values("seq")[:1]
        rows = rows.alias(last=Subquery(told)).filter(last__lte=self.seq)
        if "status" not in self.filterset.sent and "status!" not in self.filterset.sent:
            return rows  # none that was merged
        if not sees_drafts(self.reader):
            return rows.exclude(status=Status.MERGED)
        seen = Event.objects.visible_to(self.reader).order_by()
        return rows.filter(~Q(status=Status.MERGED) | Q(merged_into__in=seen))

    def keys_of_changed(self) -> list[int]:
        """The events that have changed since; too many are refused."""
        since = Entry.objects.filter(root_model=LABEL, seq__gt=self.seq).order_by().values("root_key")
        there = Entry.objects.filter(root_model=LABEL, root_key=OuterRef("pk")).order_by("seq").values("seq")[:1]
        rows = self.answering().order_by().alias(first=Subquery(there)).filter(pk__in=since, first__lte=self.seq)
        keys = list(rows.values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            sentence = _(
                "More than %(most)d of the events have changed since then, too many to look up at once. Send a later "
                "moment, or read single events at their own addresses with as_of."
            )
            raise ValidationError({PARAMETER: sentence % {"most": MOST}})
        return keys

    def among(self, keys: list[int]) -> list[Hit]:
        """Those of these events that answered then, in the order of the list."""
        asked = self.filterset
        kinds = {one.through for one in asked.sent.values() if one.through is not None}
        held = Held(keys, self.seq, self.reader, kinds)
        stands = not ({"status", "status!"} & set(asked.sent))
        hits = [
            Hit(self.place(event), key, True)
            for key, event in held.events.items()
            if not (stands and event.status in {Status.RETRACTED, Status.MERGED}) and answers(asked, event, held.of)
        ]
        return sorted(hits, reverse=self.order.terms[0].descending)

    def place(self, event: Event) -> tuple[Any, ...]:
        """Where the event stood."""
        if self.order.columns == ["newest"]:
            return ((first_of(event.latest) if event.latest else 0) + event.pk,)
        return event.changed_at, event.pk

    # Reading it

    @property
    def count(self) -> int:
        """How many there are."""
        return self.rows.count() + len(self.changed)

    def hits(self, place: Place | None, most: int) -> list[Hit]:
        """The first events from a place on, or before it in the opposite order."""
        backwards = place is not None and place.before
        hits = [hit for hit in self.changed if place is None or self.lies_beyond(hit, place)]
        for part in self.parts:
            rows = self.order.page(part, place).values_list("pk", *self.order.columns)[:most]
            hits += [Hit(tuple(at), key, False) for key, *at in rows]
        return sorted(hits, reverse=self.order.terms[0].descending ^ backwards)[:most]

    def lies_beyond(self, hit: Hit, place: Place) -> bool:
        """Whether the event stands behind the place, or before it where that is asked for."""
        descends = self.order.terms[0].descending ^ place.before
        compared: Any = (le if place.including else lt) if descends else (ge if place.including else gt)
        return bool(compared(hit.place, place.values))

    def place_of(self, condition: Q) -> Place | None:
        """The place of one event in the list; none where it is not there."""
        key = self.answering().filter(condition).values_list("pk", flat=True).first()
        if hit := next((hit for hit in self.changed if hit.key == key), None):
            return Place(hit.place)
        found = self.rows.filter(pk=key).values_list(*self.order.columns).first()
        return Place(tuple(found)) if found else None

    def texts(self, hits: Sequence[Hit], context: Mapping[str, Any]) -> list[bytes]:
        """What the list shows of each of these events, as JSON."""
        texts = self.told([hit.key for hit in hits if hit.has_changed], context)
        texts |= stored([hit.key for hit in hits if not hit.has_changed], self.reader)
        return [texts[hit.key] for hit in hits if hit.key in texts]

    def told(self, keys: list[int], context: Mapping[str, Any]) -> dict[int, bytes]:
        """What was held of these events."""
        if not keys:
            return {}
        labels = [model._meta.label_lower for model in SHOWN]
        about = Value.objects.filter(entry__root_model=LABEL, entry__root_key__in=keys, entry__lte=self.seq)
        states = past.replayed(past.told(about.filter(entry__model__in=labels)))
        events = Telling(states, self.seq, self.reader).briefs(keys)
        shown = EventBrief(events, many=True, context=context).data
        return {event.pk: dumps(dict(one)) for event, one in zip(events, shown, strict=True)}


def stored(keys: list[int], reader: "Reader") -> dict[int, bytes]:
    """What is held of these events still."""
    if not keys:
        return {}
    names = {str(uuid): key for uuid, key in Event.objects.filter(pk__in=keys).order_by().values_list("uuid", "pk")}
    return {names[identity_in(text)]: text for text in documents.read(keys, reader)}
