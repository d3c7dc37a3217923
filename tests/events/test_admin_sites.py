"""The site form: points with their precision, a tree without circles, and no second record of one place."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from events.models import Site
from tests.factories import make_qasrak, make_site
from tests.kit.forms import errors, everything, filled, send


@pytest.fixture
def desk(client: Client, edith: User) -> Client:
    """A browser in which the editor is logged in."""
    client.force_login(edith)
    return client


SITE_REFUSED = {
    "NaN as latitude": ({"latitude": "NaN", "longitude": "40", "precision_m": "1"}, "Enter a number"),
    "an infinite longitude": ({"latitude": "36", "longitude": "1e999", "precision_m": "1"}, "Enter a number"),
    "a latitude beyond the pole": (
        {"latitude": "91", "longitude": "40", "precision_m": "1"},
        "less than or equal to 90",
    ),
    "a point without its precision": ({"latitude": "36", "longitude": "40"}, "precision radius"),
    "a second قسرك": ({"name_ar": "قسرك"}, "not to be confused with"),
    "a second Kasrak": ({"name_ar": "", "name_en": "Kasrak"}, "not to be confused with"),
    "a slug with a slash": ({"slug": "a/b"}, "is no slug"),
    "no name": ({"name_ar": "", "name_en": ""}, "Give a name"),
}


@pytest.mark.parametrize("case", SITE_REFUSED)
def test_the_site_form_refuses(desk: Client, case: str) -> None:
    changes, sentence = SITE_REFUSED[case]
    make_qasrak()
    url = reverse("admin:events_site_add")
    data = filled(desk, url, **({"slug": "new", "name_ar": "جديد", "kind": "village"} | changes))
    before = everything()
    answer = desk.post(url, data)
    assert answer.status_code == 200
    assert sentence in errors(answer)
    assert everything() == before


def test_a_site_cannot_lie_within_a_site_that_it_holds(desk: Client) -> None:
    qasrak = make_qasrak()
    syria = Site.objects.get(slug="syria")
    url = reverse("admin:events_site_change", args=[syria.pk])
    for parent in (syria, qasrak):
        answer = send(desk, url, parent=parent.pk)
        assert "Choose another parent" in errors(answer)
    assert Site.objects.get(slug="syria").parent is None


def test_another_place_of_the_same_name_is_kept_where_the_difference_is_said(desk: Client) -> None:
    make_qasrak()
    url = reverse("admin:events_site_add")
    values = {"slug": "qasrak-homs", "name_ar": "قسرك", "kind": "village", "parent": make_site().pk}
    send(desk, url, **values, namesake_note="A village in Homs, far from the base.")
    assert Site.objects.filter(slug="qasrak-homs").exists()


@pytest.mark.django_db
def test_no_button_that_the_page_has_not_makes_a_second_record(desk):
    site = make_site()
    url = reverse("admin:events_site_change", args=[site.pk])
    desk.post(url, filled(desk, url) | {"note": "Seen.", "_saveasnew": "1"})
    site.refresh_from_db()
    assert site.note == "Seen."
    assert Site.objects.count() == 1
