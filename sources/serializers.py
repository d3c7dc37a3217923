"""Sources, reports and relays as REST shows and takes them."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from osint.base.serializers import RecordSerializer
from sources.models import Relay, Report, Source


class QuotedSerializer(RecordSerializer):
    """A record that quotes a report: new words are looked up in its text anew, unless their place is sent along."""

    def validate(self, attrs: Any) -> Any:
        """Forget the place of the former words."""
        attrs = super().validate(attrs)
        if {"quote", "start"} & set(attrs):
            return {"end": None} | ({} if "start" in attrs else {"start": None}) | attrs
        return attrs


class SourceSerializer(RecordSerializer):
    """A source."""

    fixed: ClassVar = frozenset({"slug"})

    class Meta:
        model = Source
        fields: ClassVar = [
            "slug", "name_en", "name_ar", "kind", "reliability", "reliability_reason", "homepage", "note",
            "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["created_at", "changed_at"]


class RelayRow(RecordSerializer):
    """A relay as its report shows it."""

    class Meta:
        model = Relay
        fields: ClassVar = ["uuid", "relayed_source", "relayed_report", "quote", "start", "end"]
        read_only_fields: ClassVar = fields


class ReportBrief(RecordSerializer):
    """A report in a list: all but its text, which can have two million characters."""

    assignee = serializers.SlugRelatedField(
        slug_field="username", queryset=get_user_model()._default_manager.all(), required=False, allow_null=True
    )
    guarded: ClassVar = {"note": "sources.change_report", "assignee": "sources.change_report"}
    set_elsewhere: ClassVar = {
        "sha256": _("“sha256” is worked out from the text. Leave it out, and compare it in the answer."),
        "relays": _("Relays are entered at /api/v1/relays/."),
    }

    class Meta:
        model = Report
        fields: ClassVar = [
            "uuid", "source", "title", "language", "url", "archived_url", "published_on", "published_note",
            "accessed_on", "tlp", "status", "assignee", "updates", "note", "sha256", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "sha256", "created_at", "changed_at"]


class ReportSerializer(ReportBrief):
    """A report with its text and whom it relays."""

    relays = RelayRow(many=True, read_only=True)

    class Meta(ReportBrief.Meta):
        fields: ClassVar = [*ReportBrief.Meta.fields, "text", "translation", "relays"]


class RelaySerializer(QuotedSerializer):
    """A relay."""

    fixed: ClassVar = frozenset({"report"})

    class Meta:
        model = Relay
        fields: ClassVar = [
            "uuid",
            "report",
            "relayed_source",
            "relayed_report",
            "quote",
            "start",
            "end",
            "created_at",
            "changed_at",
        ]
        read_only_fields: ClassVar = ["uuid", "created_at", "changed_at"]
