"""Names: one record is found by any spelling, in either script, and shown in the reader's language."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events.models import Actor, Site
from sources.models import Source
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qasrak() -> Site:
    site = make.make_qasrak()
    make.make_site_name(site=site, text="Qesrek", language="ku")
    return site


@pytest.mark.parametrize(
    "text",
    [
        "qasrak-base", "Qasrak", "qasrak base", "QASREK", "Kasrak", "Qasraq", "قسرك", "قاعدة قسرك", "قاعده قسرك",
        "قَسْرَك", "قـسـرك", "Qesrek", "qesr",
    ],
)  # fmt: skip
def test_a_site_is_found_by_any_spelling(qasrak, text):
    make.make_site(name_en="Kharab al-Jir", name_ar="خراب الجير")
    assert list(Site.objects.named(text)) == [qasrak]


@pytest.mark.parametrize("text", ["", "  ", "،", "\u0640", "Atlantis", "%", "_", "x" * 5_000])
def test_what_names_nothing_finds_nothing(qasrak, text):
    assert not Site.objects.named(text)


def test_a_record_with_several_matching_spellings_is_found_once(qasrak):
    for text in ("Qasrek", "Kasrek", "Qesirek"):
        make.make_site_name(site=qasrak, text=text, language="en")
    assert list(Site.objects.named("Qasrak")) == [qasrak]
    assert Site.objects.named("Qasrak").count() == 1


@pytest.mark.parametrize("make_one", [make.make_source, make.make_measure, make.make_event_type, make.make_actor])
def test_every_named_record_is_found_by_a_part_of_its_name(make_one):
    one = make_one(name_en="Tal Tamr", name_ar="تل تمر")
    make_one(name_en="Al-Darbasiyah", name_ar="الدرباسية")
    assert list(type(one)._default_manager.named("tamr")) == [one]
    assert list(type(one)._default_manager.named("تمر")) == [one]


def test_looking_up_a_name_is_one_query(qasrak):
    with CaptureQueriesContext(connection) as captured:
        list(Site.objects.named("Qasrak"))
    assert len(captured) == 1


def test_a_name_shows_in_the_readers_language_else_in_the_other():
    both, english, arabic = (
        Actor(name_en="Coalition", name_ar="التحالف"),
        Actor(name_en="Coalition"),
        Actor(name_ar="التحالف"),
    )
    with translation.override("ar"):
        assert [actor.name for actor in (both, english, arabic)] == ["التحالف", "Coalition", "التحالف"]
    with translation.override("en"):
        assert [str(actor) for actor in (both, english, arabic)] == ["Coalition", "Coalition", "التحالف"]


@pytest.mark.parametrize("slug", ["", "Al-Hasakah", "al hasakah", "-a", "a-", "a--b", "الحسكة", "a/b", "a\n", "a" * 81])
def test_a_slug_of_another_shape_is_refused(slug):
    with pytest.raises(ValidationError) as caught:
        make.make_source(slug=slug)
    assert "slug" in str(caught.value.message_dict) or caught.value.messages


@pytest.mark.parametrize("name", ["a\nb", "a\u202eb", "\u200f", " ", "a\0b", "\ud800", "ا" * 201])
def test_a_name_nobody_could_read_or_trust_is_refused_by_its_field(name):
    with pytest.raises(ValidationError) as caught:
        make.make_source(name_ar=name)
    assert "name_ar" in caught.value.message_dict


@pytest.mark.parametrize("language", ["arabic", "AR", "a", "", "ar\n"])
def test_a_spelling_has_a_language_code(language):
    with pytest.raises(ValidationError):
        make.make_site_name(language=language)


def test_a_name_that_unfolds_to_many_letters_fits_its_column():
    source = make.make_source(name_ar="ﷺ" * 200, name_en="")
    assert Source.objects.get(pk=source.pk).name_ar == "ﷺ" * 200
