"""What can be asked of the lists of sources, reports and relays."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from osint.base.filters import (
    CHANGED,
    Choices,
    Day,
    Exactly,
    Identity,
    Moment,
    Nearest,
    Slugs,
    Span,
    StrictFilterSet,
    Words,
)
from osint.base.judgements import Verdict
from osint.base.judging_api import VERDICT, OfPair
from sources.choices import CodingStatus, NoteKind, Reliability, SourceKind, Tlp
from sources.models import Attachment, PassageNote, Relay, Report, ReportJudgement, Source


class SourceFilters(StrictFilterSet):
    """Parameters of the list of sources."""

    q = Words(ask="named", help_text=_("Part of a name, or how it sounds, in Arabic or Latin letters."))
    kind = Choices("kind", among=SourceKind, help_text=_("What sort of source; several separated by commas."))
    reliability = Choices(
        "reliability", among=Reliability, help_text=_("Admiralty letter; several separated by commas.")
    )
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = []


class ReportFilters(StrictFilterSet):
    """Parameters of the list of reports."""

    q = Words(ask="saying", help_text=_("Words of the title, text or translation, in any spelling of the letters."))
    ordering = Nearest()
    source = Slugs("source", of=Source, help_text=_("Slug of the source; several separated by commas."))
    language = Exactly("language", help_text=_("ISO 639 code, such as ar."))
    status = Choices("status", among=CodingStatus, help_text=_("How far it has been turned into events."))
    tlp = Choices("tlp", among=Tlp, help_text=_("Mark of the Traffic Light Protocol; several separated by commas."))
    published = Span(
        Day,
        "published_on",
        names=("published_from", "published_to"),
        help_texts=(_("Published on this day or later."), _("Published on this day or earlier.")),
    )
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = []


class RelayFilters(StrictFilterSet):
    """Parameters of the list of relays."""

    report = Identity("report", help_text=_("UUID of the report that passes something on; several by commas."))
    source = Slugs(
        "relayed_source", of=Source, help_text=_("Slug of the source that is passed on; several separated by commas.")
    )

    class Meta:
        model = Relay
        fields: ClassVar[list[str]] = []


class PassageNoteFilters(StrictFilterSet):
    """Parameters of the list of notes on passages."""

    report = Identity("report", help_text=_("UUID of the report that the passage is of; several by commas."))
    kind = Choices("kind", among=NoteKind, help_text=_("What is said of the passage; several separated by commas."))

    class Meta:
        model = PassageNote
        fields: ClassVar[list[str]] = []


class AttachmentFilters(StrictFilterSet):
    """Parameters of the list of attachments."""

    report = Identity("report", help_text=_("UUID of the report that the file belongs to; several by commas."))

    class Meta:
        model = Attachment
        fields: ClassVar[list[str]] = []


class ReportJudgementFilters(StrictFilterSet):
    """Parameters of the list of judgements on reports."""

    report = OfPair("first", help_text=_("UUID of the report; several separated by commas."))
    verdict = Choices("verdict", among=Verdict, help_text=VERDICT)

    class Meta:
        model = ReportJudgement
        fields: ClassVar[list[str]] = []
