"""Every name that reports write is found, in each way that its letters can be written, by `q=` and by autocomplete."""

import unicodedata
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Actor, Site
from sources.models import Source
from tests.kit.shelf import load
from tests.rest import API, client
from tests.rest import given as answered

pytestmark = pytest.mark.django_db

# Record by slug, and spellings of it that were met in reports.
ACTORS = {
    "coalition": ["التحالف الدولي", "قوات التحالف", "International Coalition", "Global Coalition", "US-led Coalition"],
    "us-forces": ["القوات الأمريكية", "طائرات أمريكية", "US forces", "U.S. Army"],
    "sdf": ["قوات سوريا الديمقراطية", "قسد", "Syrian Democratic Forces", "SDF", "QSD"],
    "aanes": [
        "الإدارة الذاتية لشمال وشرق سوريا", "Autonomous Administration of North and East Syria", "AANES", "DAANES",
    ],
    "isis": ["داعش", "تنظيم داعش", "تنظيم الدولة الإسلامية", "Islamic State", "ISIS", "ISIL", "Daesh"],
    "syrian-government": [
        "الحكومة الانتقالية السورية", "حكومة دمشق", "Syrian transitional government", "Damascus government",
    ],
    "desert-security": ["أمن البادية", "Desert Security", "Badia Security"],
}  # fmt: skip
SOURCES = {"sohr": ["المرصد السوري لحقوق الإنسان", "Syrian Observatory for Human Rights", "SOHR"]}
SITES = {
    "al-shaddadi-base": ["قاعدة الشدادي", "al-Shaddadi base", "Shaddadah", "Shadadi"],
    "kharab-al-jir-base": ["قاعدة خراب الجير", "Kharab al-Jir base", "Kharab al-Jeir", "Rmeilan airfield"],
    "qasrak-base": ["قاعدة قسرك", "Qasrak base", "Qasrek", "Kasrak"],
    "al-talae-camp": ["معسكر الطلائع", "al-Talae' camp", "Vanguard camp"],
    "al-tanf-base": ["قاعدة التنف", "al-Tanf base", "al-Tanf garrison"],
    "al-seen-airport": ["مطار السين العسكري", "al-Seen military airport", "Sayqal", "As Sin air base"],
    "al-hasakah": ["الحسكة", "al-Hasakah"],
    "al-raqqa": ["الرقة", "al-Raqqa"],
    "deir-ez-zor": ["دير الزور", "Deir ez-Zor"],
    "rif-dimashq": ["ريف دمشق", "Rif Dimashq"],
    "homs": ["حمص", "Homs"],
    "al-suwayda": ["السويداء", "al-Suwayda"],
    "al-hasakah-city": ["مدينة الحسكة", "al-Hasakah city"],
    "al-raqqa-city": ["مدينة الرقة", "al-Raqqa city"],
    "tal-tamr": ["تل تمر", "Tal Tamr"],
    "abu-rasin": ["أبو راسين", "Abu Rasin", "Zarkan"],
    "al-darbasiyah": ["الدرباسية", "al-Darbasiyah"],
    "rmelan": ["رميلان", "Rmelan", "Rumaylan"],
    "al-dumayr": ["الضمير", "al-Dumayr"],
    "palmyra": ["تدمر", "Palmyra", "Tadmur"],
}
# Resource, model, the field of the admin that is filled by autocomplete, and the names.
KINDS: list[tuple[str, Any, tuple[str, str, str], dict[str, list[str]]]] = [
    ("sites", Site, ("events", "placement", "site"), SITES),
    ("actors", Actor, ("events", "involvement", "actor"), ACTORS),
    ("sources", Source, ("sources", "report", "source"), SOURCES),
]
NAMES = [(kind, slug, text) for kind in KINDS for slug, texts in kind[3].items() for text in texts]

HAMZAS = {"أ": "اإآٱأ", "إ": "اأإ", "آ": "ا", "ا": "اٱ", "ئ": "يىئ", "ؤ": "و", "ء": ""}
OTHERS = {"ة": "ةه", "ه": "هة", "ي": "يیى", "ى": "يى", "ك": "كک", "و": "وۆ"}
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
PREFIXES = ("و", "ب", "ل", "ول")


def presented(char: str) -> list[str]:
    """The presentation forms of an Arabic letter."""
    return [form for form in map(chr, range(0xFE80, 0xFEFD)) if unicodedata.normalize("NFKC", form) == char]


def ways(char: str, ends_word: bool) -> list[str]:
    """How a letter may be written, itself among them."""
    found = [char, char, char, *HAMZAS.get(char, ""), char.swapcase()]
    if char == "ء":
        found.append("")
    if char != "ه" or ends_word:
        found += OTHERS.get(char, "")
    if "\u0621" <= char <= "\u064a":
        found += [f"{char}ـ", *(char + mark for mark in MARKS), *presented(char)]
    return found


@st.composite
def written(draw: st.DrawFn) -> tuple[Any, str, str]:
    """A record, and one of its names as somebody may write it."""
    kind, slug, text = draw(st.sampled_from(NAMES))
    pairs = zip(text, f"{text[1:]} ", strict=True)
    whole = "".join(draw(st.sampled_from(ways(char, not following.strip()))) for char, following in pairs)
    if draw(st.booleans()):
        whole = unicodedata.normalize("NFD", whole)
    if "\u0621" <= text[0] <= "\u064a" and draw(st.integers(0, 4)) == 0:
        whole = draw(st.sampled_from(PREFIXES)) + whole
    return kind, slug, whole


@pytest.fixture
def known() -> None:
    """The names that come with Isnad."""
    load("taxonomy", "gazetteer", "actors", "sources")


def found_by_q(user: Any, resource: str, text: str) -> set[str]:
    """Slugs of what `q=` finds."""
    return {
        row["slug"]
        for row in answered(client(user).get(f"{API}/{resource}/", {"q": text, "page_size": "500"}))["results"]
    }


def offered(desk: Client, model: Any, field: tuple[str, str, str], text: str) -> list[str]:
    """Slugs of what an autocomplete of the admin offers at first."""
    asked = dict(zip(("app_label", "model_name", "field_name"), field, strict=True)) | {"term": text}
    keys = [int(row["id"]) for row in desk.get("/admin/autocomplete/", asked).json()["results"]]
    slugs = dict(model.objects.filter(pk__in=keys).values_list("pk", "slug"))
    return [slugs[key] for key in keys]


def test_each_name_is_found_as_reports_write_it_and_among_the_first(known, alice):
    desk = Client()
    desk.force_login(alice)
    missing = []
    for (resource, model, field, _names), slug, text in NAMES:
        if slug not in found_by_q(alice, resource, text):
            missing.append((text, "q="))
        if slug not in offered(desk, model, field, text)[:3]:
            missing.append((text, "autocomplete"))
    assert missing == []


@given(written())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_name_is_found_in_every_way_of_writing_its_letters(known, alice, name):
    (resource, model, field, _names), slug, text = name
    desk = Client()
    desk.force_login(alice)
    assert slug in found_by_q(alice, resource, text), text
    assert slug in offered(desk, model, field, text), text


@pytest.mark.parametrize("text", ["قـــسرك", "قَسْرَك", "ﻗﺴﺮك", "Ra\u0304's", "٤٧", "أ\u0301"])
def test_a_name_comes_back_byte_for_byte(alice, text):
    site = Site(slug="some", name_ar=text, name_en="", kind="village")
    site.full_clean()
    site.save()
    assert answered(client(alice).get(f"{API}/sites/some/"))["name_ar"].encode() == text.encode()
    assert found_by_q(alice, "sites", text) == {"some"}
