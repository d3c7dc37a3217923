"""The site form: a pasted point, and what the desk answers about a point or a name while it is typed."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from events.models import Site
from osint.base.judgements import judge
from tests.factories import make_actor, make_qasrak, make_site
from tests.kit.forms import again, errors, everything, filled, send

pytestmark = pytest.mark.django_db

ADD = "admin:events_site_add"
AROUND = "admin:events_site_around"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """A browser in which the analyst is logged in."""
    client.force_login(alice)
    return client


def asked(desk: Client, name: str = AROUND, **question: Any) -> Any:
    answer = desk.get(reverse(name), question)
    assert answer.status_code == 200
    return answer.json()


# The form, without scripts


@pytest.mark.one_engine
@pytest.mark.parametrize("pasted", ["36.51, 40.74", "٣٦٫٥١، ٤٠٫٧٤"])
def test_a_pasted_point_fills_both_numbers(desk, pasted):
    new = {"slug": "new", "name_en": "New", "kind": "village", "pasted": pasted, "precision_m": 2000}
    send(desk, reverse(ADD), **new)
    site = Site.objects.get(slug="new")
    assert (site.latitude, site.longitude, site.precision_m) == (36.51, 40.74, 2000)


@pytest.mark.one_engine
def test_a_pasted_point_replaces_the_stored_one(desk):
    site = make_qasrak()
    send(desk, reverse("admin:events_site_change", args=[site.pk]), pasted="36°30'N 40°44'E")
    site.refresh_from_db()
    assert [site.latitude, site.longitude] == pytest.approx([36.5, 40.7333], abs=1e-4)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"pasted": "somewhere"}, "“somewhere” is no point."),
        ({"pasted": "91, 40", "precision_m": "5"}, "has the latitude 91"),
        ({"pasted": "36.5, 40.7", "latitude": "36", "longitude": "40", "precision_m": "5"}, "Empty one of the two"),
        ({"pasted": "36.5, 40.7"}, "Give all three, or none"),
    ],
)
def test_the_form_refuses_nonsense_beside_its_field_and_keeps_nothing(desk, values, sentence):
    before = everything()
    answer = send(desk, reverse(ADD), slug="new", name_en="New", kind="village", **values)
    assert sentence in errors(answer).replace("&#x27;", "'")
    assert everything() == before


def test_without_scripts_a_saved_site_lists_its_neighbours_and_what_may_hold_it(desk):
    hasakah = make_site(slug="hasakah", name_en="Hasakah", name_ar="الحسكة", kind="governorate", pcode="SY08")
    point = {"latitude": 36.5, "longitude": 40.7, "precision_m": 500}
    site, other = make_site(**point), make_site(name_en=MARKUP, **point)
    html = desk.get(reverse("admin:events_site_change", args=[site.pk])).content.decode()
    assert reverse("admin:events_site_change", args=[other.pk]) in html
    assert "The point lies inside the outline of" in html
    assert str(hasakah) in html
    assert MARKUP not in html


@pytest.mark.one_engine
def test_who_may_only_look_sees_the_map_and_no_field_to_paste_into(desk, alice):
    site = make_qasrak()
    alice.groups.clear()
    for name in ("view_site", "view_sitejudgement", "change_report"):
        alice.user_permissions.add(Permission.objects.get(codename=name))
    html = desk.get(reverse("admin:events_site_change", args=[site.pk])).content.decode()
    assert 'data-latitude="36.7"' in html
    assert "id_pasted" not in html


# What lies around a point


def test_a_point_is_answered_with_its_neighbours_and_what_may_hold_it(desk):
    hasakah = make_site(slug="hasakah", name_en="Hasakah", name_ar="الحسكة", kind="governorate", pcode="SY08")
    make_site(name_en=MARKUP, kind="town", latitude=36.52, longitude=40.74, precision_m=500)
    answer = asked(desk, pasted="36.51, 40.74", kind="village")
    assert (answer["error"], answer["point"], answer["precision_m"]) == ("", [36.51, 40.74], 1200)
    (neighbour,) = answer["nearby"]
    assert (neighbour["name"], neighbour["kind"], neighbour["away"]) == (MARKUP, "town", "1.1 km")
    (proposal,) = answer["proposals"]
    assert (proposal["key"], proposal["name"], proposal["entered"]) == (hasakah.pk, "Hasakah · governorate", "")
    known = asked(desk, latitude=36.51, longitude=40.74, parent=hasakah.pk)
    assert known["proposals"][0]["entered"] == "entered"


def test_a_stored_site_is_no_neighbour_of_itself(desk):
    site = make_qasrak()
    question: dict[str, Any] = {"latitude": site.latitude, "longitude": site.longitude, "precision_m": 10}
    assert [found["name"] for found in asked(desk, **question)["nearby"]] == ["Qasrak base"]
    assert asked(desk, **question, record=site.pk)["nearby"] == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({}, ""),
        ({"latitude": "36.5"}, ""),
        ({"pasted": "nowhere"}, "“nowhere” is no point."),
        ({"latitude": "91", "longitude": "40"}, "latitude: Ensure this value is less than or equal to 90."),
        ({"latitude": "nan", "longitude": "1e999"}, "Enter a number"),
        ({"latitude": "1", "longitude": "1", "precision_m": "9" * 30}, "precision radius"),
        ({"latitude": "1", "longitude": "1", "record": "9" * 30}, "record"),
        ({"latitude": "1", "longitude": "1", "kind": "\x00"}, "kind"),
        ({"latitude": "1", "longitude": "1", "parent": "99999999999999999999"}, "parent"),
        ({"pasted": "1" * 300}, "pasted"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(desk, question, error):
    answer = asked(desk, **question)
    assert set(answer) == {"error"}
    assert error in answer["error"]


@pytest.mark.one_engine
def test_nobody_else_is_answered(client, victor, alice):
    names = (AROUND, "admin:events_site_namesakes", "admin:events_actor_namesakes")
    for name in names:
        assert client.get(reverse(name), {"name_en": "Qasrak"}).status_code == 302
    client.force_login(victor)
    assert {client.get(reverse(name)).status_code for name in names} == {302}
    client.force_login(alice)
    assert {client.post(reverse(name)).status_code for name in names} == {405}


@pytest.mark.one_engine
def test_a_point_pasted_into_a_form_that_is_out_of_date_is_not_lost(desk, edith):
    site = make_qasrak()
    url = reverse("admin:events_site_change", args=[site.pk])
    stale = filled(desk, url, pasted="36.51, 40.74")
    send(desk, url, note="Seen.")
    answer = desk.post(url, stale)
    assert answer.status_code == 200
    assert 'value="36.51, 40.74"' in answer.content.decode()
    desk.post(url, again(answer))
    site.refresh_from_db()
    assert (site.latitude, site.note) == (36.51, "Seen.")


# Names


@pytest.mark.parametrize("typed", [{"name_en": "Kasrek"}, {"name_ar": "قسرك"}, {"name_en": "QASRAK air base"}])
def test_a_second_qasrak_is_named_while_it_is_typed(desk, typed):
    qasrak = make_qasrak()
    answer = asked(desk, "admin:events_site_namesakes", **typed)
    (found,) = answer["likely"]
    assert (found["name"], found["about"]) == ("Qasrak base", "military base · Al-Hasakah")
    assert found["address"] == reverse("admin:events_site_change", args=[qasrak.pk])
    assert "not to be confused with" in answer["refusal"]
    assert "refusal" in answer
    noted = asked(desk, "admin:events_site_namesakes", **typed, namesake_note="A village in Homs.")
    assert noted["refusal"] == ""
    assert noted["likely"]


def test_a_name_that_differs_in_a_letter_is_named_where_the_two_lie_near_each_other(desk):
    make_site(name_en="Tal Hamis", name_ar="", latitude=36.7, longitude=41.3, precision_m=500)
    near = {"latitude": 36.71, "longitude": 41.31}
    (found,) = asked(desk, "admin:events_site_namesakes", name_en="Tall Hamees North", **near)["likely"]
    assert "Similar names: Tall Hamees North, Tal Hamis." in found["reasons"]
    assert "about 1 km apart" in " ".join(found["reasons"])
    assert asked(desk, "admin:events_site_namesakes", name_en="Tall Hamees North")["likely"] == []
    assert asked(desk, "admin:events_site_namesakes", name_en="Rmelan", **near)["likely"] == []


def test_a_site_within_its_namesake_is_no_second_record_of_it(desk):
    city = make_site(name_en="Qasrak", name_ar="", kind="city")
    answer = asked(desk, "admin:events_site_namesakes", name_en="Qasrak", kind="neighbourhood", parent=city.pk)
    assert answer == {"likely": [], "refusal": ""}


def test_a_stored_record_is_compared_as_it_is_typed_and_not_with_itself(desk, alice):
    one, other = make_actor(name_en="Tahrir Brigade", name_ar=""), make_actor(name_en="Northern Front", name_ar="")
    question = {"record": other.pk, "name_en": "Tahreer Brigade"}
    (found,) = asked(desk, "admin:events_actor_namesakes", **question)["likely"]
    assert found["address"] == reverse("admin:events_actor_change", args=[one.pk])
    judge(one, other, alice, "not_same")
    assert asked(desk, "admin:events_actor_namesakes", **question) == {"likely": [], "refusal": ""}
    other.refresh_from_db()
    assert other.name_en == "Northern Front"


@pytest.mark.parametrize("typed", [{}, {"name_en": " "}, {"name_en": "x" * 300}, {"name_ar": "\x00"}, {"record": "a"}])
def test_half_a_name_or_none_has_no_namesakes(desk, typed):
    make_qasrak()
    for kind in ("site", "actor"):
        assert asked(desk, f"admin:events_{kind}_namesakes", **typed) == {"likely": [], "refusal": ""}


def test_the_form_of_an_actor_asks_too_and_that_of_a_measure_does_not(desk):
    assert b'id="namesakes"' in desk.get(reverse("admin:events_actor_add")).content
    assert filled(desk, reverse("admin:events_actor_add"))
