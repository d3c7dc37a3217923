"""Citations, claims and corrections as REST shows and takes them.

What is written here goes through ``workflow.changing``: the whole event is checked, and a published one keeps a
correction.
"""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from events import workflow
from events.models import Citation, Claim, Correction
from events.querysets import sees_drafts
from osint.base.inputs import Verbatim
from osint.base.serializers import ByIdentity, RecordSerializer
from sources.models import Report
from sources.serializers import QuotedSerializer

STAMPS = ["created_at", "changed_at"]
VALUE = [
    "type", "when", "when_phrase", "earliest", "latest", "site", "site_role", "actor", "actor_role", "measure", "party",
    "low", "best", "high", "qualifier", "phrase", "label", "label_ar",
]  # fmt: skip
WORDS = ["quote", "start", "end", "standing", "standing_reason", "proposal"]


class Why(serializers.Serializer[Any]):
    """Why a published event is corrected, and on whose word."""

    correction_reason = Verbatim(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=5_000,
        help_text=_("Why it is corrected; needed once it was published."),
    )
    correction_report = ByIdentity(
        queryset=Report.objects,
        write_only=True,
        required=False,
        allow_null=True,
        help_text=_("UUID of the report behind the correction."),
    )


def why(values: dict[str, Any]) -> dict[str, Any]:
    """The reason and report of a correction, taken out of what was sent, as ``workflow.changing`` wants them."""
    return {"reason": values.pop("correction_reason", ""), "report": values.pop("correction_report", None)}


class CitationSerializer(Why, RecordSerializer):
    """A report's part in an event."""

    fixed: ClassVar = frozenset({"event", "report"})

    class Meta:
        model = Citation
        fields: ClassVar = [
            "uuid",
            "event",
            "report",
            "role",
            "credibility",
            "note",
            *STAMPS,
            "correction_reason",
            "correction_report",
        ]
        read_only_fields: ClassVar = ["uuid", *STAMPS]

    def write(self, record: Any, values: dict[str, Any]) -> None:
        """Store it, with the whole event checked afterwards."""
        with workflow.changing(values.get("event") or record.event, self.user, **why(values)):
            super().write(record, values)


class ClaimSerializer(Why, QuotedSerializer):
    """What one report says about one facet of an event."""

    event = ByIdentity(source="citation.event", read_only=True)
    report = ByIdentity(source="citation.report", read_only=True)
    fixed: ClassVar = frozenset({"citation", "facet"})
    set_elsewhere: ClassVar = {
        "event": _("A claim belongs to the event of its citation. Send “citation”."),
        "report": _("A claim belongs to the report of its citation. Send “citation”."),
        "earliest": _("“earliest” is worked out from “when”. Send “when”."),
        "latest": _("“latest” is worked out from “when”. Send “when”."),
    }

    class Meta:
        model = Claim
        fields: ClassVar = [
            "uuid", "citation", "event", "report", "facet", *VALUE, *WORDS, *STAMPS, "correction_reason",
            "correction_report",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "earliest", "latest", *STAMPS]

    def write(self, record: Any, values: dict[str, Any]) -> None:
        """Store it, with the whole event checked afterwards."""
        citation = values.get("citation") or record.citation
        with workflow.changing(citation.event, self.user, **why(values)):
            super().write(record, values)


class CorrectionSerializer(RecordSerializer):
    """A change to what we held after publication."""

    made_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    guarded: ClassVar = {"made_by": "events.view_correction"}

    class Meta:
        model = Correction
        fields: ClassVar = ["uuid", "event", "before", "after", "reason", "report", "made_at", "made_by"]
        read_only_fields: ClassVar = fields

    def to_representation(self, instance: Any) -> Any:
        """The correction; which event this one was part of only for those who see that event, whatever its status."""
        shown = super().to_representation(instance)
        if not sees_drafts(self.user):
            for side in ("before", "after"):
                shown[side] = {name: value for name, value in shown[side].items() if name != "part_of"}
        return shown
