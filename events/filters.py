"""What can be asked of the lists of events and of all that belongs to them."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events import search
from events.choices import ActorKind, CitationRole, CueKind, Facet, SiteKind, Standing, Status
from events.models import (
    Actor,
    ActorJudgement,
    Citation,
    Claim,
    Comment,
    Correction,
    Cue,
    Event,
    EventJudgement,
    EventType,
    Measure,
    Site,
    SiteJudgement,
)
from osint.base.filters import Branches, Choices, Day, Exactly, Identity, Nearest, Slugs, StrictFilterSet, Words
from osint.base.judgements import Verdict
from osint.base.judging_api import VERDICT, OfPair, SlugsOfPair
from sources.models import Source

NAMED = _("Part of a name, or how it sounds, in Arabic or Latin letters.")
EVENT = _("The event: its UUID, or its reference such as SY-2025-4F7KQ2.")
REPORT = _("UUID of the report.")
REFERENCE = {"also": "reference", "example": "SY-2025-4F7KQ2"}


class Search(Words):
    """Words to look for in events, among what this reader may see."""

    def filter(self, qs: Any, value: Any) -> Any:
        return search.matching(qs, value, self.reader) if value else qs


class NearestEvents(Nearest):
    """The order of events that were found."""

    def ordered(self, rows: Any, words: str) -> Any:
        return search.nearest_first(rows, words)


class StatusOrStanding(Choices):
    """A status; without one, every event that is neither retracted nor merged."""

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, value) if value else qs.standing()


class Cited:
    """Mixin: a parameter of a report that is cited, by the event or by one that was merged into it."""

    def narrowed(self, queryset: Any, condition: Q) -> Any:
        cited = Citation.objects.from_reports_seen_by(self.reader).filter(condition)  # type: ignore[attr-defined]
        own, merged = cited.filter(event=OuterRef("pk")), cited.filter(event__merged_into=OuterRef("pk"))
        return queryset.filter(Exists(own) | Exists(merged))


class CitedSources(Cited, Slugs):
    """Sources of reports that are cited."""


class CitedReport(Cited, Identity):
    """A report that is cited."""


class EventFilters(StrictFilterSet):
    """Parameters of the list of events."""

    ranges: ClassVar = [("date_from", "date_to")]

    date_from = Day(ask="possibly_from", help_text=_("It may have happened on this day or later."))
    date_to = Day(ask="possibly_to", help_text=_("It may have happened on this day or earlier."))
    type = Branches(
        "type__path",
        of=EventType,
        help_text=_("Slug of the type, with all narrower types; several separated by commas."),
    )
    site = Branches(
        "site__path",
        through="placements",
        of=Site,
        help_text=_("Slug of a place, with all that lies within it; several separated by commas."),
    )
    actor = Slugs(
        "actor",
        through="involvements",
        of=Actor,
        help_text=_("Slug of an actor, in any part; several separated by commas."),
    )
    source = CitedSources(
        "report__source",
        of=Source,
        help_text=_("Slug of the source of a report that is cited; several separated by commas."),
    )
    report = CitedReport("report", help_text=_("UUID of a report that is cited."))
    status = StatusOrStanding(
        "status", among=Status, help_text=_("Status; without it, retracted and merged events are left out.")
    )
    q = Search(
        help_text=_(
            "Words of the summary or of a quote, a reference, or a name in Arabic or Latin letters, however spelled."
        ),
    )
    ordering = NearestEvents()

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []


class EventTypeFilters(StrictFilterSet):
    """Parameters of the list of event types."""

    q = Words(ask="named", help_text=NAMED)
    parent = Slugs("parent", of=EventType, help_text=_("Slug of the type that it lies directly under."))
    within = Branches("path", of=EventType, help_text=_("Slug of a type: it and all narrower ones."))

    class Meta:
        model = EventType
        fields: ClassVar[list[str]] = []


class MeasureFilters(StrictFilterSet):
    """Parameters of the list of measures."""

    q = Words(ask="named", help_text=NAMED)

    class Meta:
        model = Measure
        fields: ClassVar[list[str]] = []


class SiteFilters(StrictFilterSet):
    """Parameters of the list of sites."""

    q = Words(ask="named", help_text=NAMED)
    kind = Choices("kind", among=SiteKind, help_text=_("What sort of place; several separated by commas."))
    parent = Slugs("parent", of=Site, help_text=_("Slug of the place that it lies directly in."))
    within = Branches("path", of=Site, help_text=_("Slug of a place: it and all that lies within it."))
    pcode = Exactly("pcode", help_text=_("OCHA place code, such as SY08."))

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = []


class ActorFilters(StrictFilterSet):
    """Parameters of the list of actors."""

    q = Words(ask="named", help_text=NAMED)
    kind = Choices("kind", among=ActorKind, help_text=_("What sort of actor; several separated by commas."))

    class Meta:
        model = Actor
        fields: ClassVar[list[str]] = []


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


class CueFilters(StrictFilterSet):
    """Parameters of the list of cues."""

    kind = Choices("kind", among=CueKind, help_text=_("What they are a sign of; several separated by commas."))
    language = Exactly("language", help_text=_("ISO 639 code, such as ar."))

    class Meta:
        model = Cue
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
