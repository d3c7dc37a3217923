"""Records that are called by a text, with all their names, in one statement."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from events import called
from events.called import Called, Statement
from events.models import EventType, Site
from osint.base import trigrams
from tests import factories as make


def found_by(text: str) -> Called:
    """What is called by a text."""
    [found], _is_so = called.found_by([called.so(text)])
    return found


def test_a_text_calls_what_bears_it_with_all_names_and_what_holds_it_uncut(db):
    base = make.make_site(slug="zamburak-almanac", name_en="Zamburak Almanac", name_ar="قاعدة قسرك")
    make.make_site_name(site=base, text="Ferdows Baydar", language="en")
    names = {"Zamburak Almanac", "قاعدة قسرك", "Ferdows Baydar"}
    for whole in ("Zamburak Almanac", "zamburak-almanac", "قاعده قسرك", "Ferdows Baydar", "FERDOWS BAYDAR"):
        found = found_by(whole).whole
        assert (found.records[Site], found.names) == ({base.pk}, names), whole
    for part in ("almanac", "Zamburak", "Baydar"):
        same, holders = found_by(part)
        assert (same.records[Site], holders.records[Site]) == (set(), {base.pk}), part
    for other in ("amburak", "Zamburak Alm", "%", "_", "ba", called.FOLDED, "q" * 3_000):
        assert not any(one.records[Site] | one.records[EventType] for one in found_by(other)), other


def test_a_condition_is_asked_besides_and_several_texts_at_once(db):
    [one, other] = [make.make_actor(name_en=name) for name in ("Zamburak", "Almanac")]
    texts = [called.so("zamburak"), called.with_words(["almanac", "zamburak", "x"]), called.with_words(["x"])]
    for number in (1, 0):
        (first, second, third), is_so = called.found_by(texts, Statement("1 = %s", (number,)))
        assert is_so is bool(number)
        kept: Any = [set(found.records[type(one)]) for found in (first.whole, second.holders, third.holders)]
        assert kept == [{one.pk}, {one.pk, other.pk}, set()]


@pytest.mark.engine("postgresql")
def test_what_is_in_the_sample_of_a_column_is_common(db):
    rows: Any = SimpleNamespace(db="default", model=SimpleNamespace(_meta=SimpleNamespace(db_table="sample")))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sample AS SELECT 'line ' || n AS folded FROM generate_series(1, 300) n")
        cursor.execute("ANALYZE sample")
        for text, expected in (("line", True), ("line 299", False), ("%", False)):
            condition, values = trigrams.sampled(rows, "folded", [text])
            cursor.execute(f"SELECT {condition}", values)
            assert cursor.fetchone() == (expected,), text
