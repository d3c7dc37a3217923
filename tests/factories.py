"""Records for tests: each `make_x(**overrides)` gives one that was checked and saved, with sensible defaults.

Related records are made where none is given. `make_whole_event()` is the convoy of 12 November with all its evidence.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.utils import timezone

from events import workflow
from events.choices import ActorKind, ActorRole, CueKind, Facet, LinkKind, Qualifier, SiteKind, SiteRole
from events.models import (
    Actor,
    ActorJudgement,
    ActorLink,
    ActorName,
    Citation,
    Claim,
    Comment,
    Correction,
    Count,
    Cue,
    Event,
    EventJudgement,
    EventType,
    Involvement,
    Measure,
    Placement,
    Site,
    SiteJudgement,
    SiteName,
)
from osint.access.models import Token
from osint.access.models import make as store_token
from osint.base.judgements import Verdict
from osint.base.names import Named
from osint.base.record import Record
from osint.history import recording
from sources.choices import NoteKind, Reliability, SourceKind
from sources.models import Attachment, PassageNote, Relay, Report, ReportJudgement, Source

R = TypeVar("R", bound=Record)
N = TypeVar("N", bound=Named)

number = count(1)

# The words of the default report, and which of them state which fact of the convoy.
WORDS = {
    "relay": "وفق ما نقله المرصد السوري لحقوق الإنسان",
    Facet.WHAT: "دخول قافلة إمداد",
    Facet.WHO: "تابعة للتحالف الدولي",
    Facet.WHERE: "حتى قاعدة قسرك",
    Facet.WHEN: "يوم الأربعاء 12 تشرين الثاني",
    Facet.HOW_MANY: "قرابة 25 شاحنة",
}
TEXT = (
    f"ريف الحسكة، {WORDS['relay']}: {WORDS[Facet.WHAT]} {WORDS[Facet.WHO]} {WORDS[Facet.WHERE]}، وذلك "
    f"{WORDS[Facet.WHEN]}. وقد ضمت القافلة {WORDS[Facet.HOW_MANY]} محملة بالوقود.\n"
)


def kept(record: R) -> R:
    """The record, checked as a form would and saved.

    What takes a query to check, the database is asked as it writes: to ask beforehand took a third of the time of most
    tests. Only what it refuses is checked in full, for the sentence.
    """
    relations = [field.name for field in record._meta.fields if field.is_relation]
    record.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
    try:
        record.save()
    except IntegrityError:
        record.full_clean()
        raise
    return record


def known(model: type[N], make: Any, slug: str, **values: Any) -> N:
    """The record with this slug, made where there is none."""
    return model._default_manager.filter(slug=slug).first() or make(slug=slug, **values)


def whole(values: dict[str, Any], **makers: Callable[[], Any]) -> dict[str, Any]:
    """The values with what is needed and not given, which is made in one change with all that it needs itself."""
    if all(values.get(name) for name in makers):
        return values
    with recording.change():
        return {name: values.get(name) or make_one() for name, make_one in makers.items()} | values


def make_user(name: str, group: str = "Analyst", **overrides: Any) -> User:
    """A user of this group who may open the admin; the password is "<name>-password"."""
    values: dict[str, Any] = {"password": f"{name}-password", "is_staff": True} | overrides
    user = User.objects.create_user(name, **values)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_token(user: User, **overrides: Any) -> tuple[Token, str]:
    """A token of this user that was checked, and what it is used with."""
    values: dict[str, Any] = {"name": f"mirror {next(number)}", "expiry": timezone.now() + timedelta(days=9)}
    token = Token(user=user, **(values | overrides))
    token.full_clean(exclude=["digest", "beginning"])
    return token, store_token(token)


def make_source(**overrides: Any) -> Source:
    n = next(number)
    values: dict[str, Any] = {
        "slug": f"outlet-{n}",
        "name_en": f"Outlet {n}",
        "name_ar": f"وكالة {n}",
        "kind": SourceKind.OUTLET,
        "reliability": Reliability.C,
        "reliability_reason": "Names its sources as a rule.",
    }
    return kept(Source(**(values | overrides)))


def make_report(**overrides: Any) -> Report:
    values: dict[str, Any] = {
        "title": f"قافلة جديدة في الحسكة {next(number)}",
        "text": TEXT,
        "language": "ar",
        "url": "https://outlet.example/convoy",
        "published_on": date(2025, 11, 15),
    } | overrides
    return kept(Report(**whole(values, source=make_source)))


def make_relay(**overrides: Any) -> Relay:
    """A relay of a source (or, where `relayed_report` is given, of a report), quoted where the report has the words."""
    values: dict[str, Any] = whole(overrides, report=make_report)
    if not values.get("relayed_source") and not values.get("relayed_report"):
        values["relayed_source"] = make_source()
    if WORDS["relay"] in values["report"].text:
        values = {"quote": WORDS["relay"]} | values
    return kept(Relay(**values))


def make_attachment(**overrides: Any) -> Attachment:
    """A page as saved; `content` are its bytes."""
    content = overrides.pop("content", f"%PDF-1.7 {next(number)}".encode())
    values: dict[str, Any] = {"name": "page.pdf", "file": ContentFile(content, "page.pdf")} | overrides
    return kept(Attachment(**whole(values, report=make_report)))


def make_event_type(**overrides: Any) -> EventType:
    n = next(number)
    values = {"slug": f"type-{n}", "name_en": f"Type {n}", "name_ar": f"نوع {n}", "definition": "What counts as one."}
    return kept(EventType(**(values | overrides)))


def make_measure(**overrides: Any) -> Measure:
    n = next(number)
    values = {"slug": f"measure-{n}", "name_en": f"Measure {n}", "name_ar": f"مقياس {n}", "unit": "vehicle"}
    return kept(Measure(**(values | overrides)))


def make_site(**overrides: Any) -> Site:
    n = next(number)
    values = {"slug": f"site-{n}", "name_en": f"Site {n}", "name_ar": f"موقع {n}", "kind": SiteKind.VILLAGE}
    return kept(Site(**(values | overrides)))


def make_site_name(**overrides: Any) -> SiteName:
    values: dict[str, Any] = {"text": f"تسمية {next(number)}", "language": "ar"} | overrides
    return kept(SiteName(**whole(values, site=make_site)))


def make_actor(**overrides: Any) -> Actor:
    n = next(number)
    values = {"slug": f"actor-{n}", "name_en": f"Actor {n}", "name_ar": f"جهة {n}", "kind": ActorKind.ARMED_GROUP}
    return kept(Actor(**(values | overrides)))


def make_actor_name(**overrides: Any) -> ActorName:
    values: dict[str, Any] = {"text": f"لقب {next(number)}", "language": "ar"} | overrides
    return kept(ActorName(**whole(values, actor=make_actor)))


def make_actor_link(**overrides: Any) -> ActorLink:
    values: dict[str, Any] = {"kind": LinkKind.PART_OF, "when": "2015-10-11/.."} | overrides
    values = whole(values, actor=make_actor, other=make_actor)
    return kept(ActorLink(**values))


def make_event(**overrides: Any) -> Event:
    values: dict[str, Any] = {
        "when": "2025-11-12",
        "when_phrase": "12 تشرين الثاني",
        "summary_en": "A supply convoy of the Coalition arrived.",
        "summary_ar": "وصول قافلة إمداد للتحالف الدولي.",
    } | overrides
    return kept(Event(**whole(values, type=make_event_type)))


def make_placement(**overrides: Any) -> Placement:
    values: dict[str, Any] = {"role": SiteRole.AT} | overrides
    values = whole(values, event=make_event, site=make_site)
    return kept(Placement(**values))


def make_involvement(**overrides: Any) -> Involvement:
    values: dict[str, Any] = {"role": ActorRole.ACTS} | overrides
    values = whole(values, event=make_event, actor=make_actor)
    return kept(Involvement(**values))


def make_count(**overrides: Any) -> Count:
    """About 25 of something, unless other figures are given."""
    values = dict(overrides)
    if not {"low", "best", "high", "phrase"} & set(values):
        values |= {"best": 25, "qualifier": Qualifier.ABOUT, "phrase": WORDS[Facet.HOW_MANY]}
    values = whole(values, event=make_event, measure=make_measure)
    return kept(Count(**values))


def make_citation(**overrides: Any) -> Citation:
    return kept(Citation(**whole(overrides, event=make_event, report=make_report)))


def make_claim(**overrides: Any) -> Claim:
    """A claim of the facet whose value is given, else of the event's type; quoted where its report has a text."""
    values: dict[str, Any] = whole(overrides, citation=make_citation)
    facet = values.setdefault("facet", facet_of(values))
    if facet == Facet.WHAT:
        values = {"type": values["citation"].event.type} | values
    elif facet == Facet.WHERE:
        values = {"site_role": SiteRole.AT} | whole(values, site=make_site)
    elif facet == Facet.WHO:
        values = {"actor_role": ActorRole.ACTS} | whole(values, actor=make_actor)
    elif facet == Facet.HOW_MANY:
        values = {"phrase": WORDS[facet]} | whole(values, measure=make_measure)
    else:
        values = {"when": values["citation"].event.when} | values
    text = values["citation"].report.text
    return kept(Claim(**({"quote": WORDS[facet] if WORDS[facet] in text else text.strip()} | values)))


