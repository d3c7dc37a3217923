"""Numbers and counts in words."""

import pytest
from django.utils import translation

from events.choices import Facet
from events.pages.wording import figure, said, worded
from tests.factories import WORDS, make_actor, make_claim, make_count, make_measure, make_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"best": 25, "qualifier": "about"}, "about 25"),
        ({"best": 4, "qualifier": "exactly"}, "4"),
        ({"low": 10}, "at least 10"),
        ({"high": 5}, "at most 5"),
        ({"low": 0, "high": 5}, "0–5"),
        ({"low": 20, "best": 25, "high": 30}, "25 (20–30)"),
        ({"best": 3, "low": 3}, "3"),
        ({"phrase": "عشرات", "qualifier": "dozens"}, "dozens"),
        ({"phrase": "بعض"}, ""),
        ({"best": 7, "qualifier": "unclear"}, "unclear 7"),
        ({"best": 10, "qualifier": "at_least"}, "at least 10"),
        ({"best": 10, "qualifier": "more_than"}, "more than 10"),
        ({"best": 10, "qualifier": "up_to"}, "up to 10"),
        ({"best": 10, "qualifier": "fewer_than"}, "fewer than 10"),
        ({"low": 10, "best": 10, "qualifier": "at_least"}, "at least 10"),
        ({"low": 10, "best": 12, "high": 15, "qualifier": "at_least"}, "at least 12 (10–15)"),
        ({"low": 10, "high": 10, "qualifier": "at_least"}, "at least 10"),
        ({"low": 10, "high": 10, "qualifier": "up_to"}, "up to 10"),
        ({"low": 10, "qualifier": "at_least"}, "at least 10"),
        ({"low": 5, "best": 10, "high": 15, "qualifier": "between"}, "10 (5–15)"),
        ({"low": 20, "high": 20, "qualifier": "dozens"}, "dozens"),
        ({"low": 20, "high": 90, "qualifier": "dozens"}, "dozens 20–90"),
    ],
)
def test_a_number_is_said_as_people_say_it(values, words):
    assert figure(make_count(**values)) == words


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [("at_least", "10 على الأقل"), ("more_than", "أكثر من 10"), ("up_to", "حتى 10"), ("fewer_than", "أقل من 10")],
)
def test_a_qualified_number_stands_where_arabic_puts_it(qualifier, words):
    with translation.override("ar"):
        assert figure(make_count(best=10, qualifier=qualifier)) == words


def test_a_count_names_what_is_counted_and_which_of_them():
    detained = make_measure(name_en="Detained")
    assert worded(make_count(measure=detained, best=3, label="others")) == "3 detained (others)"
    assert worded(make_count(measure=make_measure(name_en="US dollars"), best=3)) == "3 US dollars"


def test_a_claim_says_its_date_in_words_and_its_number_with_its_party():
    assert said(make_claim(when="2025-11", quote=WORDS[Facet.WHEN])) == "November 2025"
    trucks = make_measure(name_en="Trucks")
    assert said(make_claim(measure=trucks, best=20, party=make_actor(name_en="Coalition"))) == "20 trucks · Coalition"
    assert said(make_claim(measure=trucks, phrase="عشرات")) == "“عشرات” trucks"
    assert said(make_claim(site=make_site(name_en="Rmelan"))) == "at Rmelan"
