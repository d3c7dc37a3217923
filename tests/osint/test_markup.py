"""Markup that somebody wrote into a record is text on every page, and no page could run it if it were not."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from events.models import Actor, Citation, Event, Site
from sources.models import Report, Source
from tests.factories import (
    TEXT,
    make_actor,
    make_comment,
    make_involvement,
    make_outlet_report,
    make_placement,
    make_published_event,
    make_site,
    make_source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

MARKUP = '"><img src=x onerror=alert(1)>'
INLINE = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=\"")


@pytest.fixture
def event(settings: Any) -> Event:
    """A published event in which every name and text that people write is markup, on an open installation."""
    settings.PUBLIC_API = True
    source = make_source(name_en=MARKUP, reliability_reason=MARKUP)
    report = make_outlet_report(source=source, title=MARKUP, text=f"{TEXT}{MARKUP} \u202e.", translation=MARKUP)
    found = make_published_event(report=report, summary_en=f"{MARKUP} \u202eread backwards")
    point = {"latitude": 36.5, "longitude": 40.7, "precision_m": 900}
    held = {"basis": "inferred", "reason": MARKUP}
    make_placement(event=found, role="from", site=make_site(name_en=MARKUP, note=MARKUP, **point), **held)
    make_involvement(event=found, actor=make_actor(name_en=MARKUP, note=MARKUP), **held)
    make_comment(event=found, text=MARKUP)
    return found


def public(event: Event) -> list[str]:
    report = event.citations.get().report
    source = reverse("source", args=[report.source.slug])
    pages = [reverse("event", args=[event.reference]), reverse("report", args=[report.uuid]), source]
    return ["/", f"/?q={MARKUP}", "/nowhere/", reverse("sign-in"), *pages]


def desk(event: Event) -> list[str]:
    """The front page, every list of ours, and form and history of what an event is made of."""
    own = [model for model in admin.site._registry if model._meta.app_label in {"events", "sources", "auth"}]
    lists = [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in own]
    found: list[Any] = [event, event.citations.get(), event.citations.get().report]
    found += [Site.objects.get(name_en=MARKUP), Actor.objects.get(name_en=MARKUP), Source.objects.get(name_en=MARKUP)]
    assert {type(record) for record in found} == {Event, Citation, Report, Site, Actor, Source}
    pages = [
        reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])
        for record in found
        for page in ("change", "history")
    ]
    blank = [reverse(f"admin:events_{name}_add") for name in ("event", "site", "actor")]
    return [reverse("admin:index"), *lists, *pages, *blank, reverse("admin:login")]


def scripts(policy: str) -> list[str]:
    """Where a page of this policy may take scripts from."""
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    return directives.get("script-src", directives["default-src"])


def check(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = client.get(address, follow=True)
        html = answer.content.decode()
        assert scripts(answer["Content-Security-Policy"]) == ["'self'"], address
        assert "<img src=x" not in html, address
        assert not INLINE.search(html), (address, INLINE.search(html))


def test_on_the_pages_for_readers_markup_is_text_and_no_script_is_inline(client: Client, event: Event):
    check(client, public(event))


def test_at_the_desk_too(client: Client, event: Event, adam: User):
    client.force_login(adam)
    check(client, desk(event))


def test_the_page_of_the_api_may_run_our_own_scripts_alone(client: Client, event: Event):
    assert scripts(client.get("/api/docs/")["Content-Security-Policy"]) == ["'self'"]
    assert scripts(client.get("/api/v1/events/")["Content-Security-Policy"]) == ["'self'"]


@pytest.mark.parametrize(
    "make_one", [lambda name: make_site(name_en=name), lambda title: make_outlet_report(title=title)]
)
def test_a_name_or_title_that_would_reorder_its_neighbours_is_refused(make_one: Any):
    for control in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
        with pytest.raises(ValidationError, match=f"U\\+{ord(control):04X}"):
            make_one(f"Qasrak {control}base")
