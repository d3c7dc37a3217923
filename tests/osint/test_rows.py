"""The rows of the admin's lists say what Django's own would."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import results
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from osint.base.rows import rows
from tests import factories as make

pytestmark = pytest.mark.one_engine


def listed(adam: User, label: str, asked: str = "") -> Any:
    """A list as the administrator gets it."""
    page = reverse(f"admin:{label.replace('.', '_')}_changelist")
    client = Client()
    client.force_login(adam)
    return client.get(f"{page}?{asked}").context["cl"]


def test_every_list_says_what_django_would(adam):
    make.make_site_name(site=make.make_site(parent=make.make_site()))
    make.make_actor_link(actor=make.make_actor_name().actor)
    event = make.make_published_event(assignee=adam)
    make.make_event(summary_en=" ", summary_ar="<b>قافلة</b> & شاحنات " * 20)
    make.make_comment(event=event)
    make.make_correction(event=event)
    make.make_event_judgement()
    make.make_report_judgement()
    shown = 0
    for model in admin.site._registry:
        found = listed(adam, model._meta.label_lower)
        assert same(found), model
        shown += len(found.result_list)
    assert shown > 20


@pytest.mark.parametrize("asked", ["q=convoy", "o=2", "status__exact=published", "_popup=1&_to_field=id"])
def test_also_where_it_is_searched_sorted_narrowed_or_chosen_from(adam, asked):
    make.make_published_event(summary_en="A convoy of <20> trucks.")
    found = listed(adam, "events.event", asked)
    assert len(found.result_list) == 1
    assert same(found)


def same(found: Any) -> bool:
    """Whether our rows are Django's."""
    return list(rows(found)) == ["".join(row) for row in results(found)]
