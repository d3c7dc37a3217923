"""Corrections in words: what was held before and after, facet by facet, with names in the place of slugs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import past
from events.choices import ActorRole, Basis, Facet, SiteRole
from events.models import Actor, Correction, Count, Event, EventType, Measure, Site
from events.pages.wording import worded
from osint.base import dates
from osint.base.names import Named
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

# Where in a correction's values the slugs of which model stand.
SLUGS: dict[type[Named], str] = {EventType: "type", Site: "site", Actor: "actor party", Measure: "measure"}
Names = dict[type[models.Model], dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """One thing that was corrected: lines as they were, and as they are."""

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Corrected:
    """A correction as its readers see it; the report behind it only where they may see that too."""

    correction: Correction
    report: Report | None
    changes: tuple[Change, ...]


def corrections(event: Event, reader: "Reader") -> list[Corrected]:
    """The event's corrections, of a past event those made by then, the newest first, in a fixed number of queries."""
    made = event.corrections.visible_to(reader).select_related("made_by")
    rows = [row for row in made if past.was_made(row, event)]
    reports = Report.objects.visible_to(reader).in_bulk({row.report_id for row in rows if row.report_id})
    names = names_in(rows)
    wholes = Event.objects.visible_to(reader).filter(reference__in=wholes_in(rows))
    seen = {str(whole.reference) for whole in wholes}
    return [Corrected(row, reports.get(row.report_id or 0), tuple(changes(row, names, seen))) for row in rows]


def values_in(rows: Iterable[Correction]) -> Iterator[dict[str, Any]]:
    """Every value that a correction speaks of and that has parts."""
    for row in rows:
        for side in (row.before, row.after):
            for value in side.values():
                yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict))


def names_in(rows: list[Correction]) -> Names:
    """The records behind the slugs, by model and slug."""
    values = list(values_in(rows))
    return {
        model: model._default_manager.in_bulk(
            {value[key] for value in values for key in keys.split() if value.get(key)}, field_name="slug"
        )
        for model, keys in SLUGS.items()
    }


def wholes_in(rows: Iterable[Correction]) -> set[str]:
    """References of the events that the corrected one was or is part of."""
    return {side["part_of"] for row in rows for side in (row.before, row.after) if side.get("part_of")}


def changes(row: Correction, names: Names, wholes: set[str]) -> Iterator[Change]:
    """What changed, without the rows that stayed."""
    for what in row.after:
        before, after = (as_list(side.get(what)) for side in (row.before, row.after))
        gone = [value for value in before if value not in after]
        come = [value for value in after if value not in before]
        yield Change(
            heading(what),
            tuple(line(what, value, names, wholes) for value in gone),
            tuple(line(what, value, names, wholes) for value in come),
        )


def as_list(value: Any) -> list[Any]:
    """The rows of a value; nothing where there is none."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def heading(what: str) -> str:
    """What the value is about."""
    if what in Facet.values:
        return str(Facet(what).label)
    return str(Event._meta.get_field(what).verbose_name)  # type: ignore[union-attr]


def line(what: str, value: Any, names: Names, wholes: set[str]) -> str:
    """One value in words, with what it rests on where no claim states it."""
    if not isinstance(value, dict):
        return plain(what, value, wholes)
    basis = value.get("basis")
    grounds = "" if basis in (None, Basis.STATED) else f" ({Basis(basis).label}: {value.get('reason', '')})"
    return f"{fact(what, value, names)}{grounds}"


def plain(what: str, value: Any, wholes: set[str]) -> str:
    """A value without parts; an event that the reader may not see stays unnamed."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("another event") if what == "part_of" and value not in wholes else str(value)


def fact(what: str, value: dict[str, Any], names: Names) -> str:
    """A fact in words."""
    match what:
        case Facet.WHAT:
            return named(names, EventType, value["type"])
        case Facet.WHEN:
            return when(value["when"])
        case Facet.WHERE:
            return f"{SiteRole(value['role']).label} {named(names, Site, value['site'])}"
        case Facet.WHO:
            return f"{named(names, Actor, value['actor'])} ({ActorRole(value['role']).label})"
    return how_many(value, names)


def named(names: Names, model: type[models.Model], slug: str) -> str:
    """The record's name, or its slug where it is gone."""
    return str(names[model].get(slug, slug))


def when(text: str) -> str:
    """A date in words, or as it was written."""
    try:
        return dates.describe(dates.parse(text), get_language() or "en") if text else _("no date")
    except ValidationError:
        return text


def how_many(value: dict[str, Any], names: Names) -> str:
    """A number in words, with the words of the report."""
    columns = ("low", "best", "high", "qualifier", "phrase", "label", "label_ar")
    count = Count(**{name: value[name] for name in columns if name in value})
    party = named(names, Actor, value["party"]) if value.get("party") else ""
    said = f"“{count.phrase}”" if count.phrase else ""
    return " ".join(filter(None, [worded(count, named(names, Measure, value["measure"])), party, said]))
