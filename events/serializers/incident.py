"""An event as REST shows and takes it: what is held, with places, actors and counts; in the detail the evidence too."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from events import entry, past, provenance, workflow
from events.choices import CitationRole, Credibility, Facet
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from events.serializers.evidence import VALUE, WORDS, Why, why
from events.withheld import withheld
from osint.base.errors import as_detail
from osint.base.inputs import OneOf, Verbatim, Whole
from osint.base.serializers import (
    ByIdentity,
    ModelFields,
    RecordSerializer,
    Refused,
    RowSerializer,
    StrictSerializer,
)
from sources.models import Report
from sources.serializers import RelayRow

STAMPS = ["created_at", "changed_at"]


class FactRow(RowSerializer):
    """A held fact, with the words it rests on where they are sent along."""

    quote = Verbatim(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=10_000,
        help_text=gettext_lazy("The words of “report” that state it; they become a claim."),
    )
    start = Whole(
        write_only=True, required=False, allow_null=True, min_value=0, help_text=gettext_lazy("Where the quote starts.")
    )
    proposal = Verbatim(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=200,
        help_text=gettext_lazy("The rule of the reading aid that proposed it, where one did."),
    )


class PlacementRow(FactRow):
    """Where."""

    class Meta:
        model = Placement
        fields: ClassVar = ["uuid", "site", "role", "basis", "reason", "quote", "start", "proposal"]


class InvolvementRow(FactRow):
    """Who."""

    class Meta:
        model = Involvement
        fields: ClassVar = ["uuid", "actor", "role", "basis", "reason", "quote", "start", "proposal"]


class CountRow(FactRow):
    """How many."""

    class Meta:
        model = Count
        fields: ClassVar = [
            "uuid", "measure", "party", "label", "label_ar", "low", "best", "high", "qualifier", "phrase", "basis",
            "reason", "quote", "start", "proposal",
        ]  # fmt: skip


class Quotes(StrictSerializer):
    """The words that state the type and the date."""

    what = Verbatim(required=False, allow_blank=True, max_length=10_000)
    what_start = Whole(required=False, allow_null=True, min_value=0)
    what_proposal = Verbatim(required=False, allow_blank=True, max_length=200)
    when = Verbatim(required=False, allow_blank=True, max_length=10_000)
    when_start = Whole(required=False, allow_null=True, min_value=0)
    when_proposal = Verbatim(required=False, allow_blank=True, max_length=200)


class EventBrief(Why, RecordSerializer):
    """An event in a list: what is held."""

    placements = PlacementRow(many=True, required=False)
    involvements = InvolvementRow(many=True, required=False)
    counts = CountRow(many=True, required=False)
    report = ByIdentity(
        queryset=Report.objects,
        write_only=True,
        required=False,
        help_text=gettext_lazy("UUID of the report that is entered; it becomes a citation."),
    )
    citation_role = OneOf(choices=CitationRole.choices, write_only=True, required=False)
    credibility = OneOf(choices=Credibility.choices, write_only=True, required=False)
    quotes = Quotes(
        write_only=True,
        required=False,
        help_text=gettext_lazy("The words of “report” that state the type and the date."),
    )

    assignee: Any = serializers.SlugRelatedField(
        slug_field="username",
        read_only=True,
        allow_null=True,
        help_text=gettext_lazy("Who works on it; for those who may change it."),
    )

    guarded: ClassVar = {"assignee": "events.change_event", "is_sent_back": "events.change_event"}
    rows: ClassVar = {
        "placements": ("site", "role"),
        "involvements": ("actor", "role"),
        "counts": ("measure", "party", "label"),
    }
    set_elsewhere: ClassVar = {
        "status": gettext_lazy("The status is moved by POST to …/submit/, …/send-back/, …/publish/ and so on."),
        "merged_into": gettext_lazy("Send it as “into” by POST to …/merge/."),
        "assignee": gettext_lazy("Send it as “to” by POST to …/assign/."),
        "is_sent_back": gettext_lazy("An event is sent back by POST to …/send-back/."),
        "reference": gettext_lazy("The reference is given once, by the database. Leave it out."),
        "earliest": gettext_lazy("“earliest” is worked out from “when”. Send “when”."),
        "latest": gettext_lazy("“latest” is worked out from “when”. Send “when”."),
        "retraction_reason": gettext_lazy("Send it as “reason” by POST to …/retract/."),
        "citations": gettext_lazy("Cite a report with “report”, or at /api/v1/citations/."),
        "agrees": gettext_lazy("Whether a claim agrees is worked out. Leave it out."),
    }

    class Meta:
        model = Event
        fields: ClassVar = [
            "uuid", "reference", "status", "tlp", "type", "type_basis", "type_reason", "when", "when_phrase",
            "earliest", "latest", "when_basis", "when_reason", "summary_en", "summary_ar", "is_aggregate",
            "placements", "involvements", "counts", "version", "published_at", "retraction_reason", *STAMPS,
            # What depends on the reader stands last, so that the rest can be kept as text (``events.stored``).
            "part_of", "merged_into", "assignee", "is_sent_back",
            "report", "citation_role", "credibility", "quotes", "correction_reason", "correction_report",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "uuid", "reference", "status", "earliest", "latest", "version", "published_at", "retraction_reason",
            "merged_into", "is_sent_back", *STAMPS,
        ]  # fmt: skip

    def validate(self, attrs: Any) -> Any:
        """Words need the report that they are from."""
        attrs = super().validate(attrs)
        entered = [name for name in ("citation_role", "credibility", "quotes") if name in attrs]
        entered += [name for name in self.rows for row in attrs.get(name, []) if "quote" in row]
        if entered and "report" not in attrs:
            raise Refused(
                {"report": [_("“%(name)s” speaks of a report. Send its UUID as “report”.") % {"name": entered[0]}]}
            )
        return attrs

    def write(self, record: Any, values: dict[str, Any]) -> None:
        """Store what is held and the words it rests on, with the whole event checked afterwards."""
        with workflow.changing(record, self.user, **why(values)):
            # Read again under the lock: another writer may have been here since the record was found.
            event = Event.objects.get(pk=record.pk) if record.pk else record
            self.enter(event, values)

    def enter(self, event: Event, values: dict[str, Any]) -> None:
        """The event, its citation, and the claims of what was entered."""
        report, quotes = values.pop("report", None), values.pop("quotes", {})
        cited = {"role": values.pop("citation_role", None), "credibility": values.pop("credibility", None)}
        rows = {name: values.pop(name) for name in self.rows if name in values}
        earlier = Citation.objects.filter(event=event, report=report).first() if event.pk and report else None
        formers = {facet: entry.claim_for(earlier, facet, event) for facet in (Facet.WHAT, Facet.WHEN)}
        super().write(event, values)
        if report is not None:
            self.citation = entry.cite(
                event, report, **{name: value for name, value in cited.items() if value is not None}
            )
        self.state_whole(event, quotes, formers)
        for name, items in rows.items():
            self.replace(event, name, items)

    def state_whole(self, event: Event, quotes: dict[str, Any], formers: dict[Facet, Claim | None]) -> None:
        """Claims of the type and the date, of which an event has one each."""
        for facet, former in formers.items():
            if facet not in quotes:
                continue
            try:
                place, proposal = quotes.get(f"{facet}_start"), quotes.get(f"{facet}_proposal", "")
                entry.state(self.citation, facet, event, quotes[facet], place, former, proposal)
            except ValidationError as error:
                raise Refused({"quotes": {facet.value: said(error)}}) from error

    def keep_row(self, row: Any, item: dict[str, Any]) -> None:
        """A fact, and its claim where words were sent."""
        quote, start, proposal = item.pop("quote", None), item.pop("start", None), item.pop("proposal", "")
        facet = entry.FACET_OF[type(row)]
        former = entry.claim_for(self.citation, facet, row) if quote is not None else None
        super().keep_row(row, item)
        if quote is not None:
            entry.state(self.citation, facet, row, quote, start, former, proposal)


def said(error: ValidationError) -> list[str]:
    """All sentences about a claim, whichever of its columns they are about."""
    return [sentence for sentences in as_detail(error).values() for sentence in sentences]


class ClaimInEvent(ModelFields):
    """A claim under its citation, and whether it says what the event holds."""

    agrees = serializers.BooleanField(read_only=True, help_text=gettext_lazy("Whether it says what the event holds."))

    class Meta:
        model = Claim
        fields: ClassVar = ["uuid", "facet", *VALUE, *WORDS, "agrees"]
        read_only_fields: ClassVar = fields


class ReportInEvent(ModelFields):
    """The report that is cited, and whom it relays."""

    relays = RelayRow(many=True, read_only=True)

    class Meta:
        model = Report
        fields: ClassVar = ["uuid", "title", "source", "published_on", "language", "url", "archived_url", "relays"]
        read_only_fields: ClassVar = fields


class CitationInEvent(ModelFields):
    """A report's part in the event, with its claims."""

    withheld = serializers.BooleanField(
        read_only=True,
        default=False,
        help_text=gettext_lazy("Whether the reader may not see the report: then no words, and nobody who says them."),
    )
    report = ReportInEvent(read_only=True, allow_null=True)
    claims = ClaimInEvent(many=True, read_only=True)

    class Meta:
        model = Citation
        fields: ClassVar = ["uuid", "withheld", "report", "role", "credibility", "note", "claims"]
        read_only_fields: ClassVar = fields


