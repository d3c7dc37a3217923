"""A quote is verbatim: found where it stands, refused where it does not, with the passage that was perhaps meant."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.state import ModelState, StateApps
from hypothesis import assume, given
from hypothesis import strategies as st

from sources.models import Relay
from sources.quotes import Quoting, locate, nearest, occurrences
from tests import factories as make

TEXT = "وصلت قافلة إلى قاعدة قسرك، ثم غادرت القافلة قاعدة قسرك."
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


def refused(quote: str, text: str = TEXT) -> str:
    with pytest.raises(ValidationError) as caught:
        locate(quote, text)
    return caught.value.messages[0]


@given(text=texts, data=st.data())
def test_any_passage_of_a_text_is_found_at_its_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert locate(text[start:end], text, start) == (start, end)
    assert start in occurrences(text[start:end], text)


@given(text=texts, quote=texts)
def test_what_is_not_there_is_refused(text, quote):
    assume(quote not in text)
    assert "word for word" in refused(quote, text)


def test_a_quote_one_letter_off_is_refused_with_the_passage_that_was_meant():
    said = refused("وصلت قافلة إلى قاعدة قصرك")
    assert "“وصلت قافلة إلى قاعدة قصرك” is not in the report word for word." in said
    assert "Nearest: “وصلت قافلة إلى قاعدة قسرك”." in said


@pytest.mark.parametrize("quote", ["وصلت  قافلة", "وصلت قافله", "وَصلت قافلة", "Wصلت", "وصلت\u200f قافلة"])
def test_what_only_folds_alike_is_not_verbatim(quote):
    assert "word for word" in refused(quote)


def test_a_quote_with_nothing_near_it_says_only_where_to_get_one():
    assert refused("xyz") == "“xyz” is not in the report word for word. Copy the words from the report's text."


def test_a_quote_that_stands_twice_is_refused_until_its_place_is_said():
    assert "stands 2 times" in refused("قاعدة قسرك")
    second = TEXT.rindex("قاعدة قسرك")
    assert locate("قاعدة قسرك", TEXT, second) == (second, second + 10)


def test_overlapping_places_all_count():
    assert occurrences("اا", "ااا") == [0, 1]
    assert occurrences("", "abc") == []


def test_a_long_quote_is_shown_short():
    said = refused("ع" * 10_000, "غ" * 500_000)
    assert len(said) < 500


def test_the_nearest_passage_of_an_empty_text_is_none():
    assert nearest("abc", "") == ""


@pytest.mark.django_db
class TestRecords:
    def test_the_place_is_filled_in(self):
        relay = make.make_relay()
        assert relay.report.text[relay.start : relay.end] == relay.quote

    def test_without_a_quote_there_is_no_place(self):
        relay = make.make_relay(quote="", start=3, end=5)
        assert (relay.start, relay.end) == (None, None)

    @pytest.mark.parametrize(("start", "end"), [(1, 3), (None, 3), (0, None), (-1, 5), (10**6, 10**6 + 1)])
    def test_a_wrong_place_is_refused_with_the_right_one(self, start, end):
        relay = make.make_relay()
        true = relay.start, relay.end
        relay.start, relay.end = start, end
        with pytest.raises(ValidationError) as caught:
            relay.full_clean()
        said = str(caught.value)
        assert f"{true[0]}–{true[1]}" in said or "start" in caught.value.message_dict

    def test_a_quote_that_moves_takes_its_new_place(self):
        relay = make.make_relay()
        relay.quote, relay.start, relay.end = relay.quote[1:], None, None
        relay.full_clean()
        assert relay.report.text[relay.start : relay.end] == relay.quote

    def test_a_relay_of_no_report_asks_for_one(self):
        with pytest.raises(ValidationError) as caught:
            Relay(relayed_source=make.make_source(), quote="x").full_clean()
        assert "report" in caught.value.message_dict

    def test_a_report_knows_whether_anything_rests_on_its_words(self):
        assert not make.make_report().is_quoted()
        assert not make.make_relay(quote="").report.is_quoted()
        assert make.make_relay().report.is_quoted()
        assert make.make_claim().citation.report.is_quoted()


def test_a_model_of_the_past_quotes_nothing():
    """While an older backup is brought up to date, its models are subclasses too, and have no methods of ours."""
    past = ModelState("sources", "Relay", [], bases=(Quoting, models.Model)).render(StateApps([], {}))
    assert past in Quoting.__subclasses__()
    assert {kind.__name__ for kind in Quoting.kinds()} == {"Relay", "PassageNote", "Claim"}
