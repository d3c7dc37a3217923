"""Searching by three letters: the index is right whoever writes, the nearest comes first, and hits are marked."""

import time
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from events.models import Claim, Event, Site, SiteName
from osint.base import trigrams
from osint.base.highlights import excerpt, hits, sought
from osint.base.markup import marked
from osint.base.text import fold, fold_with_map, searchable
from sources.models import Report
from tests import factories as make
from tests.kit.past_the_orm import execute, rows
from tests.rest import API, client, refused
from tests.rest import given as answered


def found(**lookup: Any) -> set[int]:
    """Keys of sites found."""
    return set(Site.objects.filter(**lookup).values_list("pk", flat=True))


def check_all() -> None:
    """Every index is there and holds what the texts say."""
    for index in trigrams.INDEXES.values():
        trigrams.check(index, connection)


def settle() -> None:
    """Let the database look at references now, which it does at the end of a transaction: a test's has none."""
    connection.check_constraints()


# The index


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part", ["q", "qa", "qas", "rak b", "سرك", "ق", "nothing", "%", "_a", "a_", "\\", '"', "AND", "*"]
)
def test_holds_finds_what_contains_finds(part):
    make.make_qasrak()
    assert found(folded_en__holds=part) == found(folded_en__contains=part)
    assert found(folded_ar__holds=part) == found(folded_ar__contains=part)
    assert set(Report.objects.filter(title__holds=part)) == set(Report.objects.filter(title__contains=part))


@pytest.mark.django_db
def test_the_index_is_right_whoever_writes():
    site = make.make_site(name_en="Foxtrot", name_ar="فوكستروت")
    site.name_en = "Tango"
    site.save()
    assert (found(folded_en__holds="foxtrot"), found(folded_en__holds="tango")) == (set(), {site.pk})
    Site.objects.filter(pk=site.pk).update(folded_en="quebec")
    assert (found(folded_en__holds="tango"), found(folded_en__holds="quebec")) == (set(), {site.pk})
    models.QuerySet(Site).filter(pk=site.pk).update(folded_en="sierra")
    execute("UPDATE events_site SET folded_ar = 'وسكي' WHERE id = %s", [site.pk])
    assert found(folded_en__holds="sierra") == found(folded_ar__holds="وسك") == {site.pk}
    name = make.make_site_name(site=site, text="Zulu Romeo", language="en")
    assert list(SiteName.objects.filter(folded__holds="lu rom")) == [name]
    name.delete()
    site.delete()
    assert not SiteName.objects.filter(folded__holds="lu rom")
    assert found(folded_en__holds="sierra") == set()
    check_all()


