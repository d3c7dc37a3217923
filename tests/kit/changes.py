"""One way to change a record of every kind, for tests that go through all of them."""

from typing import Any

from django.apps import apps

from osint.base.record import Record
from osint.history.models import Entry, Value
from osint.history.past import read
from tests import factories as make

# Of each kind: what makes one, and a column of it with a value that it has not yet.
KINDS: dict[str, tuple[Any, str, Any]] = {
    "Source": (make.make_source, "note", "Seen at the desk."),
    "Report": (make.make_report, "note", "Nothing else in it."),
    "Attachment": (make.make_attachment, "name", "page-as-saved.html"),
    "ReportJudgement": (make.make_report_judgement, "reason", "The same words."),
    "Relay": (make.make_relay, "quote", "نقله المرصد السوري"),
    "EventType": (make.make_event_type, "definition", "What else counts as one."),
    "Measure": (make.make_measure, "definition", "How it is counted."),
    "Site": (make.make_site, "note", "Two kilometres off the road."),
    "SiteName": (make.make_site_name, "text", "تسمية أخرى"),
    "Actor": (make.make_actor, "note", "Named so since 2019."),
    "ActorName": (make.make_actor_name, "text", "لقب آخر"),
    "ActorLink": (make.make_actor_link, "note", "Announced by both."),
    "Event": (make.make_whole_event, "summary_en", "A supply convoy arrived, it is said."),
    "Placement": (make.make_placement, "role", "near"),
    "Involvement": (make.make_involvement, "role", "present"),
    "Count": (make.make_count, "best", 26),
    "Citation": (make.make_citation, "note", "The last paragraph."),
    "Claim": (make.make_claim, "standing", "in_conflict"),
    "Correction": (make.make_correction, "reason", "Marked far too openly."),
    "Comment": (make.make_comment, "text", "Is it the same convoy?"),
    "Cue": (make.make_cue, "value", "at_least"),
    "PassageNote": (make.make_passage_note, "text", "An aim, no incident."),
    "EventJudgement": (make.make_event_judgement, "reason", "Another day."),
    "SiteJudgement": (make.make_site_judgement, "reason", "On the other bank."),
    "ActorJudgement": (make.make_actor_judgement, "reason", "Two brigades."),
}


def kinds() -> list[type[Record]]:
    """Every model whose records have a history."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


def made(model: type[Record]) -> Any:
    """A record of this kind."""
    return KINDS[model.__name__][0]()


def change_of(model: type[Record]) -> tuple[str, Any]:
    """A column of this kind of record, and another value for it."""
    _make, name, value = KINDS[model.__name__]
    return name, value


def newest() -> list[Entry]:
    """The entries of the newest change."""
    last = Entry.objects.order_by("-seq").first()
    return list(Entry.objects.filter(change=last.change).order_by("seq")) if last else []


def entry_about(record: Any) -> Entry:
    """What the newest change says of the record."""
    [found] = [one for one in newest() if (one.model, one.key) == (record._meta.label_lower, record.pk)]
    return found


def sides(entry: Entry) -> dict[str, tuple[Any, Any]]:
    """Field by field from what to what."""
    values = Value.objects.filter(entry=entry).exclude(field__startswith="@")
    return {value.field: read(value.text) for value in values}