def facet_of(values: dict[str, Any]) -> Facet:
    """The facet that a claim with these values speaks of."""
    columns = {"site": Facet.WHERE, "actor": Facet.WHO, "measure": Facet.HOW_MANY, "when": Facet.WHEN}
    return next((facet for column, facet in columns.items() if values.get(column)), Facet.WHAT)


def make_correction(**overrides: Any) -> Correction:
    values: dict[str, Any] = {"before": {"tlp": "CLEAR"}, "after": {"tlp": "GREEN"}, "reason": "Marked too openly."}
    values |= overrides
    correction = Correction(**whole(values, event=make_event))
    correction.full_clean(exclude=["made_by"])
    correction.save()
    return correction


def judged(model: Any, make_one: Any, **overrides: Any) -> Any:
    """A judgement on two records, which are made where they are not given."""
    pair = whole(overrides, first=make_one, second=make_one)
    return kept(model(**({"verdict": Verdict.NOT_SAME, "reason": "Two days lie between them."} | overrides | pair)))


def make_event_judgement(**overrides: Any) -> EventJudgement:
    return judged(EventJudgement, make_event, **overrides)  # type: ignore[no-any-return]


def make_report_judgement(**overrides: Any) -> ReportJudgement:
    return judged(ReportJudgement, make_report, **overrides)  # type: ignore[no-any-return]


