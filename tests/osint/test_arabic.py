"""The interface in Arabic, page by page: no word in Latin letters that is not somebody's own, a name or a code."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from events import workflow
from events.filters import EventFilters
from osint.bundle.arrivals import Arrival
from osint.bundle.models import Key
from tests import factories as make
from tests.kit.bundles import exchanged
from tests.kit.changes import kinds, made
from tests.kit.forms import filled, send
from tests.kit.page_types import NOBODY, PageType, convoy, page_types
from tests.kit.reading import latin

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
ARABIC = {"headers": {"accept-language": "ar"}}


def test_a_latin_word_is_found_where_one_stands() -> None:
    page = '<p>حادثة Save</p><p translate="no">Save</p><bdi>Save</bdi><input type="submit" value="Send">'
    page += '<i title="Go on">1</i>'
    page += '<p class="row hidden">Save</p>'
    assert [word for _sentence, word in latin(page)] == ["Save", "Send", "Go"]
    assert list(latin("<p>TLP:AMBER+STRICT · SY-2025-1BXAGP · 2025-11-12 · https://example.org/a · SHA-256</p>")) == []


def test_no_page_has_an_untranslated_word(client: Client, adam: User, alice: User, settings: Any) -> None:
    settings.PUBLIC_API = True
    event = make.make_published_event()
    for model in kinds():
        made(model)
    workflow.comment(event, adam, "أي جسر؟")
    make.make_token(adam, name="مرآة")
    exchanged(adam)
    theirs = data() | {"colour", "soon"} | set(EventFilters.base_filters)
    people = {"adam": adam, "alice": alice}
    found: dict[str, set[str]] = {}
    for kind in page_types():
        if kind.is_ours and not is_repeated(kind):
            enter(client, people.get(kind.person) if kind.person != NOBODY else None)
            note(found, kind.name, client.get(kind.address(), **ARABIC), theirs)  # type: ignore[arg-type]
    for name, answer in answers(client, adam):
        note(found, name, answer, theirs)
    assert not found, "\n".join(
        f"{sentence}   ← {', '.join(sorted(names)[:4])}" for sentence, names in sorted(found.items())
    )


def is_repeated(kind: PageType) -> bool:
    """Whether the page shows what others show already: the form of a new record."""
    page = kind.view.rpartition("_")[2]
    return page == "add" and not kind.view.startswith(("admin:events_event_", "admin:auth_user_"))


def enter(client: Client, user: User | None) -> None:
    """Be this person, or nobody."""
    client.logout()
    if user is not None:
        client.force_login(user)


def data() -> set[str]:
    """What people have written: every text in the database that is not one of a list."""
    found: set[str] = set()
    models: list[Any] = [User, Group, Permission, Key, Arrival, *kinds()]
    for model in models:
        for record in model._default_manager.all():
            columns = [column for column in model._meta.concrete_fields if not column.choices]
            found |= {
                str(record),
                *(value for column in columns if isinstance(value := getattr(record, column.attname), str)),
            }
    return {text.strip() for text in found if re.search("[A-Za-z]", text)}


def note(found: dict[str, set[str]], name: str, answer: Any, theirs: set[str]) -> None:
    """Keep what stands there in Latin letters."""
    assert answer.status_code in {200, 400, 403, 404} or name == "error-500", (name, answer.status_code)
    page = answer.content.decode()
    assert 'lang="ar" dir="rtl"' in page, name
    for sentence, _word in latin(page, theirs):
        found.setdefault(sentence, set()).add(name)


def answers(client: Client, adam: User) -> Iterator[tuple[str, Any]]:
    """Pages that no address leads to by itself: errors, a form that is refused, one that came too late."""
    with translation.override("ar"):
        request = RequestFactory().get("/")
        yield "error-500", defaults.server_error(request)
        yield "error-400", defaults.bad_request(request, ValueError())
    enter(client, adam)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ar"
    yield (
        "refused",
        send(client, reverse("admin:events_event_add"), when="2025-13-45", type="", placements__0__role="to"),
    )
    event = convoy()
    address = reverse("admin:events_event_change", args=[event.pk])
    stale = filled(client, address, summary_ar="نص آخر", correction_reason="سبب")
    with workflow.changing(event, adam, "سبب آخر"):
        event.summary_ar = "نص ثالث"
        event.save()
    yield "conflict", client.post(address, stale)
