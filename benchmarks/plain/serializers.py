"""Nested serializers, written as the handbook of REST framework writes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from benchmarks.floor.shown import COUNTED, WORDED
from events import provenance
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from events.serializers.evidence import VALUE, WORDS
from events.withheld import WORDS as SILENT
from sources.models import Relay, Report


class Slug(serializers.SlugRelatedField[Any]):
    """A related record by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="slug", read_only=True, **kwargs)


class Seen(serializers.SlugRelatedField[Any]):
    """A related event or report by its UUID, where the public sees it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="uuid", read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """The record, or nothing."""
        found: Any = super().get_attribute(instance)
        shown = found is not None and found.tlp == "CLEAR" and getattr(found, "shelf", 10) in {10, 15}
        return found if shown else None

    def use_pk_only_optimization(self) -> bool:
        """The mark is needed."""
        return False


class PlacementSerializer(serializers.ModelSerializer[Placement]):
    """Where."""

    site = Slug()

    class Meta:
        model = Placement
        fields: ClassVar = ["uuid", "site", "role", "basis", "reason"]


class InvolvementSerializer(serializers.ModelSerializer[Involvement]):
    """Who."""

    actor = Slug()

    class Meta:
        model = Involvement
        fields: ClassVar = ["uuid", "actor", "role", "basis", "reason"]


class CountSerializer(serializers.ModelSerializer[Count]):
    """How many."""

    measure, party = Slug(), Slug()

    class Meta:
        model = Count
        fields: ClassVar = ["uuid", "measure", "party", *COUNTED]


class EventSerializer(serializers.ModelSerializer[Event]):
    """An event in a list."""

    type = Slug()
    placements = PlacementSerializer(many=True)
    involvements = InvolvementSerializer(many=True)
    counts = CountSerializer(many=True)
    part_of, merged_into = Seen(), Seen()

    class Meta:
        model = Event
        fields: ClassVar = [
            "uuid", "reference", "status", "tlp", "type", "type_basis", "type_reason", *WORDED, "is_aggregate",
            "placements", "involvements", "counts", "version", "published_at", "retraction_reason", "created_at",
            "changed_at", "part_of", "merged_into",
        ]  # fmt: skip


class RelaySerializer(serializers.ModelSerializer[Relay]):
    """Whom a report relays."""

    relayed_source, relayed_report = Slug(), Seen()

    class Meta:
        model = Relay
        fields: ClassVar = ["uuid", "relayed_source", "relayed_report", "quote", "start", "end", "version"]


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report that is cited."""

    source: Any = Slug()
    relays = RelaySerializer(many=True)

    class Meta:
        model = Report
        fields: ClassVar = ["uuid", "title", "source", "published_on", "language", "url", "archived_url", "relays"]


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """What a report says of one thing."""

    type, site, actor, measure, party = Slug(), Slug(), Slug(), Slug(), Slug()
    agrees = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields: ClassVar = ["uuid", "facet", *VALUE, *WORDS, "agrees"]

    def get_agrees(self, claim: Claim) -> bool:
        """Whether it says what the event holds."""
        return any(provenance.agrees(claim, facet, holder) for facet, holder in self.context["held"])


class CitationSerializer(serializers.ModelSerializer[Citation]):
    """A report's part in the event."""

    withheld = serializers.SerializerMethodField()
    report = ReportSerializer()
    claims = ClaimSerializer(many=True)

    class Meta:
        model = Citation
        fields: ClassVar = ["uuid", "withheld", "report", "role", "credibility", "note", "claims"]

    def get_withheld(self, citation: Citation) -> bool:
        """Whether the public may not see the report."""
        return citation.report.tlp != "CLEAR"

    def to_representation(self, instance: Citation) -> Any:
        """Without words where it may not."""
        shown = super().to_representation(instance)
        if shown["withheld"]:
            shown["report"] = None
            shown["claims"] = [claim | SILENT for claim in shown["claims"]]
        return shown


class DetailSerializer(EventSerializer):
    """An event in full."""

    parts = serializers.SerializerMethodField()
    origins = serializers.SerializerMethodField()
    citations = serializers.SerializerMethodField()

    class Meta(EventSerializer.Meta):
        fields: ClassVar = [*EventSerializer.Meta.fields, "parts", "origins", "citations"]

    def get_parts(self, event: Event) -> list[str]:
        """Its parts, by UUID."""
        return [str(part.uuid) for part in event.parts.filter(shelf__in=[10, 15])]

    def get_origins(self, event: Event) -> list[str]:
        """The independent sources behind it."""
        return [source.slug for source in provenance.origins(event, self.context["reader"])]

    def get_citations(self, event: Event) -> Any:
        """Its citations and those of its duplicates, those that are withheld last."""
        cited = sorted(provenance.citations_of(event), key=lambda one: one.report.tlp != "CLEAR")
        held = [(facet, holder) for facet, holder, *_rest in provenance.held(event)]
        return CitationSerializer(cited, many=True, context={"held": held}).data
