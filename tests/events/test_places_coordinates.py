"""Coordinates as people paste them are read, and anything else is refused with a sentence."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events.places.coordinates import LONGEST, read
from events.places.geometry import Point

READ = [
    "36.51, 40.74",
    "36.51 40.74",
    "36.51,40.74",
    "(36.51; 40.74)",
    "36.51/40.74",
    "+36.51, +40.74",
    "36,51 40,74",
    "36,51, 40,74",
    "36.51N 40.74E",
    "N36.51 E40.74",
    "40.74 E, 36.51 N",
    "36.51° 40.74°",
    "geo:36.51,40.74",
    "Lat: 36.51, Lon: 40.74",
    "latitude = 36.51; longitude = 40.74",
    "36°30.6'N 40°44.4'E",
    "36°30'36\"N 40°44'24\"E",
    "36º30′36″ N, 40º44′24″ E",
    "36°30’36’’N 40°44’24’’E",
    "40°44'24\"E 36°30'36\"N",
    "36 30 36 N 040 44 24 E",
    "٣٦٫٥١، ٤٠٫٧٤",
    "٣٦.٥١ ٤٠.٧٤",
    "36.51 شمالاً 40.74 شرقاً",
    "خط العرض 36.51، خط الطول 40.74",
    "\u200e36.51,\u00a040.74\u200f",
]
REFUSED = [
    "", " ", "here", "36.51", "36.51,", ", 40.74", "36.51, 40.74, 12", "36.51.2, 40", "36°61'N 40°E",
    "36°30'61\"N 40°E", "36N 40N", "36E 40E", "N36S 40E", "-36S, 40E", "--36, 40", "nan, 4", "inf inf", "1e3, 4",
    "0x10, 3", "²3, 4", "a, b", "91, 40", "-91, 40", "36, 181", "999, 999", "99999999, 1", "36 30 36 040 44 24",
    "<b>36.51, 40.74</b>", "36.51, 40.74" + " " * LONGEST,
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_point_is_read_however_it_is_written(text):
    assert read(text).point == pytest.approx((36.51, 40.74), abs=1e-9)


def test_south_and_west_are_negative():
    for text in ("-33.45, -70.66", "33.45S 70.66W", "33°27'S 70°39'36\"W", "33.45 جنوباً، 70.66 غرباً"):
        assert read(text).point == pytest.approx((-33.45, -70.66))


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_point_is_refused_with_the_way_out(text):
    with pytest.raises(ValidationError) as refused:
        read(text)
    (sentence,) = refused.value.messages
    assert "36.51, 40.74" in sentence or "it goes from" in sentence
    assert len(sentence) < 250


def test_a_refused_latitude_is_named():
    with pytest.raises(ValidationError, match="has the latitude 91: it goes from -90 to 90"):
        read("91, 40")


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("36, 40", 120_000),
        ("36.5, 40.7", 12_000),
        ("36.51, 40.74", 1_200),
        ("36.50237, 40.74772", 2),
        ("36°30'N 40°44'E", 1_900),
    ],
)
def test_the_digits_say_how_exact_a_point_is(text, metres):
    assert read(text).precision_m == metres


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_that_is_written_out_comes_back(latitude, longitude):
    north, east = "NS"[latitude < 0], "EW"[longitude < 0]
    for text in (
        f"{latitude:.6f}, {longitude:.6f}",
        f"{abs(latitude):.6f}{north} {abs(longitude):.6f}{east}",
        f"{abs(longitude):.6f}°{east}; {abs(latitude):.6f}°{north}",
    ):
        assert read(text).point == pytest.approx(Point(latitude, longitude), abs=1e-6)


@given(st.text(max_size=40) | st.text("0123456789.,;°'\"NSEW -+", max_size=40))
def test_any_text_is_a_point_of_the_earth_or_refused(text):
    try:
        point = read(text).point
    except ValidationError:
        return
    assert point.is_whole
