"""The models at the side of the admin are those that Django would show."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from osint.templatetags.sidebar import models_at_the_side
from tests.factories import make_user

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("group", "page", "language"),
    [
        ("Analyst", "admin:events_event_changelist", "ar"),
        ("Editor", "admin:events_site_add", "en"),
        ("Administrator", "admin:index", "en"),
    ],
)
def test_it_says_what_django_would(db, group, page, language):
    client = Client(headers={"Accept-Language": language})
    client.force_login(make_user("dana", group))
    context: Any = client.get(reverse(page)).context
    shown = {"app_list": context["available_apps"], "show_changelinks": False, "request": context["request"]}
    with override(language):
        assert bare(models_at_the_side(context)) == bare(render_to_string("admin/app_list.html", shown))


def bare(html: str) -> str:
    """What is said, without blanks between tags, nor titles of links, which newer templates of Django lack."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r' title="[^"]*"', "", html))
