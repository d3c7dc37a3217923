"""What there is to tell of sources and reports, and of what is said of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q

from osint.base.chunks import chunks
from osint.history.notices import Audiences, Book, Told, identity_of, own, teller
from osint.history.recording import State, Touched
from sources.audiences import EVERYBODY, JUDGES, REPORTS_DESK, both, marked
from sources.models import PassageNote, Relay, Report, ReportJudgement, Source

COLUMNS = ("uuid", "tlp", "created_by", "assignee")


@teller
def of_sources(touched: Touched) -> Iterator[Told]:
    """Sources; and, where one goes by another name now, the reports that name it."""
    for sides in touched.get(Source, {}).values():
        yield from own(Source, sides, EVERYBODY, EVERYBODY)
    reports = Book(Report, COLUMNS, touched)
    keys = naming(touched)
    reports.learn(keys)
    for key in sorted(keys - set(reports.changed)):
        audience = marked(reports.after(key))
        yield Told(Report, str(identity_of(reports.after(key))), audience, audience)


def naming(touched: Touched) -> set[int]:
    """Reports of a source that goes by another name now, or that relay it."""
    renamed = [key for key, (old, new) in touched.get(Source, {}).items() if old and new and old["slug"] != new["slug"]]
    named = Q(source__in=renamed) | Q(relays__relayed_source__in=renamed)
    return set(Report.objects.filter(named).order_by().values_list("pk", flat=True)) if renamed else set()


@teller
def of_reports(touched: Touched) -> Iterator[Told]:
    """Reports; and, where others see one now, what leads to it."""
    for sides in touched.get(Report, {}).values():
        yield from own(Report, sides, marked(sides[0]), marked(sides[1]))
    moved = moved_in(touched)
    if moved:
        yield from leading_to(moved, Book(Report, COLUMNS, touched))
        yield from about(moved, touched)


def moved_in(touched: Touched) -> dict[int, tuple[State, State]]:
    """Reports that others see now than before the change."""
    changed = touched.get(Report, {}).items()
    return {key: (old, new) for key, (old, new) in changed if old and new and marked(old) != marked(new)}


def leading_to(moved: dict[int, tuple[State, State]], reports: Book) -> Iterator[Told]:
    """Reports that update or relay one that others see now: told to those who see both, before or after."""
    links: set[tuple[Any, Any]] = set()
    for keys in chunks(moved):
        links |= set(Report.objects.filter(updates__in=keys).order_by().values_list("pk", "updates"))
        links |= set(Relay.objects.filter(relayed_report__in=keys).order_by().values_list("report", "relayed_report"))
    reports.learn(key for key, _named in links)
    for key, named in sorted(links):
        if key not in reports.changed:
            seen, (old, new) = marked(reports.after(key)), moved[named]
            yield Told(Report, str(identity_of(reports.after(key))), both(seen, marked(old)), both(seen, marked(new)))


def about(moved: dict[int, tuple[State, State]], touched: Touched) -> Iterator[Told]:
    """What is said of reports that others see now."""
    for keys in chunks(moved):
        notes = PassageNote.objects.filter(report__in=keys).order_by().values_list("pk", "uuid", "report")
        for key, uuid, report in notes:
            if key not in touched.get(PassageNote, {}):
                old, new = moved[report]
                yield Told(PassageNote, str(uuid), marked(old, REPORTS_DESK), marked(new, REPORTS_DESK))


@teller
def of_notes(touched: Touched) -> Iterator[Told]:
    """Notes on passages."""
    reports = Book(Report, COLUMNS, touched)
    changed = touched.get(PassageNote, {})
    reports.learn(state["report"] for sides in changed.values() for state in sides if state)
    for old, new in changed.values():
        before = marked(reports.before(old["report"]), REPORTS_DESK) if old else frozenset()
        after = marked(reports.after(new["report"]), REPORTS_DESK) if new else frozenset()
        yield from own(PassageNote, (old, new), before, after)


@teller
def of_judgements(touched: Touched) -> Iterator[Told]:
    """Judgements on two reports."""
    reports = Book(Report, COLUMNS, touched)
    changed = dict(touched.get(ReportJudgement, {}))
    changed |= {key: sides for key, sides in judging(moved_in(touched)).items() if key not in changed}
    reports.learn(state[name] for sides in changed.values() for state in sides if state for name in PAIR)
    for old, new in changed.values():
        before = seen_by_judges(reports.before, old) if old else frozenset()
        after = seen_by_judges(reports.after, new) if new else frozenset()
        yield from own(ReportJudgement, (old, new), before, after)


PAIR = ("first", "second")


def seen_by_judges(report: Callable[[int], State | None], judgement: State) -> Audiences:
    """Who sees a judgement: who may read judgements, and sees both reports."""
    one, other = (marked(report(judgement[name])) for name in PAIR)
    return both(JUDGES, both(one, other))


def judging(reports: Iterable[int]) -> dict[int, tuple[State, State]]:
    """Judgements on one of these reports, as they were and are."""
    found: dict[int, tuple[State, State]] = {}
    for keys in chunks(reports):
        on_them = ReportJudgement.objects.filter(Q(first__in=keys) | Q(second__in=keys)).order_by()
        found |= {row.pop("pk"): (row, row) for row in on_them.values("pk", "uuid", *PAIR)}
    return found
