"""Maps in a real browser: a point is pasted, clicked, moved and accepted; a route is entered; markup stays text."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Event, Site
from tests.browser import desk
from tests.factories import make_event, make_placement, make_published_event, make_qasrak, make_site, make_user

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MARKUP = "<img src=x onerror=alert(1)>"
HASAKAH = {"name_en": "Hasakah", "name_ar": "الحسكة", "kind": "governorate", "pcode": "SY08"}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: refused styles and scripts, errors, and dialogs that markup opened."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("dialog", lambda dialog: found.append(dialog.message))
    return found


@pytest.fixture
def analyst(page: Page, live_server: LiveServer) -> Page:
    """The analyst at the desk."""
    make_user("alice", "Analyst")
    desk.log_in(page, "alice")
    return page


def value(page: Page, name: str) -> str:
    return page.locator(f"#id_{name}").input_value()


def test_an_analyst_places_a_site_by_pasting_clicking_and_moving_and_accepts_a_parent(analyst: Page, complaints):
    hasakah = make_site(**HASAKAH)
    make_site(name_en=MARKUP, kind="town", latitude=36.6, longitude=40.6, precision_m=500)
    page = analyst
    page.goto(reverse("admin:events_site_add"))
    expect(page.locator("#place .map .outline")).to_have_count(14)

    # Pasted: both numbers, and the radius that the digits leave open.
    page.fill("#id_pasted", "٣٦٫٥١، ٤٠٫٧٤")
    expect(page.locator("#id_latitude")).to_have_value("36.51")
    assert (value(page, "longitude"), value(page, "precision_m"), value(page, "pasted")) == ("40.74", "1200", "")
    expect(page.locator("#nearby li")).to_contain_text(MARKUP)

    # Only a person takes the parent.
    expect(page.locator("#proposals li")).to_contain_text("inside the outline of")
    assert value(page, "parent") == ""
    page.locator("#proposals button").click()
    expect(page.locator("#id_parent")).to_have_value(str(hasakah.pk))
    expect(page.locator("#proposals li em")).to_have_text("(entered)")

    # Markup in a neighbour's name is text in its popup, too.
    page.locator(".pin.neighbour").click()
    expect(page.locator(".leaflet-popup strong")).to_have_text(MARKUP)
    page.keyboard.press("Escape")

    # The pin moves with the arrow keys, and a click on the map takes it elsewhere.
    page.locator(".pin.here").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#id_latitude")).not_to_have_value("36.51")
    before = value(page, "longitude")
    page.locator("#place .map").click(position={"x": 40, "y": 200})
    expect(page.locator("#id_longitude")).not_to_have_value(before)
    assert value(page, "precision_m") == "1200"

    # The radius is drawn to scale, and its edge can be dragged.
    width = page.locator(".radius.here").bounding_box()
    page.fill("#id_precision_m", "2400")
    expect(page.locator("#place [role=status]")).to_have_text("")
    page.wait_for_timeout(500)
    wider = page.locator(".radius.here").bounding_box()
    assert width
    assert wider
    assert 1.7 < (wider["width"] - 1.5) / (width["width"] - 1.5) < 2.3

    page.fill("#id_slug", "new-base")
    page.fill("#id_name_en", "New base")
    page.select_option("#id_kind", "base")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    site = Site.objects.get(slug="new-base")
    assert (site.parent, site.precision_m) == (hasakah, 2400)
    assert complaints == []


def test_nonsense_that_is_pasted_is_answered_in_a_sentence(analyst: Page):
    analyst.goto(reverse("admin:events_site_add"))
    analyst.fill("#id_pasted", "near the silo")
    expect(analyst.locator("#place [role=status]")).to_contain_text("“near the silo” is no point.")
    assert value(analyst, "latitude") == ""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_second_record_is_noticed_while_its_name_is_typed(page: Page, live_server: LiveServer, complaints, language):
    make_qasrak()
    make_user("alice", "Analyst")
    desk.log_in(page, "alice", language)
    page.goto(reverse("admin:events_site_add"))
    page.fill("#id_name_en", "Kasrek")
    expect(page.locator("#namesakes li a")).to_contain_text("قاعدة قسرك" if language == "ar" else "Qasrak base")
    expect(page.locator("#namesakes .refusal")).to_contain_text("qasrak-base")
    page.fill("#id_name_en", "Somewhere else")
    expect(page.locator("#namesakes")).to_be_hidden()
    assert complaints == []


def test_a_route_is_entered_stop_by_stop(analyst: Page, complaints):
    names = ["Semalka", "Rmelan", "Tal Tamr"]
    sites = [make_site(name_en=name, name_ar="") for name in names]
    event = make_event()
    page = analyst
    page.goto(reverse("admin:events_event_change", args=[event.pk]))
    for number, (role, name) in enumerate(zip(("from", "to", "to"), names, strict=True)):
        page.locator(f".route-bar [data-role={role}]").click()
        page.locator(".select2-search__field").last.fill(name)
        page.locator(".select2-results__option:not(.loading-results)", has_text=name).first.click()
        expect(page.locator(f"#id_placements-{number}-role")).to_have_value(role)
    expect(page.locator(".route-bar .route")).to_have_text("from Semalka to Rmelan and Tal Tamr")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    stored = [(placement.role, placement.site) for placement in event.placements.order_by("position")]
    assert stored == list(zip(("from", "to", "to"), sites, strict=True))
    assert complaints == []


@pytest.fixture
def event(live_server: LiveServer, settings: Any) -> Event:
    """A published convoy with a route, one name of which is markup, on a server that is open to readers."""
    settings.PUBLIC_API = True
    found = make_published_event(summary_en=f"{MARKUP} Read \u202ebackwards.")
    for role, name, latitude in (("from", MARKUP, 36.2), ("via", "تل تمر", 36.4)):
        site = make_site(name_en=name, latitude=latitude, longitude=40.2, precision_m=3_000)
        make_placement(event=found, site=site, role=role, basis="inferred", reason="Heard.")
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_reader_sees_the_route_and_opens_a_pin_with_the_keyboard(
    event, page: Page, complaints, size, language, base_url
):
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reverse("event", args=[event.reference]))
    expect(page.locator("figure.mapped .leg")).to_have_count(2)
    expect(page.locator("figure.mapped .radius")).to_have_count(3)
    expect(page.locator("figure.mapped .outline")).to_have_count(14)
    page.locator(".map .pin").first.focus()
    page.keyboard.press("Enter")
    shown = "موقع" if language == "ar" else MARKUP
    expect(page.locator(".leaflet-popup strong")).to_contain_text(shown)
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert {re.match(r"https?://[^/]+", url)[0] for url in asked} == {base_url}  # type: ignore[index]
    assert complaints == []


def test_without_scripts_the_map_is_a_list(event, browser, base_url):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(base_url + reverse("event", args=[event.reference]))
    expect(page.locator("figure.mapped")).to_be_hidden()
    expect(page.locator(".facts .route")).to_contain_text("to Qasrak base")
    expect(page.locator(".facts")).to_contain_text("36.200, 40.200")
    page.context.close()
