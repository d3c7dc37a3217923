"""The list of events in the formats of the field, beside those that lists have anyway."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as Refused

from events import shapes
from events.api import EventViewSet
from events.finding import parts_of
from events.lists import EventLists
from events.past import PARAMETER
from osint.base.keyset import Order
from osint.base.shapes.lists import OF_THE_WHOLE
from osint.base.shapes.negotiation import Form, Streamed
from osint.standards import asking
from osint.standards.forms import FORMS


@dataclass(frozen=True)
class TableForm(Form):
    """A table whose own media type is for asking alone: whoever gets it, gets CSV."""

    @property
    def content_type(self) -> str:
        """What the answer says of itself."""
        return "text/csv; charset=utf-8; header=present"


TEXT = {"type": "string"}


class AcledTable(Streamed):
    """A table with the columns of ACLED."""

    form = TableForm("acled.csv", "application/vnd.acled+csv")
    media_type, format = form.media_type, "acled"
    schema: ClassVar = TEXT | {"description": "A table (RFC 4180) with the 31 columns of ACLED: docs/formats.md."}


class GedTable(Streamed):
    """A table with the columns of UCDP GED."""

    form = TableForm("ged.csv", "application/vnd.ucdp.ged+csv")
    media_type, format = form.media_type, "ged"
    schema: ClassVar = TEXT | {"description": "A table (RFC 4180) with the 41 columns of UCDP GED: docs/formats.md."}


class StixBundle(Streamed):
    """A bundle of STIX 2.1."""

    form = Form("stix.json", "application/stix+json", parameters=";version=2.1")
    media_type, format = form.media_type, "stix"
    schema: ClassVar = {
        "type": "object",
        "description": "A bundle of STIX 2.1: docs/formats.md.",
        "required": ["type", "id", "objects"],
        "properties": {
            "type": {"type": "string", "enum": ["bundle"]},
            "id": TEXT,
            "objects": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
        },
    }


class Events(EventViewSet):
    """Incidents; the detail has every claim with its quote, report and origins."""

    forms: ClassVar = (*EventLists.forms, AcledTable, GedTable, StixBundle)

    def of_the_form(self) -> frozenset[str]:
        """Parameters of a list in the form that is asked for; these have all their columns, or none."""
        return OF_THE_WHOLE if self.form in FORMS else super().of_the_form()

    def earlier(self) -> Any:
        """As it stood at a moment, where the form can say so."""
        if self.form in FORMS:
            told = _("This format tells of events as they are now. Leave this out, or ask for another format.")
            raise Refused({PARAMETER: [told]})
        return super().earlier()

    def sent(self, rows: Any, order: Order) -> Iterator[bytes]:
        """All events that answer."""
        if self.form not in FORMS:
            return super().sent(rows, order)
        place, most = self.start(order), self.most
        chunks, reader = shapes.keys_of(parts_of(rows), order, place, most), self.request.user
        return FORMS[self.form](reader).pieces(asking.with_evidence(chunks, reader))
