"""What the desk offers to choose from, so that nobody types a name or a date in full."""

from typing import TYPE_CHECKING, Any

from django.db.models import Count as Number
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import ActorRole, Basis, Credibility, Qualifier, SiteRole
from events.models import Actor, Event, EventType, Involvement, Measure, Placement, Site
from osint.base.dates import describe, parse
from sources.choices import NoteKind

if TYPE_CHECKING:
    from sources.models import Report
    from sources.querysets import Reader

MOST = 12  # names offered before anything is typed
Json = dict[str, Any]


def offers(report: "Report", reader: "Reader") -> Json:
    """Everything that is offered before a letter is typed."""
    seen = Event.objects.visible_to(reader).standing()
    return {
        "types": [named(one) | {"path": one.path} for one in EventType.objects.all()],
        "measures": [named(one) for one in Measure.objects.all()],
        "sites": [named(one) for one in often(Site, Placement, "site", seen)],
        "actors": [named(one) for one in often(Actor, Involvement, "actor", seen)],
        "dates": dates(report),
        "reasons": reasons(reader),
        "site_role": labels(SiteRole),
        "actor_role": labels(ActorRole),
        "qualifier": labels(Qualifier),
        "basis": labels(Basis),
        "credibility": labels(Credibility),
        "note_kind": labels(NoteKind),
    }


def labels(choices: Any) -> dict[str, str]:
    """A closed list in the reader's language."""
    return {value: str(label) for value, label in choices.choices}


def named(record: Any) -> Json:
    """A record by slug, its name in the reader's language, and the other one to search by."""
    label = str(record)
    other = record.name_en if label == record.name_ar else record.name_ar
    return {"slug": record.slug, "label": label, "also": other}


def often(model: Any, through: Any, name: str, events: Any) -> list[Any]:
    """The names that events hold most often."""
    held = through.objects.filter(event__in=events.order_by().values("pk")).order_by()
    counted = held.values_list(name).annotate(number=Number("pk")).order_by("-number", name)[:MOST]
    found = model.objects.in_bulk([key for key, _number in counted])
    return [found[key] for key, _number in counted]


def dates(report: "Report") -> list[Json]:
    """The dates of what is not dated, bounded by the day of publication."""
    day = report.published_on
    return [
        date_offer(
            f"{day:%Y-%m}-01/{day}" if day.day > 1 else str(day),
            Basis.INFERRED,
            _("Not dated. The month of publication, up to its day (%(day)s), is what the report speaks of.")
            % {"day": day},
        ),
        date_offer(f"../{day}", Basis.DERIVED, _("Not after the report was published, on %(day)s.") % {"day": day}),
    ]


def date_offer(when: str, basis: str, reason: str) -> Json:
    """A date with what it rests on."""
    return {"when": when, "label": describe(parse(when), get_language() or "en"), "basis": basis, "reason": reason}


def reasons(reader: Any) -> list[str]:
    """Reasons that this person has given lately, the newest first, after those that are always there."""
    rows: list[tuple[Any, str]] = []
    for model in (Involvement, Placement):
        own = model.objects.filter(created_by=reader).exclude(reason="").order_by("-pk")
        rows += own.values_list("created_at", "reason")[:20]
    lately = [reason for _at, reason in sorted(rows, reverse=True)]
    return list(dict.fromkeys([*standard_reasons(), *lately]))[:8]


def standard_reasons() -> list[str]:
    """What is inferred most often."""
    return [
        _("Not named here; the passage around it speaks of them."),
        _("Named in the sentence before."),
        _("Follows from what is said of the other event."),
    ]
