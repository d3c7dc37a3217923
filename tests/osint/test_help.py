"""The how-to pages: there in both languages, true of the demonstration, and where they are needed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.urls import reverse
from django.utils import translation

from osint import help as howto
from osint.base import dates
from tests.pages import text

pytestmark = pytest.mark.one_engine

ARABIC = re.compile("[\u0600-\u06ff]")
FIXTURES = settings.BASE_DIR / "fixtures"
each_page = pytest.mark.parametrize("page", howto.PAGES)


def words_of(name: str) -> str:
    return str((howto.HOME / name).read_text(encoding="utf-8"))


def quoted(page: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", page)


def demo() -> list[dict[str, Any]]:
    return json.loads((FIXTURES / "demo.json").read_text())  # type: ignore[no-any-return]


def test_each_page_is_there_in_both_languages_and_no_other():
    files = {path.name for path in Path(howto.HOME).glob("*.md")}
    assert files == {f"{page}{ending}" for page in howto.PAGES for ending in (".md", ".ar.md")}


@each_page
def test_a_page_has_its_title_and_is_in_its_language(page):
    english, arabic = words_of(f"{page}.md"), words_of(f"{page}.ar.md")
    assert re.match(r"# .+\n\n", english)
    assert re.match(r"# .+\n\n", arabic)
    shape = re.compile(r"^(#+ |\||- |\d+\. )", re.MULTILINE)
    assert shape.findall(english) == shape.findall(arabic), "one is longer than the other"
    without = re.sub(r"`[^`]*`|\([\w.]+\)|^\| [A-F] \|", "", arabic, flags=re.MULTILINE)
    assert not re.findall(r"[A-Za-z]{2,}", without)
    assert not ARABIC.search(re.sub(r"`[^`]*`", "", english))


def test_words_in_the_pages_are_those_of_the_demonstration():
    texts = [record["fields"]["text"] for record in demo() if record["model"] == "sources.report"]
    for path in howto.HOME.glob("*.md"):
        for words in filter(ARABIC.search, quoted(path.read_text())):
            assert any(words in one for one in texts), (path.name, words)


def test_both_languages_have_the_same_examples():
    for page in howto.PAGES:
        assert set(quoted(words_of(f"{page}.md"))) >= set(quoted(words_of(f"{page}.ar.md")))


def test_dates_in_the_pages_are_dates():
    for words in quoted(words_of("dating.md")):
        if not ARABIC.search(words):
            assert dates.parse(words).edtf == words
    held = {record["fields"]["when"] for record in demo() if record["model"] == "events.event"}
    rows = re.findall(r"^\|[^|]+\| `([^`]+)` \|", words_of("dating.md"), re.MULTILINE)
    assert rows
    assert set(rows) <= held


def test_letters_in_the_pages_are_those_of_the_sources():
    sources = json.loads((FIXTURES / "sources.json").read_text())
    letters = {record["fields"]["name_en"].split(" (")[0]: record["fields"]["reliability"] for record in sources}
    rows = re.findall(r"^\| ([A-F]) \|[^|]+\| (.+) \|$", words_of("admiralty.md"), re.MULTILINE)
    named = {name.split(" (")[0]: letter for letter, names in rows for name in names.split(", ")}
    assert len(named) == 4
    assert named.items() <= letters.items()


@pytest.mark.django_db
def test_the_admin_shows_them_in_the_language_of_the_reader(client, alice):
    client.force_login(alice)
    address = reverse("help", args=["dating"])
    assert "A date is kept as the earliest" in text(client.get(address))
    arabic = client.get(address, headers={"accept-language": "ar"}).content.decode()
    assert "يُحفظ التاريخ" in arabic
    assert f'href="{reverse("help", args=["bases"])}"' in arabic
    assert client.get(reverse("help", args=["nothing"])).status_code == 404
    assert "Dating" in text(client.get(reverse("help-contents")))


@pytest.mark.django_db
def test_they_are_for_those_who_work_here(client, victor):
    client.force_login(victor)
    assert client.get(reverse("help", args=["dating"])).status_code == 302


def test_every_link_in_them_leads_to_one_of_them():
    for page in howto.PAGES:
        for language in ("en", "ar"):
            with translation.override(language):
                _title, shown = howto.read(page)
            links = re.findall(r'href="([^"]+)"', shown)
            assert set(links) <= {reverse("help", args=[one]) for one in howto.PAGES}
            assert "<table>" not in shown or "<td>" in shown


def test_raw_html_in_a_page_shows_as_text(tmp_path):
    file = tmp_path / "bold.md"
    file.write_text("# One\n\n<b onclick=x>bold</b>\n")
    assert "&lt;b onclick=x&gt;" in howto.rendered(file, 0)[1]


def test_a_link_to_a_page_that_is_not_there_is_a_mistake():
    assert 'href="/admin/help/dating/"' in Template('{% load help %}{% help_link "dating" %}').render(Context())
    with pytest.raises(TemplateSyntaxError, match="dating"):
        Template('{% load help %}{% help_link "guessing" %}').render(Context())


@pytest.mark.django_db
def test_the_event_form_leads_to_them(client, alice):
    client.force_login(alice)
    page = client.get(reverse("admin:events_event_add")).content.decode()
    assert re.findall(r'class="help-link" href="/admin/help/(\w+)/"', page) == [
        "citing", "entering", "dating", "entering", "entering", "counting", "entering", "bases",
    ]  # fmt: skip
