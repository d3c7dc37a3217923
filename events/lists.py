"""The list of events as the REST door sends it: pages as they are stored, and every other form of the whole."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as Refused

from events import shapes
from events.earlier.door import WithPast
from events.finding import parts_of
from events.listing import StoredPages
from events.serializers import EventEvidence
from events.stored.rows import COLUMNS
from osint.base.errors import unknown
from osint.base.keyset import Order
from osint.base.shapes.lists import OF_OTHERS, Listed
from osint.base.shapes.negotiation import CSV, GeoJSON, JSONLines
from osint.base.text import shown

INCLUDE = "include"
EVIDENCE = EventEvidence.Meta.fields


class EventLists(WithPast, Listed):
    """A list that goes from what is stored beside the events to the wire."""

    pagination_class = StoredPages
    forms: ClassVar[tuple[Any, ...]] = (JSONLines, CSV, GeoJSON)
    may_include = True

    def of_the_form(self) -> frozenset[str]:
        """Parameters of a list in the form that is asked for; a table has no room for evidence."""
        return super().of_the_form() | (frozenset() if self.form == "csv" else {INCLUDE})

    def of_other_forms(self) -> dict[str, Any]:
        """What to say of parameters that are not for this form; that of the evidence may be one."""
        told = super().of_other_forms()
        return told | {INCLUDE: OF_OTHERS} if self.action in self.lists else told

    def page(self) -> Any:
        """A page of events, as they are stored; where nothing else is made of them, it knows how it is read again."""
        pages: Any = self.paginator
        finished = self.finished()
        answer = pages.answer(finished(pages.of(self)))
        answer.again = pages.again if self.chosen().every and not self.includes() else None
        return answer

    def columns(self) -> Iterable[str]:
        """The fields of an event, or the columns of its row."""
        if self.action != "list":
            return super().columns()
        return COLUMNS if self.form == "csv" else chain(super().columns(), EVIDENCE if self.includes() else ())

    def sent(self, rows: Any, order: Order) -> Iterator[bytes]:
        """All events that answer, as they are stored."""
        place, most = self.start(order), self.most
        chunks, reader = shapes.keys_of(parts_of(rows), order, place, most), self.request.user
        match self.form:
            case "csv":
                return shapes.table(chunks, reader, self.chosen())
            case "geojson":
                return shapes.features(chunks, reader, self.finished())
        return shapes.lines(chunks, reader, self.finished())

    def finished(self) -> shapes.Finished:
        """What makes of stored events what is asked for of them."""
        chosen, includes, context = self.chosen(), self.includes(), self.get_serializer_context()

        def finish(held: list[bytes]) -> list[bytes]:
            texts = shapes.with_evidence(held, context) if includes else held
            return texts if chosen.every else [chosen.cut_text(text) for text in texts]

        return finish

    def includes(self) -> bool:
        """Whether the evidence is asked for too."""
        seen = self.request.query_params.get(INCLUDE)
        if seen not in {None, "evidence"}:
            sentence = _("“%(seen)s” is nothing to include.") % {"seen": shown(str(seen))}
            raise Refused({INCLUDE: [unknown(sentence, str(seen), ["evidence"])]})
        return seen is not None
