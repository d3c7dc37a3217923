"""What can be asked of the list of events."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.choices import ActorRole, SiteRole, Status
from events.filters.anchors import Anchor, anchors_of
from events.filters.kinds import (
    CITED,
    COUNTS,
    PARTIES,
    PLACES,
    WHOLE,
    Actors,
    Disputed,
    EventOrdering,
    Figure,
    Happened,
    InBox,
    Near,
    Origins,
    OriginsAtLeast,
    Reach,
    RestsOn,
    Search,
)
from events.membership import Days, belonging
from events.models import Actor, Event, EventType, Measure, Site
from osint.base.filters import (
    Branches,
    ChoiceModifier,
    Choices,
    Empty,
    Identity,
    Moment,
    Order,
    Parameter,
    Slugs,
    Span,
    StrictFilterSet,
    TrueModifier,
    Truth,
    Whole,
)
from sources.choices import Reliability, Tlp
from sources.models import Source

REFERENCE: dict[str, Any] = {"also": "reference", "example": "SY-2025-4F7KQ2"}
MOST_METRES = 2**31 - 1
MOST_ORIGINS = 1_000


class DateMatch(models.TextChoices):
    """Whether an event may, or must, have happened in a range of days."""

    POSSIBLE = "possible", _("may have")
    CERTAIN = "certain", _("must have")


class CountOn(models.TextChoices):
    """The figure of a count that is compared."""

    LOW = "low", _("at least")
    BEST = "best", _("best")
    HIGH = "high", _("at most")


class EventOrder(models.TextChoices):
    """How events can be ordered."""

    NEWEST = "newest", _("newest first")
    OLDEST = "oldest", _("oldest first")
    UPDATED = "updated", _("changed last first")
    RELEVANCE = Order.RELEVANCE.value, _("relevance")


class EventFilters(StrictFilterSet):
    """Parameters of the list of events."""

    ranges: ClassVar = [("date_from", "date_to")]
    stands = False  # whether the rows among which is looked are without retracted and merged ones already

    # When

    date_from = Happened("from", help_text=_("It may (date_match=certain: must) have happened on this day or later."))
    date_to = Happened("to", help_text=_("It may (date_match=certain: must) have happened on this day or earlier."))
    date_match = ChoiceModifier(
        among=DateMatch,
        needs=("date_from", "date_to"),
        help_text=_("possible: it may have happened in the range; certain: it cannot have happened outside."),
    )
    date_empty = Empty("date", Parameter(), Q(earliest=None, latest=None), ("date_from", "date_to"))
    published = Span(
        Moment,
        "published_at",
        names=("published_from", "published_to"),
        help_texts=(
            _("First published at this moment or later; a day stands for its beginning in UTC."),
            _("First published at this moment or earlier; a day stands for its end in UTC."),
        ),
    )
    updated_since = Moment(
        "changed_at__gte",
        help_text=_("It, or anything that belongs to it, was changed at this moment or later; a day begins in UTC."),
    )

    # What, where, who

    type = Branches(
        "type__path",
        of=EventType,
        help_text=_("Slug of the type, with all narrower types; several separated by commas."),
    )
    site = Branches(
        "site__path",
        through=PLACES,
        of=Site,
        help_text=_("Slug of a place, with all that lies within it; several separated by commas."),
    )
    site_role = Choices(
        "role", through=PLACES, among=SiteRole, help_text=_("How it lies to the place; several separated by commas.")
    )
    bbox = InBox("site", through=PLACES, help_text=_("west,south,east,north in degrees: a place may lie in this box."))
    near = Near(
        "site",
        through=PLACES,
        needs=("radius_km",),
        help_text=_("longitude,latitude: a place may lie within radius_km of this point."),
    )
    radius_km = Reach(needs=("near",), help_text=_("Kilometres around the point that near names."))
    precision = Span(
        Whole,
        "site__precision_m",
        names=("precision_min_m", "precision_max_m"),
        through=PLACES,
        least=1,
        most=MOST_METRES,
        help_texts=(
            _("The point of a place has a precision radius of at least so many metres."),
            _("The point of a place has a precision radius of at most so many metres."),
        ),
    )
    actor = Actors(
        "actor",
        through=PARTIES,
        of=Actor,
        help_text=_("Slug of an actor, in any part; several separated by commas."),
    )
    actor_role = Choices(
        "role", through=PARTIES, among=ActorRole, help_text=_("The actor's part; several separated by commas.")
    )
    actor_tree = TrueModifier(
        needs=("actor",),
        help_text=_("Also the actors that were members or parts of the actor at the date of the event."),
    )

    # How many

    measure = Slugs(
        "measure", through=COUNTS, of=Measure, help_text=_("Slug of what is counted; several separated by commas.")
    )
    count = Span(
        Figure,
        "best",
        names=("count_min", "count_max"),
        through=COUNTS,
        needs=("measure",),
        misses=Q(low=None, best=None, high=None),
        help_texts=(_("At least so many of the measure."), _("At most so many of the measure.")),
    )
    count_on = ChoiceModifier(
        among=CountOn,
        needs=("count_min", "count_max"),
        help_text=_("The figure that is compared: low, best (where nothing is said) or high."),
    )
    party = Slugs(
        "party", through=COUNTS, of=Actor, help_text=_("Slug of the actor whose count it is; several by commas.")
    )

    # On whose word

    source = Slugs(
        "report__source",
        through=CITED,
        of=Source,
        help_text=_("Slug of the source of a report that is cited; several separated by commas."),
    )
    report = Identity("report", through=CITED, help_text=_("UUID of a report that is cited; several by commas."))
    origin = Origins(
        through=CITED,
        of=Source,
        help_text=_("Slug of an independent source behind it, whoever passed it on; several separated by commas."),
    )
    min_origins = OriginsAtLeast(
        least=1, most=MOST_ORIGINS, help_text=_("So many independent sources are behind it, or more.")
    )
    credibility = Span(
        Whole,
        "credibility",
        names=("credibility_min", "credibility_max"),
        through=CITED,
        least=1,
        most=6,
        help_texts=(
            _("A report's information has this digit of the Admiralty code, or a worse one."),
            _("A report's information has this digit of the Admiralty code, or a better one: 1 is confirmed."),
        ),
    )
    reliability = Choices(
        "report__source__reliability",
        through=CITED,
        among=Reliability,
        help_text=_("Admiralty letter of the source of a report that is cited; several separated by commas."),
    )
    disputed = Disputed(help_text=_("Whether a claim is in conflict, or a report denies it."))
    basis = RestsOn(help_text=_("The basis of one of the facts held; several separated by commas."))

    # Words and shape

    q = Search(
        help_text=_(
            "Words of the summary or of a quote, a reference, or a name in Arabic or Latin letters, however spelled."
        ),
    )
    status = Choices(
        "status", among=Status, help_text=_("Status; without it, retracted and merged events are left out.")
    )
    tlp = Choices("tlp", among=Tlp, help_text=_("Mark of the Traffic Light Protocol; several separated by commas."))
    part_of = Identity(through=WHOLE, **REFERENCE, help_text=_("The event that it is part of: UUID or reference."))
    is_aggregate = Truth("is_aggregate", help_text=_("Whether it sums up several incidents."))
    ordering = EventOrdering(
        among=EventOrder,
        help_text=_("newest (where nothing is said), oldest, updated; with q also relevance: the nearest first."),
    )

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def narrowed(self, without: Any = ()) -> Any:
        """The events that answer; without a word on the status, neither retracted nor merged ones."""
        rows = super().narrowed(without)
        return rows if self.stands or self.has("status") else rows.standing()

    @cached_property
    def members(self) -> dict[tuple[int, ...], dict[Days, list[int]]]:
        """Who belongs to whom, as far as it has been asked."""
        return {}

    def belonging(self, actors: Iterable[int]) -> dict[Days, list[int]]:
        """The actors that belong to these, by days."""
        keys = tuple(actors)
        if keys not in self.members:
            self.members[keys] = belonging(keys)
        return self.members[keys]

    @property
    def statuses(self) -> set[str]:
        """The statuses that an event may have to answer."""
        wanted = set(self.cleaned.get("status", Status.values)) - set(self.cleaned.get("status!", ()))
        return wanted if self.has("status") else wanted - {Status.RETRACTED, Status.MERGED}

    @property
    def anchors(self) -> list[Anchor]:
        """What a posting list can answer of the question."""
        return anchors_of(self)

    def qs_without(self, *anchors: Anchor) -> Any:
        """The events that answer what is left of the question beside these anchors."""
        return self.narrowed({name for anchor in anchors if anchor.exact for name in anchor.names})
