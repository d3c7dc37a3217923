"""The list of a moment as the REST door sends it, in every form."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as Refused
from rest_framework.request import Request

from events.earlier.answering import check, moment
from events.earlier.listing import Earlier, Hit
from events.filters import EventFilters
from events.listing import StoredPages
from events.models import Site
from events.past import PARAMETER
from events.shapes import identity_in
from events.stored.rows import COLUMNS, LINKS, row
from osint.base import conditional
from osint.base.cursors import Place
from osint.base.pagination import asked
from osint.base.shapes import csv, geojson
from osint.base.shapes.choosing import Chosen
from osint.base.shapes.geojson import Spot
from osint.base.shapes.lists import Listed
from osint.base.shapes.streaming import FIRST, FURTHER, streamed
from osint.base.text import shown

AFTER, INCLUDE = "after", "include"
Texts = list[bytes]
Hits = Iterable[list[Hit]]


class WithPast(Listed):
    """Mixin: a list of events that can be asked for as it stood at a moment."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """As ever; with a moment, as it stood then. The past has no tag: what may be seen of it is asked each time."""
        if PARAMETER not in request.query_params:
            return super().list(request, *args, **kwargs)
        earlier = self.earlier()
        return conditional.varied(self.page_then(earlier) if self.form == "json" else self.whole_then(earlier))

    def earlier(self) -> Earlier:
        """The events that answered then; what cannot be asked of the past is refused."""
        sent = self.request.query_params
        filterset = EventFilters(sent, request=self.request)
        if not filterset.is_valid():
            raise Refused(filterset.errors)
        try:
            check(filterset.sent)
            if INCLUDE in sent:
                raise ValidationError({INCLUDE: _("Of the past the evidence is read event by event. Leave this out.")})
            return Earlier(filterset, moment(sent[PARAMETER]), self.request.user)
        except ValidationError as error:
            raise Refused(error.message_dict) from error

    def page_then(self, earlier: Earlier) -> Any:
        """A page of it."""
        pages = StoredPages()
        pages.asked = asked(self.request, earlier.order)
        pages.count = earlier.count if pages.asked.counts else None
        hits = earlier.hits(pages.asked.place, pages.asked.size + 1)
        found, pages.ways = pages.asked.turned(hits, lambda hit: hit.place)
        chosen = self.chosen()
        return pages.answer([chosen.cut_text(text) for text in earlier.texts(found, self.get_serializer_context())])

    def whole_then(self, earlier: Earlier) -> Any:
        """All of it."""
        form: Any = self.request.accepted_renderer.form  # type: ignore[attr-defined]
        place, most, chosen = self.start_then(earlier), self.most, self.chosen()
        sent = self.sent_then(earlier, some(earlier, place, most), chosen)
        return streamed(self.request, sent, form.content_type, f"events.{form.name}")

    def sent_then(self, earlier: Earlier, found: Hits, chosen: Chosen) -> Iterator[bytes]:
        """The bytes of it."""
        context = self.get_serializer_context()
        texts = (earlier.texts(hits, context) for hits in found)
        if self.form == "geojson":
            yield from geojson.collection(feature for held in texts for feature in features(held, chosen))
            return
        if self.form == "csv":
            yield csv.head(chosen.names).encode()
        for held in texts:
            yield table(held, chosen) if self.form == "csv" else lines(held, chosen)

    def start_then(self, earlier: Earlier) -> Place | None:
        """The place behind the event that whoever goes on has received last."""
        text = self.request.query_params.get(AFTER)
        if text is None:
            return None
        found = earlier.place_of(self.named(text))
        if found is None:
            told = _("There is no record “%(name)s” here to go on after. Send what the last row says of itself.")
            raise Refused({AFTER: [told % {"name": shown(text)}]})
        return found


def lines(held: Texts, chosen: Chosen) -> bytes:
    """These events as JSON Lines."""
    return b"".join([chosen.cut_text(text) + b"\n" for text in held])


def table(held: Texts, chosen: Chosen) -> bytes:
    """These events as rows of a table."""
    events = [orjson.loads(text) for text in held]
    points, places = points_of(events), [COLUMNS.index(name) for name in chosen.names]
    rows = [row(event, points[event["uuid"]]) + links(event) for event in events]
    return "".join([(one if chosen.every else csv.picked(one, places)) + csv.END for one in rows]).encode()


def features(held: Texts, chosen: Chosen) -> Iterator[bytes]:
    """These events at the points of their places."""
    points = points_of([orjson.loads(text) for text in held])
    for text in held:
        yield geojson.feature(identity_in(text), points[identity_in(text)], chosen.cut_text(text))


def some(earlier: Earlier, place: Place | None, most: int) -> Iterator[list[Hit]]:
    """So many of the events, some at a time: few at first, so that something comes soon."""
    size = FIRST
    while most and (hits := earlier.hits(place, min(size, most))):
        yield hits
        place, most, size = Place(hits[-1].place), most - len(hits), FURTHER


def links(event: dict[str, Any]) -> str:
    """The last cells of an event."""
    return "".join(f",{event[name] or ''}" for name in LINKS)


def points_of(events: list[dict[str, Any]]) -> dict[str, list[Spot]]:
    """For each event the points of its places, as they are now, in their order and each once."""
    slugs = {placed["site"] for event in events for placed in event["placements"]}
    sites = Site.objects.filter(slug__in=slugs, latitude__isnull=False).order_by()
    rows: Any = sites.values_list("slug", "longitude", "latitude", "precision_m")
    spots = {slug: Spot(*at) for slug, *at in rows}
    found: dict[str, list[Spot]] = {}
    for event in events:
        placed = [spots[one["site"]] for one in event["placements"] if one["site"] in spots]
        found[event["uuid"]] = list({spot[:2]: spot for spot in reversed(placed)}.values())[::-1]
    return found