class WithheldInEvent(CitationInEvent):
    """The part of a report that the reader may not see."""

    withheld = serializers.SerializerMethodField()  # type: ignore[assignment]
    report = serializers.SerializerMethodField()  # type: ignore[assignment]

    def get_withheld(self, _citation: Citation) -> bool:
        """So it is."""
        return True

    def get_report(self, _citation: Citation) -> None:
        """Nothing is said of it."""


class WithEvidence(StrictSerializer):
    """Mixin: what an event rests on, as this reader may see it."""

    citations = CitationInEvent(many=True, read_only=True, source="cited")
    origins = serializers.ListField(
        child=serializers.SlugField(),
        read_only=True,
        help_text=gettext_lazy("The independent sources behind it, by slug."),
    )
    parts = ByIdentity(many=True, read_only=True)

    def to_representation(self, instance: Any) -> Any:
        """The event, with what is computed from its evidence; of many, their origins are worked out together."""
        holders = [(facet, holder) for facet, holder, *_rest in provenance.held(instance)]
        for claim in provenance.claims_of(instance):
            claim.agrees = any(provenance.agrees(claim, facet, holder) for facet, holder in holders)  # type: ignore[attr-defined]
        instance.cited = provenance.citations_of(instance)
        origins = self.context.get("origins") or provenance.origins_of([instance], self.user)
        instance.origins = [source.slug for source in origins[instance.pk]]
        shown = super().to_representation(instance)
        shown["citations"] += WithheldInEvent(withheld(instance), many=True, context=self.context).data
        return shown


class EventEvidence(WithEvidence, ModelFields):
    """What an event rests on, for lists that are asked for it."""

    class Meta:
        model = Event
        fields: ClassVar = ["parts", "origins", "citations"]


class EventSerializer(WithEvidence, EventBrief):
    """An event with its evidence."""

    missing = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=gettext_lazy("What stands between it and publication; for those who may change it."),
    )
    as_of = serializers.DateTimeField(
        read_only=True,
        required=False,
        source="past.moment",
        help_text=gettext_lazy("The past moment that was asked for: this is what was held then, not now."),
    )
    guarded: ClassVar = EventBrief.guarded | {"missing": "events.change_event"}
    sometimes: ClassVar = {"as_of"}

    class Meta(EventBrief.Meta):
        fields: ClassVar = [*EventBrief.Meta.fields, "parts", "origins", "citations", "missing", "as_of"]

    def to_representation(self, instance: Any) -> Any:
        """The event, with what it lacks."""
        # What is missing is asked of all evidence: nothing is unsupported because its support is not for this reader.
        whole = instance
        if withheld(instance) and self.user.has_perm(self.guarded["missing"]):
            whole = past.everything(instance) or workflow.whole(instance)
        instance.missing = provenance.missing(whole)
        return super().to_representation(instance)
