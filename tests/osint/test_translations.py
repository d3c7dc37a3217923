"""The interface in Arabic: every sentence of ours is translated, with its placeholders, compiled, and shown."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import make_published_event

pytestmark = pytest.mark.one_engine

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "ar" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|<[^>]+>")
# Forms for none, one and two, in which an Arabic noun says its own number.
NUMBERLESS = {0, 1, 2}
Key = tuple[str | None, str]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A request in Arabic leaves its language to the thread; the next test begins in English."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def catalogue() -> list[polib.POEntry]:
    """The sentences of ours, with what they are in Arabic."""
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def identity(entry: polib.POEntry) -> Key:
    """What tells a sentence from all others."""
    return entry.msgctxt, entry.msgid


def translations(entry: polib.POEntry) -> dict[int, str]:
    """The translation, or the one for each form of the plural."""
    return dict(entry.msgstr_plural) or {max(NUMBERLESS) + 1: entry.msgstr}


def test_every_sentence_has_its_translation_and_nobody_has_to_look_it_through(catalogue: list[polib.POEntry]) -> None:
    open_ones = [entry.msgid for entry in catalogue if not all(translations(entry).values()) or entry.fuzzy]
    assert not open_ones, "translate these in the .po, then run `make messages`"


def test_a_translation_is_in_arabic(catalogue: list[polib.POEntry]) -> None:
    names = {"TLP", "UUID"}
    latin = [
        entry.msgid
        for entry in catalogue
        for said in translations(entry).values()
        if not re.search("[؀-ۿ]", said)
        and re.search("[A-Za-z]", PLACEHOLDER.sub("", said))
        and entry.msgid not in names
    ]
    assert not latin


def test_a_noun_with_a_number_has_the_six_forms_of_arabic(catalogue: list[polib.POEntry]) -> None:
    assert polib.pofile(str(CATALOGUE)).metadata["Plural-Forms"].startswith("nplurals=6;")
    assert {len(entry.msgstr_plural) for entry in catalogue if entry.msgid_plural} == {6}


def test_a_translation_has_the_placeholders_of_its_sentence(catalogue: list[polib.POEntry]) -> None:
    for entry in catalogue:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for form, said in translations(entry).items():
            found = sorted(PLACEHOLDER.findall(said))
            numberless = sorted(name for name in wanted if not name.startswith("%("))
            assert found == wanted or (form in NUMBERLESS and found == numberless), entry.msgid


def test_what_is_compiled_is_what_is_written(catalogue: list[polib.POEntry]) -> None:
    written = {identity(entry): translations(entry) for entry in catalogue}
    compiled = {identity(entry): translations(entry) for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    assert compiled == written, "run `make messages`"


def test_every_sentence_in_the_code_is_in_the_catalogue(catalogue: list[polib.POEntry], tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("install gettext")
    collected = {identity(entry) for entry in polib.pofile(str(collect(tmp_path)))}
    assert collected == {identity(entry) for entry in catalogue}, "run `make messages`"


def collect(scratch: Path) -> Path:
    """The sentences in a copy of the code, so that the committed catalogue stays as it is."""
    for name in ("osint", "sources", "events", "templates"):
        shutil.copytree(
            settings.BASE_DIR / name, scratch / name, ignore=shutil.ignore_patterns("locale", "static", "__pycache__")
        )
    # Not by manage.py, whose settings would name the catalogue that is committed.
    command = [sys.executable, "-m", "django", "makemessages", "--settings", "osint.settings", "--locale", "ar"]
    subprocess.run(command, cwd=scratch, check=True, capture_output=True)
    return scratch / CATALOGUE.relative_to(settings.BASE_DIR)


# Pages

LABELS = ["events_event", "sources_report", "sources_source", "events_site", "events_citation"]


def text_of(client: Client, address: str) -> str:
    """What a person sees or hears of a page: its text, and the words in its attributes."""
    answer = client.get(address, headers={"accept-language": "ar"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(page).split())


def english_in(page: str, catalogue: list[polib.POEntry]) -> list[str]:
    """Sentences of ours that stand there in English; single words could be anybody's."""
    pieces = [
        " ".join(piece.split())
        for entry in catalogue
        for piece in PLACEHOLDER.split(entry.msgid)
        if len(re.findall("[A-Za-z]", piece)) > 12 and " " in piece.strip()
    ]
    return [piece for piece in pieces if piece in page]


def test_english_is_found_where_there_is_some(client: Client, adam: User, catalogue: list[polib.POEntry]) -> None:
    client.force_login(adam)
    page = client.get(reverse("admin:events_event_add"), headers={"accept-language": "en"}).content.decode()
    found = english_in(" ".join(unescape(page).split()), catalogue)
    assert (
        "Whose words you are entering. Another report of the same event: choose it here and enter what it says."
        in found
    )


@pytest.mark.parametrize("name", ["admin:login", "front"])
def test_a_page_for_everybody_has_no_english_of_ours(
    client: Client, db: None, settings: object, name: str, catalogue: list[polib.POEntry]
) -> None:
    settings.PUBLIC_API = True  # type: ignore[attr-defined]
    make_published_event()
    assert not english_in(text_of(client, reverse(name)), catalogue)


@pytest.mark.parametrize("view", ["add", "change", "changelist"])
@pytest.mark.parametrize("label", LABELS)
def test_a_page_of_the_admin_has_no_english_of_ours(
    client: Client, adam: User, label: str, view: str, catalogue: list[polib.POEntry]
) -> None:
    event = make_published_event()
    citation = event.citations.get()
    key = {
        "events_event": event.pk,
        "sources_report": citation.report_id,
        "sources_source": citation.report.source_id,
        "events_site": event.placements.all()[0].site_id,
        "events_citation": citation.pk,
    }[label]
    client.force_login(adam)
    address = reverse(f"admin:{label}_{view}", args=[key] if view == "change" else [])
    assert not english_in(text_of(client, address), catalogue)


def test_the_page_of_an_event_has_no_english_of_ours(
    client: Client, edith: User, catalogue: list[polib.POEntry]
) -> None:
    event = make_published_event()
    client.force_login(edith)
    assert not english_in(text_of(client, reverse("event", args=[event.reference])), catalogue)
    report = event.citations.get().report
    assert not english_in(text_of(client, reverse("report", args=[report.uuid])), catalogue)
    assert not english_in(text_of(client, reverse("source", args=[report.source.slug])), catalogue)
