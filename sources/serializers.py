"""Sources, reports and relays as REST shows and takes them."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from osint.base.judging_api import JudgementSerializer, TwinSerializer, TwinsSerializer
from osint.base.serializers import ModelFields, RecordSerializer
from sources.models import Attachment, PassageNote, Relay, Report, ReportJudgement, Source


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


class AttachmentRow(ModelFields):
    """A file as its report shows it."""

    address = serializers.SerializerMethodField(help_text=_("Where its bytes are."))

    class Meta:
        model = Attachment
        fields: ClassVar = ["uuid", "name", "media_type", "size", "sha256", "address"]
        read_only_fields: ClassVar = fields

    def get_address(self, attachment: Attachment) -> str:
        """The file's own address."""
        return reverse("attachment", args=[attachment.uuid])


class AttachmentSerializer(RecordSerializer, AttachmentRow):
    """A file of a report, with its bytes where it is new."""

    file = serializers.FileField(write_only=True, help_text=_("The bytes, as multipart/form-data."))
    fixed: ClassVar = frozenset({"report"})

    class Meta:
        model = Attachment
        fields: ClassVar = [
            "uuid", "report", "name", "media_type", "size", "sha256", "address", "file", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "media_type", "size", "sha256", "created_at", "changed_at"]
        extra_kwargs: ClassVar = {"name": {"required": False}}


class PassageNoteSerializer(QuotedSerializer):
    """A passage that becomes no incident, with what there is to say of it."""

    created_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    fixed: ClassVar = frozenset({"report"})

    class Meta:
        model = PassageNote
        fields: ClassVar = [
            "uuid", "report", "kind", "quote", "start", "end", "text", "created_at", "changed_at", "created_by",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "created_at", "changed_at", "created_by"]


class ReportBrief(RecordSerializer):
    """A report in a list: all but its text, which can have two million characters."""

    assignee = serializers.SlugRelatedField(
        slug_field="username", queryset=get_user_model()._default_manager.all(), required=False, allow_null=True
    )
    guarded: ClassVar = {"note": "sources.change_report", "assignee": "sources.change_report"}
    set_elsewhere: ClassVar = {
        "sha256": _("“sha256” is worked out from the text. Leave it out, and compare it in the answer."),
        "relays": _("Relays are entered at /api/v1/relays/."),
        "attachments": _("Files are sent to /api/v1/attachments/."),
    }

    class Meta:
        model = Report
        fields: ClassVar = [
            "uuid", "source", "title", "language", "url", "archived_url", "published_on", "published_note",
            "accessed_on", "tlp", "status", "assignee", "updates", "note", "sha256", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "sha256", "created_at", "changed_at"]


class ReportSerializer(ReportBrief):
    """A report with its text, whom it relays, and the files that belong to it."""

    relays = RelayRow(many=True, read_only=True)
    attachments = AttachmentRow(many=True, read_only=True)

    class Meta(ReportBrief.Meta):
        fields: ClassVar = [*ReportBrief.Meta.fields, "text", "translation", "relays", "attachments"]


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


class ReportOfPair(ModelFields):
    """A report, as a twin of another."""

    class Meta:
        model = Report
        fields: ClassVar = ["uuid", "source", "title", "published_on", "url"]
        read_only_fields: ClassVar = fields


class ReportTwin(TwinSerializer):
    """A report that is perhaps the same, or a copy."""

    record = ReportOfPair()


class ReportTwins(TwinsSerializer):
    """Reports that are perhaps the same, best first, and other pairs that were judged."""

    twin = ReportTwin


class ReportJudgementSerializer(JudgementSerializer):
    """What somebody says of two reports."""

    class Meta(JudgementSerializer.Meta):
        model = ReportJudgement