@pytest.mark.django_db
def test_flush_and_loaddata_leave_the_index_right(tmp_path):
    make.make_qasrak()
    settle()
    saved = tmp_path / "sites.json"
    call_command("dumpdata", "events.site", natural_primary=True, natural_foreign=True, output=str(saved), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    check_all()
    assert found(folded_en__holds="qasrak") == set()
    call_command("loaddata", str(saved), verbosity=0)
    assert len(found(folded_en__holds="qasrak")) == 1
    check_all()


@pytest.mark.django_db
def test_what_a_migration_dropped_is_made_again():
    """Django builds a table anew to alter it, and drops its triggers; here the index is dropped by hand."""
    make.make_qasrak()
    settle()
    index = trigrams.INDEXES["events_site"]
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER {index.name}_update")
        models.QuerySet(Site).update(folded_en="changed meanwhile")
    else:
        trigrams.remove([index], connection)
    assert not trigrams.stands(index, connection)
    with pytest.raises(DatabaseError, match="missing"):
        trigrams.check(index, connection)
    call_command("migrate", verbosity=0)
    check_all()
    models.QuerySet(Site).update(folded_en="changed meanwhile")
    assert len(found(folded_en__holds="meanwhile")) == Site.objects.count()


def test_every_folded_column_has_its_index():
    columns = {
        (model._meta.db_table, field.column)
        for label in ("sources", "events")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.fields
        # The cues of the reading aid are never searched: all of them are read at once.
        if str(field.column).startswith("folded") and model._meta.label != "events.Cue"
    }
    assert columns <= {(index.table, column) for index in trigrams.INDEXES.values() for column in index.columns}


@pytest.mark.django_db
def test_on_postgresql_a_missing_extension_is_named_with_the_way_out():
    if connection.vendor == "postgresql":
        assert trigrams.has_trigrams(connection)
    with pytest.raises(CommandError, match=r"pg_trgm.*permission denied(.|\n)*CREATE EXTENSION"):
        trigrams.not_permitted(connection, DatabaseError("permission denied to create extension"))


# Working it out again


@pytest.fixture
def spoilt() -> Event:
    """An event whose searched text somebody has overwritten."""
    event = make.make_event(summary_en="A convoy passed.", summary_ar="")
    models.QuerySet(Event).filter(pk=event.pk).update(folded="nonsense")
    return event


@pytest.mark.django_db
def test_reindex_works_out_again_what_records_are_found_by(spoilt):
    before = Event.objects.values("version", "changed_at").get()
    told = StringIO()
    with pytest.raises(CommandError, match="1 records"):
        call_command("reindex", check=True, stderr=told)
    assert Event.objects.get().folded == "nonsense"
    call_command("reindex", stdout=told, stderr=told)
    assert "1 records were corrected" in told.getvalue()
    assert "events.event" in told.getvalue()
    assert Event.objects.get().folded == searchable("A convoy passed.")
    assert Event.objects.values("version", "changed_at").get() == before
    call_command("reindex", check=True, stdout=told, stderr=told)
    call_command("verify_history", stdout=told)


@pytest.mark.django_db
def test_reindex_says_which_index_is_broken():
    if connection.vendor == "sqlite":
        execute("INSERT INTO trigrams_events_site(rowid, folded_en) VALUES (99, 'ghost')")
    else:
        trigrams.remove([trigrams.INDEXES["events_site"]], connection)
    told = StringIO()
    with pytest.raises(CommandError, match="trigrams_events_site"):
        call_command("reindex", check=True, stderr=told)
    call_command("reindex", stdout=told, stderr=told, verbosity=0)
    call_command("reindex", check=True, stdout=told, stderr=told)


# What comes first


@pytest.mark.django_db
def test_names_are_ordered_by_how_near_they_come(alice):
    make.make_site(slug="sounding", name_en="Kasrak", name_ar="", namesake_note="For the test.")
    make.make_site(slug="within", name_en="Alqasrakiyah", name_ar="", namesake_note="For the test.")
    make.make_site(slug="word", name_en="Tal Qasrak", name_ar="", namesake_note="For the test.")
    make.make_site(slug="beginning", name_en="Qasrakabad", name_ar="", namesake_note="For the test.")
    exact = make.make_site(slug="zz-exact", name_en="Some other", name_ar="")
    make.make_site_name(site=exact, text="Qasrak", language="ku")
    order = ["zz-exact", "beginning", "word", "within", "sounding"]
    assert [site.slug for site in Site.objects.named("qasrak").nearest_first("qasrak")] == order
    desk = Client()
    desk.force_login(alice)
    asked = {"app_label": "events", "model_name": "placement", "field_name": "site", "term": "Qasrak"}
    offered = [int(row["id"]) for row in desk.get("/admin/autocomplete/", asked).json()["results"]]
    assert [Site.objects.get(pk=pk).slug for pk in offered] == order
    shown = desk.get("/admin/events/site/", {"q": "qasrak"})
    assert [site.slug for site in shown.context["cl"].result_list] == order
    by_slug = desk.get("/admin/events/site/", {"q": "qasrak", "o": "1"})
    assert [site.slug for site in by_slug.context["cl"].result_list] == sorted(order)


@pytest.mark.django_db
def test_events_are_ordered_by_how_near_they_come_when_asked(alice):
    base = make.make_qasrak()
    sounds = make.make_event(summary_en="Near Kasrak.", summary_ar="")
    within = make.make_event(summary_en="The Qasrakites left.", summary_ar="")
    says = make.make_event(summary_en="Shots near Qasrak.", summary_ar="")
    placed = make.make_event(summary_en="A patrol.", summary_ar="")
    make.make_placement(event=placed, site=base)
    events = f"{API}/events/"
    ranked = answered(client(alice).get(events, {"q": "qasrak", "ordering": "relevance"}))["results"]
    assert [row["uuid"] for row in ranked] == [str(event.uuid) for event in (placed, says, within, sounds)]
    newest = answered(client(alice).get(events, {"q": "qasrak"}))["results"]
    assert [row["uuid"] for row in newest] == [str(event.uuid) for event in (placed, says, within, sounds)]
    by_reference = answered(client(alice).get(events, {"q": str(says.reference), "ordering": "relevance"}))["results"]
    assert by_reference[0]["uuid"] == str(says.uuid)
    refused(client(alice).get(events, {"ordering": "relevance"}), '"ordering"', "without q")
    refused(client(alice).get(events, {"q": "x", "ordering": "nearest"}), '"ordering"', "relevance")


@pytest.mark.django_db
def test_reports_are_found_by_each_word_and_ordered_by_how_near_they_come(alice):
    texts = {"Apart": "A convoy, and later fuel.", "Within": "A convoy fuelled.", "Told": "Then a convoy fuel stop."}
    for title, text in texts.items():
        make.make_report(title=title, text=text)
    make.make_report(title="Convoy fuel", text="Nothing.")
    make.make_report(title="Other", text="A convoy.")
    asked = {"q": "convoy fuel", "ordering": "relevance"}
    ranked = answered(client(alice).get(f"{API}/reports/", asked))["results"]
    assert [row["title"] for row in ranked] == ["Convoy fuel", "Told", "Within", "Apart"]


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", [{}, {"ordering": "relevance"}])
def test_pages_of_what_is_found_neither_repeat_nor_skip(alice, ordering):
    for n in range(7):
        make.make_event(summary_en=f"Convoy {n}.", summary_ar="")
    seen: list[str] = []
    asked = {"q": "convoy", "page_size": "3", "count": "true"} | ordering
    answer = answered(client(alice).get(f"{API}/events/", asked))
    for page in (1, 2, 3):
        assert answer["count"] == 7
        assert (answer["next"] is None, answer["previous"] is None) == (page == 3, page == 1)
        seen += [row["uuid"] for row in answer["results"]]
        answer = answered(client(alice).get(answer["next"])) if answer["next"] else answer
    whole = answered(client(alice).get(f"{API}/events/", {"q": "convoy"} | ordering))["results"]
    assert seen == [row["uuid"] for row in whole]
    back = answered(client(alice).get(answer["previous"]))
    assert [row["uuid"] for row in back["results"]] == seen[3:6]
    assert answered(client(alice).get(f"{API}/events/", {"q": "nowhere"}))["results"] == []


# Cut words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("kil*led", "killed"), ("KI*LLED", "killed"), ("kil.led", "killed"), ("kil_led", "killed"),
        ("kil-led", "killed"), ("kil\u200bled", "killed"), ("kil\u200b*led", "killed"), ("ki\u0301l*led", "killed"),
        ("k-i-l-l-e-d", "killed"), ("اعت*قال", "اعتقال"), ("مق.تل", "مقتل"), ("د.ا.ع.ش", "داعش"),
        ("مـ ـقـ ـتل", "مقتل"), ("اعتـ ـقال", "اعتقال"), ("اعتـ*ـقال", "اعتقال"), ("والقت_لى", "والقتلي"),
        # What is honest stays as it is.
        ("22*30", "22 30"), ("3.5", "3 5"), ("e.g. this", "e g this"), ("U.S.", "u s"), ("a*b", "a b"),
        ("al-Shaddadi", "al shaddadi"), ("Deir ez-Zor", "deir ez zor"), ("قوات_سوريا", "قوات سوريا"),
        ("حمص.ثم", "حمص ثم"), ("example.com", "example com"), ("*bold* words", "bold words"), ("F-16", "f 16"),
    ],
)  # fmt: skip
def test_words_cut_in_two_are_read_as_whole_and_others_are_not(text, folded):
    assert fold(text) == folded