def make_site_judgement(**overrides: Any) -> SiteJudgement:
    return judged(SiteJudgement, make_site, **overrides)  # type: ignore[no-any-return]


def make_actor_judgement(**overrides: Any) -> ActorJudgement:
    return judged(ActorJudgement, make_actor, **overrides)  # type: ignore[no-any-return]


def make_comment(**overrides: Any) -> Comment:
    return kept(Comment(**({"text": "Which base was it?"} | whole(overrides, event=make_event))))


def make_passage_note(**overrides: Any) -> PassageNote:
    """A passage of a report that is nothing to code."""
    report = overrides.get("report") or make_report()
    values = {"report": report, "kind": NoteKind.NOTHING, "quote": report.text[:20]}
    return kept(PassageNote(**(values | overrides)))


def make_cue(**overrides: Any) -> Cue:
    """A word that says "about"."""
    values = {"kind": CueKind.QUALIFIER, "text": f"roughly {next(number)}", "language": "en", "value": "about"}
    return kept(Cue(**(values | overrides)))


def make_qasrak() -> Site:
    """Qasrak base, in al-Hasakah, in Syria."""
    syria = known(Site, make_site, "syria", name_en="Syria", name_ar="سوريا", kind=SiteKind.COUNTRY)
    hasakah = known(
        Site, make_site, "al-hasakah", name_en="Al-Hasakah", name_ar="الحسكة", kind=SiteKind.GOVERNORATE, parent=syria
    )
    names = {"name_en": "Qasrak base", "name_ar": "قاعدة قسرك"}
    point = {"latitude": 36.7, "longitude": 40.6, "precision_m": 10_000}
    return known(Site, make_site, "qasrak-base", kind=SiteKind.BASE, parent=hasakah, **names, **point)


def make_outlet_report(**overrides: Any) -> Report:
    """A report by an outlet that passes on SOHR."""
    with recording.change():
        sohr = known(Source, make_source, "sohr", name_en="SOHR", name_ar="المرصد السوري لحقوق الإنسان")
        report = make_report(**overrides)
        make_relay(report=report, relayed_source=sohr)
    return report


def make_whole_event(**overrides: Any) -> Event:
    """The convoy of 12 November: a draft whose every fact is stated by a claim of its one report (or of `report=`)."""
    report = overrides.pop("report", None) or make_outlet_report()
    if "type" not in overrides:
        names = {"name_en": "Convoy arrival", "name_ar": "وصول قافلة"}
        overrides["type"] = known(EventType, make_event_type, "convoy-arrival", **names)
    with recording.change():
        event = make_event(**overrides)
        tell_of_the_convoy(event, report)
    return Event.objects.get(pk=event.pk)


def tell_of_the_convoy(event: Event, report: Report) -> None:
    """Its facts, and a claim of the report for each of them."""
    coalition = known(Actor, make_actor, "coalition", name_en="International Coalition", name_ar="التحالف الدولي")
    trucks = known(Measure, make_measure, "trucks", name_en="Trucks", name_ar="شاحنات")
    figure = {"measure": trucks, "best": 25, "qualifier": Qualifier.ABOUT, "phrase": WORDS[Facet.HOW_MANY]}
    place = make_placement(event=event, site=make_qasrak(), role=SiteRole.TO)
    make_involvement(event=event, actor=coalition)
    make_count(event=event, **figure)
    citation = make_citation(event=event, report=report, credibility=2)
    make_claim(citation=citation, facet=Facet.WHAT)
    make_claim(citation=citation, when=event.when, when_phrase=WORDS[Facet.WHEN])
    make_claim(citation=citation, site=place.site, site_role=place.role)
    make_claim(citation=citation, actor=coalition)
    make_claim(citation=citation, **figure)


def make_retracted_event(**overrides: Any) -> Event:
    """The convoy, published and taken back."""
    event = make_published_event(**overrides)
    return workflow.retract(event, User.objects.get(username="publisher"), "The outlet withdrew it.")


def make_published_event(**overrides: Any) -> Event:
    """The convoy, published."""
    editor = User.objects.filter(username="publisher").first() or make_user("publisher", "Editor")
    return workflow.publish(make_whole_event(**overrides), editor)
