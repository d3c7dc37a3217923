"""Promises on words and sources: quotes are verbatim, facts supported, and what is confirmed has two origins."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _

from events import provenance
from events.choices import Credibility, Status
from events.models import Citation, Claim, Event
from osint.history.recording import rows_of
from osint.keeping.promises.registry import Found, address_of, asked, named, promise
from sources.models import Relay, Report
from sources.quotes import Quoting

CHUNK = 200


@promise(1)
def quotes_are_verbatim() -> Found:
    """The words of every quote stand in the report at their place."""
    for model in Quoting.kinds():
        text = F(f"{model.report_path}__text")
        passage = Coalesce(Substr(text, F("start") + 1, F("end") - F("start")), Value(""))
        quoting = rows_of(model).exclude(quote="").alias(passage=passage)  # type: ignore[arg-type]
        for row in quoting.exclude(passage=F("quote")).select_related(model.report_path).order_by("pk"):
            said = list(asked(row.check_quote)) or [_("The quote is not in the report word for word at its place.")]
            yield from ((address_of(model, row.pk), f"{named(model, row.pk)}: {sentence}") for sentence in said)


@promise(1)
def claims_quote_what_has_a_text() -> Found:
    """Whatever a claim says of a report with a text, it quotes."""
    bare = rows_of(Claim).filter(quote="").exclude(citation__report__text="").order_by("pk")
    for key in bare.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        yield address_of(Claim, key), f"{named(Claim, key)}: " + _("Quote the words of the report on which this rests.")


@promise(2)
def published_facts_are_supported() -> Found:
    """Nothing stands between a published event and its publication."""
    published = Event.objects.filter(status=Status.PUBLISHED).with_evidence().order_by("pk")
    for event in published.iterator(chunk_size=CHUNK):
        for sentence in provenance.missing(event):
            yield address_of(Event, event.pk), f"{event.reference}: {sentence}"


@promise(3)
def confirmed_means_two_origins() -> Found:
    """Credibility 1 stands where two independent sources are behind the event."""
    confirmed = Citation.objects.filter(credibility=Credibility.CONFIRMED).with_bearer()
    bearing = Event.objects.filter(pk__in=confirmed.values("bearer")).with_evidence().order_by("pk")
    for event in bearing.iterator(chunk_size=CHUNK):
        for sentence in asked(provenance.check_confirmed, event):
            yield address_of(Event, event.pk), f"{event.reference}: {sentence}"


@promise(3)
def relays_have_an_end() -> Found:
    """No report passes on itself by way of others."""
    relays = Relay.objects.exclude(relayed_report=None).order_by("pk")
    for relay in relays.iterator(chunk_size=CHUNK):
        if relay.report_id in relay.chain():
            said = _("It passes on itself, by way of others.")
            yield address_of(Relay, relay.pk), f"{named(Report, relay.report_id)}: {said}"