def test_looking_for_cut_words_takes_as_long_as_the_text_is():
    def seconds(text):
        begin = time.process_time()
        fold(text)
        return time.process_time() - begin

    for part in ("a\u0301", "\u064e", "\u200f", "a.", "ق.", "a.b1"):
        short, long = (min(seconds(part * size + "a1") for _try in range(3)) for size in (2_000, 20_000))
        assert long < 30 * max(short, 0.002), part


def test_a_cut_word_is_marked_as_it_stands():
    text = "ثم اعتـ ـقال ثلاثة، and two were kil*led there."
    assert [text[start:end] for start, end in hits(text, sought("اعتقال killed"))] == ["اعتـ ـقال", "kil*led"]


# Marks


def shown(text: str, query: str, names: tuple[str, ...] = ()) -> list[str]:
    """The marked stretches of a text."""
    return [text[start:end] for start, end in hits(text, sought(query, names))]


def test_every_hit_is_marked_in_the_text_as_it_was_written():
    assert shown("قاعِدَةُ قَسْرَكٍ وقاعدة الشدادي", "قاعده") == ["قاعِدَةُ", "قاعدة"]
    assert shown("near al-Ḥasakah, AL HASAKAH", "hasakah") == ["Ḥasakah", "HASAKAH"]
    assert shown("the US busy", "us") == ["US"]
    assert shown("Shots near قسرك and Kasrak", "Qasrek", ("Qasrek",)) == ["قسرك", "Kasrak"]
    assert shown("Shots near قسرك", "Qasrek") == []
    assert shown("deir ez-Zor city", "deir ez zor") == ["deir ez-Zor"]
    assert shown("", "x") == shown("text", "") == []


