"""The incidents of the demo report, coded anew at the desk as an analyst does it; every move is counted.

Six of them, in which each way of coding a fact occurs; `make drill-coding` goes through all fourteen.
"""

import os
import sys
from typing import Any

import pytest
from playwright.sync_api import Page

from events import provenance, workflow
from events.models import Actor, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from tests.browser import desk
from tests.browser.hand import Coder
from tests.browser.incidents import PASSAGES, WORDS, by_form, demo_report, incidents
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

SHORT = {"convoy-arrival", "explosion-heard", "training", "al-raqqa-city", "deir-ez-zor-countryside", "al-hasakah"}


class Analyst(Coder):
    """Codes an incident of the demo."""

    def code(self, wanted: dict[str, Any]) -> list[str]:
        """From the first selection to the saved event; the moves it took."""
        self.start = 0
        for number, passage in enumerate(PASSAGES[wanted["name"]]):
            self.start, _end = self.select(*passage)
            self.press("s" if number else "e")
        self.what(wanted["what"])
        self.when(wanted["when"])
        for facet in ("where", "who"):
            self.take_all(facet, wanted[facet])
        for count in wanted["counted"]:
            self.number(*count)
        self.save()
        return self.taken()

    def what(self, slug: str) -> None:
        """What happened."""
        if self.suggestion("what", slug).count():
            self.accept("what", slug)
        elif not self.as_before("what", {slug}):
            name = EventType.objects.get(slug=slug).name_en
            self.choose("what", slug, WORDS["what", slug], name[:3].lower(), self.start)

    def when(self, when: str) -> None:
        """When: as recognised, as before, or from what is offered."""
        recognised = self.facet("when").locator(f'.suggestion[data-when="{when}"]')
        if recognised.count():
            self.click(recognised.locator(".way.default"), f"accept {when}")
        elif self.as_before("when", {when}):
            pass
        elif when == "2025-11-11":
            self.choose("when", "2025-11-13", WORDS["when", when], "", self.start)
            for _day in range(2):
                self.click(self.fact("when").locator(".step").first, "a day earlier")
        else:
            self.click(self.facet("when").locator('.undated[data-when="2025-11-01/2025-11-16"]'), "not dated")
            if when.startswith("["):
                self.click(self.fact("when").locator(".sense").nth(1), "one of these days")

    def take_all(self, facet: str, wanted: list[tuple[str, str, str]]) -> None:
        """Places or actors, each in its part."""
        recognised = [self.suggestion(facet, slug).count() > 0 for slug, _role, _basis in wanted]
        if not all(recognised) and self.as_before(facet, {slug for slug, _role, _basis in wanted}):
            return
        for slug, role, basis in wanted:
            if self.suggestion(facet, slug).count() and basis == "stated":
                self.accept(facet, slug, role)
                continue
            model: Any = Site if facet == "where" else Actor
            words = WORDS.get((facet, slug), ()) if basis == "stated" else ()
            assert words or basis != "stated", f"{slug} is not recognised"
            self.choose(facet, slug, words, model.objects.get(slug=slug).name_en.removeprefix("al-")[:3], self.start)
            self.set_role(facet, slug, role)
            if basis != "stated" and self.fact(facet, slug).locator(".ready").count():
                self.because(facet, slug)

    def number(self, measure: str, party: str, best: int, qualifier: str, phrase: str, _label: str) -> None:
        """How many, of whom."""
        recognised = self.suggestion("how_many", measure).and_(self.page.locator(f'[data-best="{best}"]'))
        if recognised.count():
            self.click(recognised.first.locator(f'[data-party="{party}"]' if party else ".way.default"), phrase)
            return
        name = Measure.objects.get(slug=measure).name_en
        self.choose("how_many", measure, (phrase,), name[:3], self.start)
        fact = self.fact("how_many", measure)
        if fact.locator("input").nth(1).input_value() != str(best):
            fact.locator("input").nth(1).fill(str(best))
            self.moves.append(f"type {best}")
        if fact.locator("select").first.input_value() != qualifier:
            self.pick(fact.locator("select").first, qualifier)
        if party:
            self.pick(self.fact("how_many", measure).locator("select").nth(1), party)
        if self.facet("how_many").locator(f'.fact[data-slug="{measure}"]').count() > 1 and measure == "detained":
            self.fact("how_many", measure).locator("input.label").fill("others")
            self.moves.append("type others")


