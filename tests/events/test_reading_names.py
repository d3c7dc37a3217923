"""Which places and actors the reading aid names in a sentence: spellings, sorts, lists, homonyms, look-alikes."""

import time
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events import reading
from events.choices import Facet
from events.models import ActorName, Cue, SiteName
from events.reading.names import find
from events.reading.words import Words
from tests import factories
from tests.events.reading_sentences import NAMES, SENTENCES
from tests.kit import shipped

pytestmark = pytest.mark.django_db
PUBLISHED = date(2025, 11, 16)


@pytest.fixture(scope="module", autouse=True)
def known(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.fill()
        yield
        transaction.set_rollback(True)


def read(text):
    return reading.read(text, PUBLISHED)


def slugs(text, facet):
    return {one.choices[0].slug for one in read(text) if one.facet == facet}


def test_places_and_actors_of_a_sentence_are_named_and_nothing_else():
    wrong = []
    for text, sites, actors in SENTENCES:
        found = slugs(text, Facet.WHERE), slugs(text, Facet.WHO)
        if found != (set(sites.split()), set(actors.split())):
            wrong.append((text, found))
    assert not wrong


def test_every_spelling_that_reports_use_is_read_as_the_record_that_it_means():
    wrong = []
    for slug, spellings in NAMES.items():
        for spelling in spellings.split("|"):
            text = (
                f"Reports speak of {spelling}, once more."
                if spelling.isascii()
                else f"تحدثت المصادر عن {spelling}، أمس."
            )
            named = [one for one in read(text) if one.facet in {Facet.WHERE, Facet.WHO}]
            if [one.choices[0].slug for one in named] != [slug]:
                wrong.append((slug, spelling, [(text[one.start : one.end], one.choices[0].slug) for one in named]))
    assert not wrong


def test_the_span_covers_the_words_without_letters_that_belong_to_others():
    for text, words in (
        ("وبقاعدة قسرك", "قاعدة قسرك"),
        ("والرقة", "الرقة"),
        ("تدريبات لـقوات سوريا الديمقراطية (قسد)", "قوات سوريا الديمقراطية"),
        ("بين التحالف و«قسد»،", "التحالف"),
        ("خلايا تنظيم «الدولة الإسلامية».", "تنظيم «الدولة الإسلامية»"),
        ("قرب قـ ـسرك.", "قـ ـسرك"),
        ("مدينة السُّوَيداءِ.", "مدينة السُّوَيداءِ"),
        ("Al-Hasakah's fields", "Al-Hasakah"),
        ("the U.S. Army.", "U.S. Army"),
        ("in al-Hasakah's southern countryside, too", "al-Hasakah's southern countryside"),
    ):
        first = next(one for one in read(text) if one.facet in {Facet.WHERE, Facet.WHO})
        assert text[first.start : first.end] == words


def test_a_name_that_several_places_bear_is_proposed_with_all_of_them_the_likeliest_first():
    (bare,) = [one for one in read("هدوء حذر في الحسكة") if one.facet == Facet.WHERE]
    assert [choice.slug for choice in bare.choices] == ["al-hasakah", "al-hasakah-city"]
    assert "several places" in bare.why
    (area,) = [one for one in read("في ريف دير الزور الشرقي") if one.facet == Facet.WHERE]
    assert [choice.slug for choice in area.choices][:2] == ["eastern-deir-ez-zor-countryside", "deir-ez-zor"]


def test_a_country_is_a_place_only_where_no_narrower_one_is_named():
    assert slugs("وصلت التعزيزات إلى قاعدة قسرك (سوريا)", Facet.WHERE) == {"qasrak-base"}
    assert slugs("The situation in Syria is calm.", Facet.WHERE) == {"syria"}
    assert slugs("قوات سوريا الديمقراطية والحكومة السورية", Facet.WHERE) == set()


def test_a_capital_that_deals_or_speaks_is_its_government():
    for text, sites, actors in (
        ("مفاوضات بين دمشق وقسد", set(), {"syrian-government", "sdf"}),
        ("اتفاق قسد ودمشق على التهدئة", set(), {"syrian-government", "sdf"}),
        ("أعلنت دمشق وقف القتال في حلب", {"aleppo"}, {"syrian-government"}),
        ("Damascus and the SDF agreed; Damascus said so.", set(), {"syrian-government", "sdf"}),
        ("قوات مدعومة من دمشق وصلت إلى دمشق وحمص", {"damascus", "homs"}, set()),
        ("The convoy left Damascus for Homs.", {"damascus", "homs"}, set()),
    ):
        assert (slugs(text, Facet.WHERE), slugs(text, Facet.WHO)) == (sites, actors), text


def test_who_is_taken_up_by_the_first_word_of_a_name_is_found_again():
    found = read("هاجم تنظيم داعش حاجزاً، ثم انسحب التنظيم. The Coalition said the coalition would stay.")
    assert [one.choices[0].slug for one in found if one.rule == "name.again"] == ["isis", "coalition"]


def test_a_spelling_that_nobody_stored_is_heard():
    for text, slug in (
        ("The convoy went to Qasrakk base.", "qasrak-base"),
        ("Shelling of al-Darbasiyyeh and its villages", "al-darbasiyah"),
        ("وصلت إلى بلدة الدرباسيا", "al-darbasiyah"),
        ("fighting near the town of Hajeen", "hajin"),
    ):
        (heard,) = [one for one in read(text) if one.facet == Facet.WHERE]
        assert (heard.rule, heard.choices[0].slug) == ("name.sound", slug)


def test_parts_are_read_from_the_words_before():
    text = (
        "وصل رتل من قاعدة التنف إلى قاعدة قسرك عبر معبر الوليد، وحلقت طائرات فوق الشدادي قرب الحسكة. "
        "A convoy moved from Palmyra to Homs. Patrols ran between Tal Tamr and Abu Rasin."
    )
    told = {one.choices[0].slug: one.said.get("role") for one in read(text) if one.facet == Facet.WHERE}
    assert told == {
        "al-tanf-base": "from", "qasrak-base": "to", "al-waleed-crossing": "via", "al-shaddadi": "over",
        "al-hasakah": "near", "palmyra": "from", "homs": "to", "tal-tamr": "between", "abu-rasin": "between",
    }  # fmt: skip
    text = "نفذت قوات التحالف برفقة قسد عملية ضد خلايا داعش. The SDF with US forces raided cells of ISIL."
    assert [(one.choices[0].slug, one.said.get("role")) for one in read(text) if one.facet == Facet.WHO] == [
        ("coalition", "acts"), ("sdf", "partner"), ("isis", "target"), ("sdf", None), ("us-forces", "partner"),
        ("isis", "target"),
    ]  # fmt: skip


def test_a_text_that_names_its_source_in_every_line_takes_time_in_proportion():
    def seconds(lines: int) -> float:
        text = "سقطت قذيفة، بحسب المرصد السوري.\n" * lines
        begin = time.process_time()
        assert sum(one.facet == "origin" for one in read(text)) == lines
        return time.process_time() - begin

    seconds(10)
    short, long = (min(seconds(lines) for _try in range(2)) for lines in (200, 1_600))
    assert long < short * 8 * 3


def test_whose_deed_it_is_acts_whoever_else_was_hurt():
    text = "قُتل ثلاثة مدنيين وأصيب خمسة آخرون بقصف تركي على ريف تل تمر."
    told = {one.choices[0].slug: one.said.get("role") for one in read(text) if one.facet == Facet.WHO}
    assert told["turkish-forces"] == "acts"


def test_on_whose_word_it_is_told():
    for text, slug, rule in (
        ("بحسب المرصد السوري لحقوق الإنسان، وصل رتل.", "sohr", "origin.cue"),
        ("وأفاد المرصد بأن رتلاً وصل.", "sohr", "origin.cue"),
        ("The drill was held, SOHR said.", "sohr", "origin.cue"),
        ("According to the Syrian Network for Human Rights, two died.", "snhr", "origin.cue"),
        ("نقلاً عن وكالة هاوار للأنباء", "hawar-news", "origin.cue"),
        ("وفقاً لمصادر محلية، وصل رتل.", None, "origin.voice"),
        ("local residents fled, according to activists in the town", None, "origin.voice"),
    ):
        (told,) = [one for one in read(text) if one.facet == "origin"]
        assert (told.choices[0].slug if told.choices else None, told.rule) == (slug, rule), text


def test_what_happened_is_told_by_cue_words():
    for text, slug in (
        ("وصل رتل عسكري", "convoy-arrival"), ("هبوط طائرات شحن", "airlift"), ("وبالذخيرة الحية", "live-fire-training"),
        ("اعتـ ـقال شخصين", "arrest"), ("قصفت المدفعية القرية", "shelling"), ("شنّت غارتين جويتين", "strike"),
        ("انفجار عبوة ناسفة", "ied"), ("اندلعت اشتباكات", "clash"), ("محاولة اغتيال", "assassination"),
        ("جولة تفقدية", "inspection-patrol"), ("an IED exploded", "ied"), ("air strikes hit it", "strike"),
        ("clashes broke out", "clash"), ("a joint patrol", "joint-patrol"), ("was kidnapped", "abduction"),
    ):  # fmt: skip
        assert slug in [one.choices[0].slug for one in read(text) if one.facet == Facet.WHAT], text


def test_every_type_has_cues_in_both_languages():
    types = set(Cue.objects.filter(kind="type").values_list("type__slug", "language"))
    assert {(slug, language) for slug, _language in types for language in ("ar", "en")} == types
    assert len({slug for slug, _language in types}) == 60


def test_what_an_editor_adds_is_known_at_once():
    text = "غادر الفوج السابع تل العصافير بعد الزمجرة."
    assert read(text) == []
    factories.make_site(slug="sparrow-hill", name_en="Sparrow Hill", name_ar="تل العصافير", kind="village")
    ActorName.objects.create(actor=factories.make_actor(slug="seventh"), text="الفوج السابع")
    Cue.objects.create(kind="type", text="زمجرة", type=factories.make_event_type(slug="roaring"))
    found = {(str(one.facet), one.choices[0].slug) for one in read(text)}
    assert found == {("who", "seventh"), ("where", "sparrow-hill"), ("what", "roaring")}
    SiteName.objects.filter(site__slug="sparrow-hill").delete()
    Cue.objects.create(kind="ignore", text="تل العصافير")
    assert slugs(text, Facet.WHERE) == set()


def test_the_reading_is_the_same_again_and_asks_the_database_once():
    text = "بين مدينة الرقة وقاعدة قسرك وحمص " * 40
    first = read(text)
    with CaptureQueriesContext(connection) as queries:
        assert read(text) == first
    # 1 query: whether anything has changed since the names were taken into memory.
    assert len(queries) == 1


def test_labels_and_reasons_are_in_the_language_of_the_reader():
    with translation.override("ar"):
        (one,) = [one for one in read("Qasrak base") if one.facet == Facet.WHERE]
        assert one.choices[0].label == "قاعدة قسرك"


def test_texts_that_are_no_report_are_borne():
    for text in (
        "",
        " ",
        "...",
        "\n\n",
        "ا",
        "ـ ـ ـ",
        "\u202e\u200f",
        "😀" * 50,
        "ءءء ء",
        "a" * 5000,
        "ال" * 500,
        "1" * 400,
    ):
        assert isinstance(read(text), list)
        assert isinstance(find(Words(text), reading.lexicon.current()), list)