@given(st.text(max_size=60), st.text(max_size=6))
def test_marks_leave_every_character_in_its_place(text, query):
    what = sought(query, [query])
    ranges = hits(text, what)
    assert ranges == sorted(ranges)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert len(fold_with_map(text)[0]) >= len(ranges)


def test_marked_text_is_escaped_and_shows_invisible_marks():
    html = marked("<b>Qasrak\u202e</b> & more", sought("qasrak"))
    assert html == ('&lt;b&gt;<mark>Qasrak</mark><bdi class="control" title="U+202E">⟦RLO⟧</bdi>&lt;/b&gt; &amp; more')
    assert marked("<mark>", sought("mark")) == "&lt;<mark>mark</mark>&gt;"
    assert marked("plain", None) == "plain"


def test_an_excerpt_shows_the_words_around_the_first_hit():
    text = f"{'before ' * 40}the convoy passed {'after ' * 40}"
    told = excerpt(text, sought("convoy"))
    assert "the convoy passed after" in told
    assert told.startswith("… before")
    assert told.endswith("after …")
    assert excerpt("a convoy", sought("convoy")) == "a convoy"
    assert excerpt(text, sought("nothing")) == ""


@pytest.mark.django_db
def test_the_front_page_and_the_lists_mark_what_was_looked_for(alice):
    event = make.make_event(summary_en="", summary_ar="مرت <b>قافلة</b> قرب قَسرك.")
    make.make_qasrak()
    report = make.make_report(text="Text: شاحنة في الطريق.", title="شاحنة <i>")
    make.make_claim(citation=make.make_citation(event=event, report=report), quote="شاحنة في الطريق")
    desk = Client()
    desk.force_login(alice)
    front = desk.get("/", {"q": "Qasrek"}).content.decode()
    assert "&lt;b&gt;قافلة&lt;/b&gt; قرب <mark>قَسرك</mark>." in front
    assert (
        '<blockquote dir="auto"><mark>شاحنة</mark> في الطريق</blockquote>'
        in desk.get("/", {"q": "شاحنه"}).content.decode()
    )
    assert "قرب <mark>قَسرك</mark>." in desk.get("/admin/events/event/", {"q": "qasrak"}).content.decode()
    assert "<mark>Qasrak</mark> base" in desk.get("/admin/events/site/", {"q": "qasrak"}).content.decode()
    reports = desk.get("/admin/sources/report/", {"q": "شاحنه"}).content.decode()
    assert "<mark>شاحنة</mark> &lt;i&gt;" in reports
    assert "Text: <mark>شاحنة</mark> في" in reports
    page = desk.get(f"/reports/{report.uuid}/", {"q": "الطريق"}).content.decode()
    assert "<mark>الطريق</mark>" in page
    assert desk.get(f"/reports/{report.uuid}/", {"q": "\0 a b " * 50}).status_code == 200
    assert Claim.objects.count() == 1
    assert rows("SELECT count(*) FROM events_event") == [(1,)]


def test_a_list_searched_for_what_is_no_text_marks_nothing(alice):
    make.make_report()
    desk = Client()
    desk.force_login(alice)
    for address in ("sources/report", "events/event", "events/site"):
        assert desk.get(f"/admin/{address}/", {"q": "a\x00b"}).status_code == 200
