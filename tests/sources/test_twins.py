"""Likely copies of a report: by its address, by its text, by its words; and what to make of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from osint.base.judgements import judge
from sources import addresses, twins
from sources.choices import Tlp
from sources.models import Report
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = date(2025, 11, 15)
WORDS = [f"word{number}" for number in range(100)]
ELSEWHERE = " ".join(f"other{number}" for number in range(100))


def written(**overrides: Any) -> Report:
    """A report with words and an address of its own, unless others are given."""
    number = next(make.number)
    text = " ".join(f"{word}x{number}" for word in WORDS)
    return make.make_report(**({"text": text, "url": f"https://outlet.example/{number}"} | overrides))


def found(report: Report, reader: Any) -> list[Report]:
    return [twin.record for twin in twins.of_report(report, reader).likely]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.outlet.example/convoy/", "http://outlet.example/convoy"),
        ("https://OUTLET.example/convoy#top", "https://outlet.example/convoy"),
        ("https://outlet.example/convoy?utm_source=x&utm_medium=y&fbclid=z", "https://outlet.example/convoy"),
        ("https://outlet.example/?p=5&utm_campaign=x", "https://outlet.example?p=5"),
        ("https://outlet.example/a?b=1&a=2", "https://outlet.example/a?a=2&b=1"),
        ("https://outlet.example:443/convoy", "https://outlet.example/convoy"),
        ("https://outlet.example/%D9%82%D8%B3%D8%B1%D9%83", "https://outlet.example/قسرك"),
        (
            "https://web.archive.org/web/20251115101010/https://www.outlet.example/convoy/",
            "http://outlet.example/convoy",
        ),
        ("https://web.archive.org/web/2025/http://outlet.example/c?id=3", "http://outlet.example/c?id=3"),
    ],
)
def test_two_ways_of_writing_one_address_are_seen_to_be_the_same(one, other):
    assert addresses.canonical(one) == addresses.canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://outlet.example/convoy", "https://outlet.example/convoys"),
        ("https://outlet.example/convoy?id=1", "https://outlet.example/convoy?id=2"),
        ("https://outlet.example/convoy", "https://other.example/convoy"),
        ("https://outlet.example:8000/convoy", "https://outlet.example/convoy"),
    ],
)
def test_two_addresses_stay_two(one, other):
    assert addresses.canonical(one) != addresses.canonical(other)


def test_an_address_that_cannot_be_read_counts_for_none():
    assert addresses.of_report("https://outlet.example:port/x", "http://[", "") == set()


@pytest.mark.parametrize("column", ["url", "archived_url"])
def test_a_report_at_the_same_address_is_found_whenever_it_was_published(column, alice):
    one = written(url="https://www.outlet.example/convoy/?utm_source=x")
    other = written(**{column: "http://outlet.example/convoy#end", "published_on": date(2020, 1, 1)})
    written(url="https://outlet.example/convoy-2")
    (twin,) = twins.of_report(one, alice).likely
    assert (twin.record, twin.way) == (other, "")
    assert "Same address" in twin.reasons[0]


def test_capitals_in_the_host_are_small_letters_in_every_script(alice):
    one = written(url="https://élan.example/2025/convoy")
    other = written(url="https://ÉLAN.example/2025/convoy")
    written(url="https://outlet.example/2025/convoy")
    assert found(one, alice) == [other]


def test_a_front_page_is_no_address_of_a_report(alice):
    one, _other = written(url="https://outlet.example/"), written(url="https://outlet.example")
    assert found(one, alice) == []


def test_the_same_text_is_found_whenever_it_was_published(alice):
    one = written()
    other = written(text=one.text, published_on=date(2020, 1, 1))
    (twin,) = twins.of_report(one, alice).likely
    assert twin.record == other
    assert twin.reasons == ["The texts are the same to the letter."]


@pytest.mark.parametrize(
    ("days", "kept", "is_twin"),
    [(0, 100, True), (3, 90, True), (-3, 80, True), (4, 90, False), (0, 60, False), (0, 0, False)],
)
def test_nearly_the_same_words_about_the_same_day_are_found(days, kept, is_twin, alice):
    one = written(text=" ".join(WORDS))
    text = f"According to the outlet: {' '.join(WORDS[:kept])} {ELSEWHERE[: 600 - 6 * kept]}"
    other = written(text=text, published_on=DAY + timedelta(days=days))
    assert (found(one, alice) == [other]) == is_twin


def test_a_copy_within_a_longer_text_is_found(alice):
    one = written(text=" ".join(WORDS))
    other = written(text=f"{ELSEWHERE} {' '.join(WORDS)} {ELSEWHERE}")
    (twin,) = twins.of_report(one, alice).likely
    assert twin.record == other
    assert "% of the words are the same." in twin.reasons[0]


def test_a_notice_of_a_few_words_is_no_copy(alice):
    one, _other = written(text="A convoy has arrived."), written(text="A convoy has arrived!")
    assert found(one, alice) == []


def test_a_copy_under_another_source_is_a_relay_and_under_the_same_an_update(alice):
    one = written()
    elsewhere = written(text=f"{one.text} and more")
    same = written(text=f"{one.text} and so on", source=one.source)
    ways = {twin.record: twin.way for twin in twins.of_report(one, alice).likely}
    assert ways == {elsewhere: "relay", same: "updates"}


def test_what_is_known_to_be_a_relay_or_an_update_is_left_out(alice):
    one = written()
    later, earlier, update = (written(text=one.text) for _number in range(3))
    make.make_relay(report=later, relayed_report=one)
    make.make_relay(report=one, relayed_report=earlier)
    update.updates = one
    update.save()
    assert found(one, alice) == []
    assert one not in found(update, alice)


def test_the_later_report_relays_the_earlier_whichever_is_looked_at(alice):
    later = written()
    earlier = written(text=later.text, published_on=DAY - timedelta(days=1))
    assert twins.relate(earlier, later, alice, "relay") == later
    assert later.relays.get().relayed_report == earlier
    assert later.relays.get().created_by == alice
    with pytest.raises(ValidationError, match="relays that report already"):
        twins.relate(earlier, later, alice, "relay")


def test_the_later_report_updates_the_earlier_and_only_one(alice):
    earlier = written()
    later = written(published_on=DAY + timedelta(days=1))
    twins.relate(later, earlier, alice, "updates")
    later.refresh_from_db()
    assert later.updates == earlier
    with pytest.raises(ValidationError, match="already"):
        twins.relate(later, written(), alice, "updates")


@pytest.mark.parametrize("way", ["relay", "updates"])
def test_a_viewer_makes_neither(way, victor):
    one, other = written(), written()
    with pytest.raises(PermissionDenied):
        twins.relate(one, other, victor, way)
    other.refresh_from_db()
    assert (other.updates, list(other.relays.all())) == (None, [])


def test_what_the_reader_may_not_see_is_no_twin(alice, edith):
    one = written()
    hidden = written(text=one.text, tlp=Tlp.RED)
    assert found(one, alice) == []
    assert found(one, edith) == [hidden]


def test_judged_copies_are_left_out_or_marked(alice):
    one = written()
    same, apart = written(text=one.text), written(text=one.text)
    judge(one, same, alice, "same", "Sent twice.")
    judge(one, apart, alice, "not_same")
    shown = twins.of_report(one, alice)
    assert [(twin.record, twin.judgement.verdict) for twin in shown.likely] == [(same, "same")]
    assert [twin.record for twin in shown.judged] == [apart]


def test_the_number_of_queries_is_the_same_at_one_copy_and_at_ten(alice):
    one = written()
    assert alice.get_all_permissions()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            twins.of_report(one, alice)
        return len(asked)

    written(text=one.text)
    with_one = queries()
    for _number in range(9):
        written(text=one.text)
    assert queries() == with_one
    assert len(found(one, alice)) == 10
    # Judgements; relays, updates; texts of those days, addresses, and the reports found.
    assert with_one == 6
