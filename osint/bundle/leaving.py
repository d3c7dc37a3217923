"""What leaves: the events that answer a query, and everything that they cannot be understood without.

Invariant: nothing whose mark is stricter than the one that was named leaves, nor anything that tells of it: no citation
of such a report, no claim from it, no relay of it, no key that leads to it.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from rest_framework.exceptions import ValidationError as Refused

from events.filters import EventFilters
from events.models import (
    Actor,
    ActorLink,
    ActorName,
    Citation,
    Claim,
    Correction,
    Count,
    Cue,
    Event,
    EventType,
    Involvement,
    Measure,
    Placement,
    Site,
    SiteName,
)
from osint.base.filters import check_parameters
from osint.bundle.picked import Picked
from sources import marks
from sources.choices import Tlp
from sources.models import Attachment, Relay, Report, Source


@dataclass(frozen=True)
class Cut:
    """What was asked for."""

    query: str = ""
    mark: str = Tlp.CLEAR
    texts: bool = True
    attachments: bool = False

    @property
    def recipient(self) -> marks.Recipient:
        """Who may see what leaves, and nothing else."""
        return marks.Recipient(self.mark)


@dataclass(frozen=True)
class Leaving:
    """The records that were picked for a cut."""

    cut: Cut
    picked: Picked

    def visible_events(self) -> Any:
        """The events that the recipient may see; what was merged, only with the event that answers for it."""
        told = Event.objects.visible_to(self.cut.recipient)
        return told.filter(Q(merged_into=None) | Q(merged_into__in=told.order_by().values("pk")))

    def visible_reports(self) -> Any:
        """The reports that the recipient may see."""
        return Report.objects.visible_to(self.cut.recipient)

    def asked(self) -> Any:
        """The events that answer the query; ``rest_framework``'s ``ValidationError`` names the parameter at fault."""
        sent = QueryDict(self.cut.query)
        check_parameters(sent, EventFilters.base_filters)
        found = EventFilters(sent, self.visible_events(), request=SimpleNamespace(user=self.cut.recipient))
        if not found.is_valid():
            raise Refused(found.errors)
        return found.qs

    # Closing

    def close(self) -> "Leaving":
        """Pick all that the picked events and reports need, and what those need."""
        self.close_events()
        self.close_reports()
        self.pick_named()
        return self

    def close_events(self) -> None:
        """The whole of a part; what a merged event was merged into, and what was merged into one of these."""
        picked, told = self.picked, self.visible_events()
        more = 1
        while more:
            events = picked.keys(Event)
            related = Q(parts__in=events) | Q(duplicates__in=events) | Q(merged_into__in=events)
            more = picked.add(told.filter(related))

    def close_reports(self) -> None:
        """The reports that are cited or behind a correction, what they relay, and what they are a new wording of."""
        picked, told = self.picked, self.visible_reports()
        events = picked.keys(Event)
        picked.add(told.filter(Q(citations__event__in=events)))
        picked.add(told.filter(pk__in=self.corrections().values("report")))
        more = 1
        while more:
            reports = picked.keys(Report)
            more = picked.add(told.filter(Q(relayed_by__report__in=reports) | Q(updated_by__in=reports)))

    def pick_named(self) -> None:
        """Sources, types, measures, places and actors that any of it names, and what these lie within."""
        picked = self.picked
        picked.add(picked.rows(Report), "source")
        picked.add(self.relays(), "relayed_source")
        for rows, names in (
            (picked.rows(Event), ["type"]),
            (self.facts(Placement), ["site"]),
            (self.facts(Involvement), ["actor"]),
            (self.facts(Count), ["measure", "party"]),
            (self.claims(), ["type", "site", "actor", "measure", "party"]),
        ):
            for name in names:
                picked.add(rows, name)
        self.climb()

    def climb(self) -> None:
        """What the picked places and types lie within; the actors that the picked ones are linked with."""
        picked = self.picked
        for model in (Site, EventType):
            while picked.add(picked.rows(model), "parent"):
                pass
        while picked.add(self.links(), "other"):
            pass

    # What goes with what was picked

    def facts(self, model: Any) -> Any:
        """Places, actors and counts of the picked events."""
        return model.objects.filter(event__in=self.picked.keys(Event))

    def citations(self) -> Any:
        """Of picked events, from reports that the recipient may see."""
        return Citation.objects.filter(event__in=self.picked.keys(Event), report__in=self.picked.keys(Report))

    def claims(self) -> Any:
        """Those of the citations."""
        return Claim.objects.filter(
            citation__event__in=self.picked.keys(Event), citation__report__in=self.picked.keys(Report)
        )

    def corrections(self) -> Any:
        """Of picked events, where the recipient may see both what was held before and what after."""
        seen = marks.seen_by(self.cut.recipient)
        return Correction.objects.order_by().filter(event__in=self.picked.keys(Event), tlp__in=seen)

    def relays(self) -> Any:
        """What the picked reports pass on, as far as the recipient may know of it."""
        reports = self.picked.keys(Report)
        return Relay.objects.filter(Q(relayed_report=None) | Q(relayed_report__in=reports), report__in=reports)

    def links(self) -> Any:
        """Links of the picked actors."""
        return ActorLink.objects.filter(actor__in=self.picked.keys(Actor))

    def rows(self, model: Any) -> Any:
        """The records of a model that leave."""
        of_names: dict[Any, Any] = {SiteName: ("site", Site), ActorName: ("actor", Actor)}
        if model in of_names:
            name, owner = of_names[model]
            return model.objects.filter(**{f"{name}__in": self.picked.keys(owner)})
        if model in {Placement, Involvement, Count}:
            return self.facts(model)
        if model is Attachment:
            attached = Attachment.objects.filter(report__in=self.picked.keys(Report))
            return attached if self.cut.attachments else attached.none()
        apart = {
            ActorLink: self.links, Relay: self.relays, Citation: self.citations, Claim: self.claims,
            Correction: self.corrections,
        }  # fmt: skip
        return apart[model]() if model in apart else self.picked.rows(model)


def everything(cut: Cut) -> Leaving:
    """All that may leave by this cut: what answers its query with what that needs; without a query, all there is."""
    leaving = Leaving(cut, Picked("all"))
    if cut.query:
        leaving.picked.add(leaving.asked())
        return leaving.close()
    leaving.picked.add(leaving.visible_events())
    leaving.picked.add(leaving.visible_reports())
    for model in (EventType, Measure, Cue, Site, Actor, Source):
        leaving.picked.add(model._default_manager.all())
    return leaving