def held(event: Event) -> dict[str, Any]:
    """What the stored event holds, as the demo says it."""
    return {
        "what": event.type.slug,
        "when": event.when,
        "where": {(one.site.slug, one.role) for one in event.placements.all()},
        "who": {(one.actor.slug, one.role) for one in event.involvements.all()},
        "how_many": sorted(
            (one.measure.slug, one.party.slug if one.party else "", one.best, one.qualifier)
            for one in event.counts.all()
        ),
    }


def demanded(wanted: dict[str, Any]) -> dict[str, Any]:
    """The same of the demo's."""
    return {
        "what": wanted["what"],
        "when": wanted["when"],
        "where": {(slug, role) for slug, role, _basis in wanted["where"]},
        "who": {(slug, role) for slug, role, _basis in wanted["who"]},
        "how_many": sorted(
            (measure, party, best, qualifier) for measure, party, best, qualifier, *_words in wanted["counted"]
        ),
    }


def stated(wanted: dict[str, Any]) -> set[tuple[str, str]]:
    """What the demo holds as stated, and the words of its date."""
    own = {(facet, slug) for facet in ("where", "who") for slug, _role, basis in wanted[facet] if basis == "stated"}
    own |= {("how_many", measure) for measure, *_rest in wanted["counted"]}
    return own | {("what", wanted["what"])} | ({("when", wanted["when"])} if wanted["phrase"] else set())


def quoted(event: Event) -> set[tuple[str, str]]:
    """What words of the report were quoted for."""
    return {
        (fact.facet, name_of(fact)) for fact in provenance.facts(event) if any(claim.quote for claim in fact.claims)
    }


def name_of(fact: provenance.HeldFact) -> str:
    """The slug of what the fact names, or its date."""
    match fact.holder:
        case Placement(site=site):
            return str(site.slug)
        case Involvement(actor=actor):
            return str(actor.slug)
        case Count(measure=measure):
            return str(measure.slug)
    return str(fact.holder.type.slug if fact.facet == "what" else fact.holder.when)


def test_the_incidents_are_coded_in_twelve_moves_each_on_average(page: Page, transactional_db: None) -> None:
    report = demo_report()
    make_user("alice")
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.set_default_timeout(20_000)
    desk.log_in(page, "alice")
    analyst = Analyst(page, report.text)
    analyst.open(report.pk)
    table: dict[str, list[str]] = {}
    coded = [one for one in incidents() if one["name"] in SHORT or os.environ.get("ISNAD_DRILL")]
    for wanted in coded:
        known = set(Event.objects.values_list("pk", flat=True))
        table[wanted["name"]] = analyst.code(wanted)
        event = workflow.whole(Event.objects.exclude(pk__in=known).get())
        assert held(event) == demanded(wanted)
        assert stated(wanted) <= quoted(event)
        assert provenance.missing(event) == []
    tell(table)
    assert len(table) == len(coded) >= len(SHORT)
    assert sum(map(len, table.values())) / len(table) <= 12
    typed = [move.removeprefix("type ") for moves in table.values() for move in moves if move.startswith("type")]
    assert all(len(words.strip("“”")) <= 3 for words in typed), "a name or a date is typed in full"
    # Each claim knows whether a person found it or the reading aid.
    assert Claim.objects.exclude(proposal="").exists()
    assert Claim.objects.filter(proposal="").exists()


def tell(table: dict[str, list[str]]) -> None:
    """The moves of each incident, for `pytest -s`, beside those that the plain form takes."""
    form = {wanted["name"]: by_form(wanted) for wanted in incidents() if wanted["name"] in table}
    for name, moves in table.items():
        sys.stdout.write(f"\n{len(moves):3} at the desk, {form[name]:3} in the form: {name}: {'; '.join(moves)}")
    moves_of = [sum(map(len, table.values())), sum(form.values())]
    told = "{:.1f} at the desk, {:.1f} in the form".format(*(number / len(table) for number in moves_of))
    sys.stdout.write(f"\nOn average {told}.\n")
