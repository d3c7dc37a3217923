"""An event as those are told who follow the data with its evidence: as at its own address, and many at once."""

from typing import Any, ClassVar

from events import provenance
from events.choices import Status
from events.serializers.incident import EventBrief, EventSerializer, WithheldInEvent
from events.withheld import withheld

EVIDENCE = ("parts", "origins", "citations")


class EventFollowed(EventSerializer):
    """An event with its evidence; what is missing is left out: it is said in words, in the reader's language.

    A merged event answers with the way to the other one, which shows its evidence: here it stands without.
    """

    class Meta(EventSerializer.Meta):
        fields: ClassVar = [*EventBrief.Meta.fields, *EVIDENCE]

    @classmethod
    def of(cls, events: list[Any], view: Any) -> Any:
        """These events, from ``with_evidence()`` and ``with_withheld()``; the sources behind them are found at once."""
        found = provenance.origins_of(events, view.request.user)
        for event in events:
            event.origins = [source.slug for source in found[event.pk]]
        return cls(events, many=True, context=view.get_serializer_context())

    def to_representation(self, instance: Any) -> Any:
        """The event, with what is computed from its evidence."""
        held = [(facet, holder) for facet, holder, *_rest in provenance.held(instance)]
        for claim in provenance.claims_of(instance):
            claim.agrees = any(provenance.agrees(claim, facet, holder) for facet, holder in held)  # type: ignore[attr-defined]
        instance.cited = provenance.citations_of(instance)
        shown = EventBrief.to_representation(self, instance)
        if instance.status == Status.MERGED:
            return {name: value for name, value in shown.items() if name not in EVIDENCE}
        shown["citations"] += WithheldInEvent(withheld(instance), many=True, context=self.context).data
        return shown
