"""What an analyst enters at once: a fact and the words it rests on.

They become the held fact and its claim, so that nothing is typed twice.
"""

from typing import Any

from events.choices import Facet
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from events.provenance import Holder, agrees
from osint.history import recording

FACET_OF = {Placement: Facet.WHERE, Involvement: Facet.WHO, Count: Facet.HOW_MANY}
NUMBER = ("measure", "party", "low", "best", "high", "qualifier", "phrase", "label", "label_ar")

COLUMNS: dict[type[Any], tuple[str, ...]] = {Placement: ("site", "role"), Involvement: ("actor", "role"), Count: NUMBER}
OWN: dict[str, tuple[str, ...]] = {Facet.WHAT: ("type",), Facet.WHEN: ("when", "when_phrase")}


def value_of(facet: str, holder: Holder) -> dict[str, Any]:
    """The value columns of a claim that says what the holder holds."""
    match holder:
        case Placement():
            return {"site": holder.site, "site_role": holder.role}
        case Involvement():
            return {"actor": holder.actor, "actor_role": holder.role}
        case Count():
            return {name: getattr(holder, name) for name in NUMBER}
    return {"type": holder.type} if facet == Facet.WHAT else {"when": holder.when, "when_phrase": holder.when_phrase}


def is_untouched(facet: str, holder: Holder) -> bool:
    """Whether the present change has left the value of the fact as it was."""
    before, now = recording.before(type(holder), holder.pk), recording.state_of(holder)
    return before is None or all(before[name] == now[name] for name in COLUMNS.get(type(holder)) or OWN[facet])


def says_so(former: Claim, facet: str, holder: Holder, quote: str, start: int | None) -> bool:
    """Whether nothing about the fact or its words was entered anew: the claim may say more than we hold."""
    same = former.quote == quote and start in {None, former.start}
    return same and is_untouched(facet, holder) and agrees(former, facet, holder)


def claim_for(citation: Citation | None, facet: str, holder: Holder) -> Claim | None:
    """The claim in this citation that states the fact, if there is one."""
    if citation is None or citation.pk is None or holder.pk is None:
        return None
    return next((claim for claim in citation.claims.all() if agrees(claim, facet, holder)), None)


def state(
    citation: Citation,
    facet: str,
    holder: Holder,
    quote: str,
    start: int | None = None,
    former: Claim | None = None,
    proposal: str = "",
) -> Claim | None:
    """Record that the citation's report states the fact in these words; without words, that it does not.

    ``former`` is the claim that stated the fact before this entry: while the event is unpublished it follows the entry.
    Afterwards claims stay as they were, and a new statement is a new claim. ``proposal`` says by which rule of the
    reading aid it was proposed, where it was.
    """
    published = citation.event.published_at is not None
    if not quote:
        if former is not None and not published:
            former.delete()
        return None
    if former is not None and says_so(former, facet, holder, quote, start):
        return former
    value = value_of(facet, holder)
    if published and former is not None:
        if former.quote == quote:
            # The same words cannot come to say something else because we now hold something else.
            return former
        former = None
    claim = former or Claim(citation=citation, facet=facet)
    for name, part in value.items():
        setattr(claim, name, part)
    if (claim.quote, claim.start) != (quote, start):
        claim.quote, claim.start, claim.end, claim.proposal = quote, start, None, proposal
    claim.full_clean()
    claim.save()
    return claim


def cite(event: Event, report: Any, **values: Any) -> Citation:
    """The event's citation of the report, made where there is none."""
    citation = Citation.objects.filter(event=event, report=report).first() or Citation(event=event, report=report)
    for name, value in values.items():
        setattr(citation, name, value)
    citation.full_clean()
    citation.save()
    return citation
