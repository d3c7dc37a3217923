"""Reports that are perhaps one publication: the same address, the same text, or nearly the same words.

Nearly the same words under another source are a *relay*, which counts for the origins; under the same source a new
wording, which *updates* the earlier report.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from osint.base.judgements import check_permission
from osint.base.twins import Twin, Twins, apart, heavy, judged, sorted_out
from osint.history import recording
from sources import addresses
from sources.models import Relay, Report

if TYPE_CHECKING:
    from sources.querysets import Reader

DAYS = 3  # before and after a report within which its words are looked for
LOOKED_AT = 150  # reports whose words are compared
READ = 20_000  # characters of a text that are compared
WORDS = 4  # words in a row that are compared at once
FEWEST = 12  # such rows that a text must have: of shorter ones each second notice would be a copy
ALIKE = 0.7  # share of the shorter text's rows of words that the other must have
RELAY, UPDATES = "relay", "updates"


def of_report(report: Report, reader: "Reader") -> Twins:
    """The likely copies of a report among what the reader may see, best first, and the judged ones."""
    told = judged(report, reader, "source")
    others = Report.objects.visible_to(reader).exclude(pk__in=[report.pk, *apart(told), *linked(report)])
    found: dict[int, Twin] = {}
    shared = {pk: share for pk, share in alike(report, others) if share >= ALIKE}
    same = set(with_address(report, others))
    copies = Q(sha256=report.sha256) if report.sha256 else Q(pk__in=[])
    rows = others.filter(Q(pk__in=[*shared, *same]) | copies).select_related("source").defer(*heavy(report))
    for other in rows[:LOOKED_AT]:
        found[other.pk] = compared(report, other, has_address=other.pk in same, share=shared.get(other.pk, 0))
    return sorted_out(found.values(), told, detail)


def detail(report: Report) -> str:
    """Who published it; title and day are its name."""
    return str(report.source)


def linked(report: Report) -> set[int]:
    """Keys of the reports of which it is known how they go with this one: relays and updates, either way."""
    relays = Relay.objects.filter(Q(report=report) | Q(relayed_report=report)).values_list("report", "relayed_report")
    updates = Report.objects.filter(updates=report).values_list("pk", flat=True)
    found = {pk for pair in relays for pk in pair} | set(updates) | {report.updates_id}
    return {pk for pk in found if pk is not None}


# What speaks for it


def compared(report: Report, other: Report, *, has_address: bool, share: float) -> Twin:
    """The other report, with what speaks for its being a copy, and what to make of it."""
    twin = Twin(other)
    if has_address:
        twin.speaks(5, _("Same address: %(address)s.") % {"address": other.url or other.archived_url})
    if report.sha256 and report.sha256 == other.sha256:
        twin.speaks(6, _("The texts are the same to the letter."))
    elif share:
        twin.speaks(3 + (share > 0.9), _("%(share)d %% of the words are the same.") % {"share": int(100 * share)})
    else:
        return twin
    if other.source_id != report.source_id:
        twin.way = RELAY
    elif other.sha256 != report.sha256:
        twin.way = UPDATES
    return twin


def with_address(report: Report, others: Any) -> Iterator[int]:
    """Keys of the others that stand at the report's address, in whichever form it is written."""
    wanted = addresses.of_report(report.url, report.archived_url)
    condition = Q()
    for address in wanted:
        page, _mark, query = address.partition("?")
        host, slash, path = page.partition("/")
        # SQLite takes capitals for small letters in ASCII only, and in a path they are others.
        sought = page if host.isascii() or not slash else slash + path
        # A front page says nothing of what stood there that day.
        for written in {sought, quote(sought)} if slash or query else ():
            for column in ("url", "archived_url"):
                condition |= Q(**{f"{column}__icontains": written})
    if not condition:
        return
    for pk, *found in others.filter(condition).order_by().values_list("pk", "url", "archived_url"):
        if wanted & addresses.of_report(*found):
            yield pk


def alike(report: Report, others: Any) -> Iterator[tuple[int, float]]:
    """Keys of the others published about the same day, with the share of words in a row that both have."""
    own = in_rows(report.folded[:READ])
    if len(own) < FEWEST:
        return
    about = others.filter(published_on__range=(shifted(report.published_on, -DAYS), shifted(report.published_on, DAYS)))
    same_day = Case(When(published_on=report.published_on, then=Value(0)), default=1, output_field=IntegerField())
    texts = about.order_by(same_day, "-pk").values_list("pk", Substr("folded", 1, READ))
    for pk, folded in texts[:LOOKED_AT]:
        rows = in_rows(folded)
        if len(rows) >= FEWEST:
            yield pk, len(own & rows) / min(len(own), len(rows))


def in_rows(folded: str) -> set[tuple[str, ...]]:
    """Every so many words in a row."""
    words = folded.split()
    return set(zip(*(words[start:] for start in range(WORDS)), strict=False))


def shifted(day: date, days: int) -> date:
    """The day so many days later, within what the calendar has."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


# What to make of it


def relate(report: Report, other: Report, by: Any, way: str) -> Report:
    """Make the later of the two reports a relay, or an update, of the earlier; the later one is given back.

    Raises where the person may not do it, or a rule of relays or reports forbids it.
    """
    earlier, later = sorted((report, other), key=lambda found: (found.published_on, found.pk))
    with recording.change(by):
        if way == RELAY:
            check_permission(Relay, "add", by)
            relay = Relay(report=later, relayed_report=earlier, created_by=by)
            relay.full_clean()
            relay.save()
            return later
        check_permission(Report, "change", by)
        later = Report.objects.select_for_update(of=("self",), no_key=True).get(pk=later.pk)
        if later.updates_id not in {None, earlier.pk}:
            said = {"report": later, "earlier": later.updates}
            raise ValidationError({"updates": _("“%(report)s” updates “%(earlier)s” already. Change it there.") % said})
        later.updates = earlier
        later.full_clean()
        later.save()
    return later
