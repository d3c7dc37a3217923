"""What can be asked of the lists of citations, claims, corrections and comments, and of judgements on pairs."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from events.choices import CitationRole, Facet, Standing
from events.models import (
    Actor,
    ActorJudgement,
    Citation,
    Claim,
    Comment,
    Correction,
    EventJudgement,
    Site,
    SiteJudgement,
)
from osint.base.filters import Choices, Identity, Moment, Slugs, Span, StrictFilterSet
from osint.base.judgements import Verdict
from osint.base.judging_api import VERDICT, OfPair, SlugsOfPair
from sources.models import Source

EVENT = _("The event: its UUID, or its reference such as SY-2025-4F7KQ2; several separated by commas.")
REPORT = _("UUID of the report; several separated by commas.")
REFERENCE: dict[str, Any] = {"also": "reference", "example": "SY-2025-4F7KQ2"}


class CitationFilters(StrictFilterSet):
    """Parameters of the list of citations."""

    event = Identity("event", **REFERENCE, help_text=EVENT)
    report = Identity("report", help_text=REPORT)
    source = Slugs(
        "report__source", of=Source, help_text=_("Slug of the report's source; several separated by commas.")
    )
    role = Choices(
        "role", among=CitationRole, help_text=_("The report's part in the event; several separated by commas.")
    )

    class Meta:
        model = Citation
        fields: ClassVar[list[str]] = []


class ClaimFilters(StrictFilterSet):
    """Parameters of the list of claims."""

    event = Identity("citation__event", **REFERENCE, help_text=EVENT)
    report = Identity("citation__report", help_text=REPORT)
    citation = Identity("citation", help_text=_("UUID of the citation."))
    facet = Choices("facet", among=Facet, help_text=_("Which question it answers; several separated by commas."))
    standing = Choices("standing", among=Standing, help_text=_("How we treat it; several separated by commas."))

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []


class CommentFilters(StrictFilterSet):
    """Parameters of the list of comments."""

    event = Identity("event", **REFERENCE, help_text=EVENT)

    class Meta:
        model = Comment
        fields: ClassVar[list[str]] = []


class CorrectionFilters(StrictFilterSet):
    """Parameters of the list of corrections."""

    event = Identity("event", **REFERENCE, help_text=EVENT)
    made = Span(
        Moment,
        "made_at",
        names=("made_from", "made_to"),
        help_texts=(
            _("Corrected at this moment or later; a day stands for its beginning in UTC."),
            _("Corrected at this moment or earlier; a day stands for its end in UTC."),
        ),
    )

    class Meta:
        model = Correction
        fields: ClassVar[list[str]] = []


class EventJudgementFilters(StrictFilterSet):
    """Parameters of the list of judgements on events."""

    event = OfPair("first", **REFERENCE, help_text=EVENT)
    verdict = Choices("verdict", among=Verdict, help_text=VERDICT)

    class Meta:
        model = EventJudgement
        fields: ClassVar[list[str]] = []


class SiteJudgementFilters(StrictFilterSet):
    """Parameters of the list of judgements on sites."""

    site = SlugsOfPair("first", of=Site, help_text=_("Slug of the site; several separated by commas."))
    verdict = Choices("verdict", among=Verdict, help_text=VERDICT)

    class Meta:
        model = SiteJudgement
        fields: ClassVar[list[str]] = []


class ActorJudgementFilters(StrictFilterSet):
    """Parameters of the list of judgements on actors."""

    actor = SlugsOfPair("first", of=Actor, help_text=_("Slug of the actor; several separated by commas."))
    verdict = Choices("verdict", among=Verdict, help_text=VERDICT)

    class Meta:
        model = ActorJudgement
        fields: ClassVar[list[str]] = []
