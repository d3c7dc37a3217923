"""The documentation says what is there: settings, commands, parameters, links."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import find_commands, get_commands

from events import filters as events_filters
from osint.base.filters import StrictFilterSet
from osint.history import filters as history_filters
from osint.standards.asking import keys
from sources import filters as sources_filters
from tests.factories import make_site

PROJECT = Path(__file__).parent.parent.parent
PAGES = sorted(found for place in ("", "docs/", "docs/howto/", "fixtures/") for found in PROJECT.glob(f"{place}*.md"))
RUNNING = (PROJECT / "docs" / "running.md").read_text()
QUERYING = PROJECT / "docs" / "querying.md"
README = (PROJECT / "README.md").read_text()


def headings(text: str, level: str = "#+") -> list[str]:
    """The headings of a page, without what marks them as code."""
    without_code = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [found.replace("`", "") for found in re.findall(rf"^{level} (.+)$", without_code, re.MULTILINE)]


def anchors(page: Path) -> set[str]:
    """Where in a page a link may lead, as code hosts name it."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(page.read_text())}


def settings_read() -> set[str]:
    """Names of the environment variables that the settings read."""
    text = (PROJECT / "osint" / "settings.py").read_text().partition("# What a person may set")[2]
    return set(re.findall(r"= (?:{\"default\": )?[a-z_]+\(\s*\"([A-Z_]+)\"", text))


def own_commands() -> list[str]:
    return find_commands(str(PROJECT / "osint" / "management"))


def parameters() -> list[tuple[str, str]]:
    """Every parameter of every list, with the model that is listed."""
    found = []
    for module in (sources_filters, events_filters, history_filters):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, StrictFilterSet) and value is not StrictFilterSet:
                found += [(value.__name__, name) for name in value.get_filters() if not follows_by_rule(name)]
    return found


def follows_by_rule(name: str) -> bool:
    """Whether the guide tells of it once for all parameters, and not here: that it is none of these, or missing."""
    return name.endswith(("!", "_empty"))


def test_the_settings_are_those_we_know():
    assert {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "PORT", "PUBLIC_API"} <= settings_read()


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_has_its_heading(name):
    assert name in headings(RUNNING, "###")


def test_every_setting_explained_is_there():
    section = RUNNING.partition("## Settings")[2].partition("\n## ")[0]
    assert set(headings(section, "###")) == settings_read()


def test_every_command_of_ours_has_its_heading_and_no_other():
    section = RUNNING.partition("## Commands")[2].partition("\n## ")[0]
    assert sorted(headings(section, "###")) == sorted(own_commands())
    assert all(get_commands()[name] == "osint" for name in own_commands())


@pytest.mark.parametrize(("resource", "name"), parameters())
def test_every_parameter_of_the_api_has_its_heading(resource, name):
    assert name in headings(QUERYING.read_text()), resource


def test_what_follows_from_parameters_by_rule_is_told_once():
    assert {"name!", "name_empty"} <= set(headings(QUERYING.read_text()))
    for name in events_filters.EventFilters.base_filters:
        assert not name.endswith("_empty") or f"`{name}`" in QUERYING.read_text(), name


@pytest.mark.parametrize("document", PAGES, ids=lambda found: str(found.relative_to(PROJECT)))
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def test_every_page_is_found_from_the_front():
    listed = re.findall(r"\(([\w/.]+\.md)\)", README)
    assert {page.name for page in PROJECT.glob("docs/*.md")} - {"index.md"} == {
        Path(link).name for link in listed if link.startswith("docs/")
    }


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_is_in_the_makefile(name):
    targets = re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"^make ([a-z-]+)", (PROJECT / name).read_text(), re.MULTILINE)
    assert named
    assert set(named) <= set(targets)


def test_the_picture_is_a_picture():
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert picture
    assert (PROJECT / picture[1]).read_bytes().startswith(b"\x89PNG")


def test_the_files_that_the_layers_name_are_there():
    contributing = (PROJECT / "CONTRIBUTING.md").read_text()
    for name in re.findall(r"`((?:events|sources|osint|tests|templates|fixtures)/[\w/.]*)`", contributing):
        assert (PROJECT / name).exists(), name
    for name in re.findall(r"\bosint\.(\w+)", contributing):
        assert (PROJECT / "osint" / name).exists() or (PROJECT / "osint" / f"{name}.py").exists(), name


def test_every_room_of_the_house_is_on_the_map_and_there():
    contributing = (PROJECT / "CONTRIBUTING.md").read_text()
    anywhere = set(re.findall(r"`(\w+)/?`", contributing.split("In both storeys:")[1].split("| in `")[0]))
    for storey in ("sources", "events", "osint"):
        rows = re.findall(
            r"^\| (.+?) \|", contributing.split(f"| in `{storey}/` | what |")[1].split("\n\n")[0], re.MULTILINE
        )
        named = {name for row in rows for name in re.findall(r"`([\w/.]+)`", row)}
        assert named
        assert not [name for name in named if not (PROJECT / storey / name).exists()]
        rooms = {file.parent.name for file in PROJECT.glob(f"{storey}/*/__init__.py")}
        plumbing = {"migrations", "templatetags", "management"}
        assert rooms - plumbing - anywhere <= {name.rstrip("/") for name in named}, storey


def test_every_app_that_is_ours_is_in_the_layers():
    own = {config.name for config in apps.get_app_configs() if Path(config.path).parent == PROJECT}
    assert own == {"osint", "sources", "events"}


@pytest.mark.django_db
def test_every_question_that_a_command_is_shown_with_can_be_asked():
    make_site(slug="al-hasakah")
    commands = (PROJECT / "osint" / "management" / "commands").glob("*.py")
    asked = {found for page in PAGES for found in re.findall(r"--query ['\"]([^'\"]+)", page.read_text())}
    asked |= {found for page in commands for found in re.findall(r"site=[\w&=-]+", page.read_text())}
    assert len(asked) > 1
    for question in asked:
        assert list(keys(question, AnonymousUser())) == []
