"""The columns of a sheet: what stands in each, and by which headings a column is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events.choices import ActorRole, Facet, SiteRole
from events.models import Measure
from osint.base.text import fold

IGNORED = "-"
COUNT = "count"
QUOTE = "quote"


@dataclass(frozen=True)
class Column:
    """One column: its name, what stands in it, and other headings for it."""

    name: str
    about: Any
    headings: tuple[str, ...] = ()


FIXED = (
    Column("uuid", _("The event's UUID; blank for a new one. Rows with one UUID are one event with several reports.")),
    Column("version", _("The version that was exported: what you changed is then newer than what is here.")),
    Column("reference", _("The event's reference, for people; not read.")),
    Column("type", _("A type of event: its code or its name."), ("event type", "what", "النوع", "نوع الحدث")),
    Column("when", _("The date as you would write it: 12 November 2025, early October, 2025-11."), ("date", "التاريخ")),
    Column("when_phrase", _("The date in the words of the report.")),
    Column("summary_en", _("What happened, in English."), ("summary", "description", "notes")),
    Column("summary_ar", _("What happened, in Arabic."), ("ملخص", "الوصف")),
    Column("tlp", _("The mark: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")),
    Column("is_aggregate", _("Whether it sums up several incidents: true or false.")),
    Column("type_basis", _("What the type rests on: stated, derived or inferred.")),
    Column("type_reason", _("Why, where it is derived or inferred.")),
    Column("when_basis", _("What the date rests on: stated, derived or inferred.")),
    Column("when_reason", _("Why, where it is derived or inferred.")),
    Column("report", _("The report: its UUID, its address or its title."), ("source", "source report", "التقرير")),
    Column("report_role", _("The part of the report: reports, background, updates, corrects, denies, sums_up.")),
    Column("credibility", _("The digit of the Admiralty code, 1 to 6.")),
    Column(QUOTE, _("Words of the report on which all of this rests."), ("words", "الاقتباس")),
)
OTHERS = {SiteRole.AT: ("place", "location", "site", "where", "المكان"), ActorRole.ACTS: ("actor", "who", "الجهة")}


@cache
def known() -> dict[str, Column]:
    """Every column but those of counts, by name."""
    places = [Column(str(role), about(_("Places"), role), OTHERS.get(role, ())) for role in SiteRole]
    actors = [Column(str(role), about(_("Actors"), role), OTHERS.get(role, ())) for role in ActorRole]
    words = [Column(f"{QUOTE} {facet}", about(_("Words that say it"), facet)) for facet in Facet]
    return {column.name: column for column in (*FIXED[:6], *places, *actors, *FIXED[6:], *words)}


def about(what: Any, choice: Any) -> Any:
    """What stands in a column of several of a kind."""
    # Not yet in any language: the columns are made once.
    return format_lazy("{what}: {choice}", what=what, choice=choice.label)


@cache
def headings() -> dict[str, str]:
    """The name of a column by each of its headings, folded."""
    found = {IGNORED: IGNORED, fold("problem"): IGNORED}
    for column in known().values():
        for heading in (column.name, *column.headings):
            found.setdefault(fold(heading), column.name)
    for choice in (*SiteRole, *ActorRole):
        with override("ar"):
            found.setdefault(fold(str(choice.label)), str(choice))
    return found


def mapped(heads: Iterable[str], chosen: dict[str, str] | None = None) -> dict[str, str]:
    """For each heading of a sheet the column that it is; blank where nobody knows, and “-” where it is left out."""
    by_measure, chosen = measures(), chosen or {}
    found = dict.fromkeys(heads, "")
    # What somebody has chosen goes before what a heading is taken for.
    for head in sorted(found, key=lambda head: head not in chosen):
        name = chosen.get(head) or headings().get(fold(head)) or counted(head, by_measure)
        # The second of two columns that are one is for a person to tell apart.
        found[head] = "" if name != IGNORED and name in found.values() else name
    return found


def measures() -> dict[str, str]:
    """Slugs of measures, by slug and by every name, folded."""
    rows = Measure.objects.values_list("slug", "name_en", "name_ar")
    return {fold(name): slug for slug, *names in rows for name in (*names, slug) if name}


def counted(head: str, by_measure: dict[str, str]) -> str:
    """The column of a count: “count trucks”, “count killed / civilians”, “count killed / civilians / a leader”."""
    rest = head.strip()
    if rest.lower().startswith(f"{COUNT} "):
        rest = rest[len(COUNT) :]
    measure, *more = (part.strip() for part in rest.split("/", 2))
    slug = by_measure.get(fold(measure), "")
    return " / ".join([f"{COUNT} {slug}", *more]) if slug and fold(measure) not in headings() else ""


def is_known(name: str) -> bool:
    """Whether there is such a column."""
    return name in known() or name == IGNORED or bool(counted(name, measures()))
