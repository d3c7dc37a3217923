"""Coordinates as people paste them (``36.51, 40.74``, ``36°30'N 40°44'E``, ``٣٦٫٥١، ٤٠٫٧٤``), read into a point."""

import re
import unicodedata
from dataclasses import dataclass
from math import ceil, cos, log10, radians

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events.places.geometry import METRES_PER_DEGREE, Point
from osint.base.text import shown

LONGEST = 200
# What people and keyboards write for the signs of angles, and what surrounds a number on a map's page.
SIGNS = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "´": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "−": "-", "–": "-"}
    | {"٫": ".", "،": ",", "؛": ";", "(": " ", ")": " ", "[": " ", "]": " ", "ـ": ""}
)
WORDS = {
    r"\b(latitude|longitude|lat|lon|lng|long|geo)\b\.?\s*[:=]?": " ",
    r"خط\s+(العرض|الطول)|(دائرة|خط)\s+(عرض|طول)": " ",
    r"\bnorth\b|شمالا|شمال": "N",
    r"\bsouth\b|جنوبا|جنوب": "S",
    r"\beast\b|شرقا|شرق": "E",
    r"\bwest\b|غربا|غرب": "W",
}
ANGLE = r"""
    (?P<{n}before>[NSEW])?\s*(?P<{n}sign>[-+])?\s*
    (?P<{n}degrees>\d{{1,3}}(?:\.\d+)?)
    (?:\s*°)?
    (?:(?<=°)\s*(?P<{n}minutes>\d{{1,2}}(?:\.\d+)?)\s*'
       (?:\s*(?P<{n}seconds>\d{{1,2}}(?:\.\d+)?)\s*(?:"|''))?)?
    (?({n}before)|(?:\s*(?P<{n}after>[NSEW]))?)
"""
# As in 36 30 00 N 40 44 00 E: without signs only the letters tell where one angle ends.
SPACED = r"""
    (?P<{n}degrees>\d{{1,3}})\s+(?P<{n}minutes>\d{{1,2}}(?:\.\d+)?)(?:\s+(?P<{n}seconds>\d{{1,2}}(?:\.\d+)?))?
    \s*(?P<{n}after>[NSEW])
"""
BETWEEN = r"\s*(?:[,;/]\s*|(?<=[\s°'\"NSEW]))"
PATTERNS = tuple(
    re.compile(part.format(n="a_") + BETWEEN + part.format(n="b_"), re.VERBOSE) for part in (ANGLE, SPACED)
)
DECIMAL_COMMAS = re.compile(r"(-?\d{1,3}),(\d+)(?:\s*[;/]\s*|,?\s+)(-?\d{1,3}),(\d+)")


@dataclass(frozen=True)
class Angle:
    """One of the two numbers: degrees, the axis that its letter names, and the step of its last digit."""

    degrees: float
    axis: str
    step: float


@dataclass(frozen=True)
class Reading:
    """A point as read, and the radius that its last digits leave open, in metres."""

    point: Point
    precision_m: int


def read(text: str) -> Reading:
    """The point that the text writes; raises ``ValidationError`` with the way out where it writes none."""
    found = match(plain(text)) if len(text) <= LONGEST else None
    if found is None:
        raise refusal(text)
    one, other = angle(found, "a_", text), angle(found, "b_", text)
    if one.axis and one.axis == other.axis:
        raise refusal(text)
    first, second = (other, one) if one.axis == "E" or other.axis == "N" else (one, other)
    point = Point(first.degrees, second.degrees)
    check_range(point, text)
    wide = second.step * cos(radians(point.latitude))
    return Reading(point, rounded_up(max(first.step, wide) * METRES_PER_DEGREE))


def plain(text: str) -> str:
    """The text with one sign for each thing: Latin digits, letters for directions, no invisible marks."""
    kept = (char for char in text if unicodedata.category(char) not in {"Cf", "Mn"})
    digits = "".join(str(unicodedata.decimal(char, char)) for char in kept)
    for pattern, letter in WORDS.items():
        digits = re.sub(pattern, letter, digits.translate(SIGNS), flags=re.IGNORECASE)
    text = re.sub(r"\s+", " ", digits).strip(" .,;:").upper()
    if commas := DECIMAL_COMMAS.fullmatch(text):
        text = "{}.{} {}.{}".format(*commas.groups())
    return text


def match(text: str) -> re.Match[str] | None:
    """The two angles of the text, where it is nothing else."""
    return next(filter(None, (pattern.fullmatch(text) for pattern in PATTERNS)), None)


def angle(found: re.Match[str], name: str, text: str) -> Angle:
    """One of the two angles; a direction is said once, by a letter or by a sign."""
    parts = {key.removeprefix(name): value for key, value in found.groupdict().items() if key.startswith(name)}
    letters = [parts[key] for key in ("before", "after") if parts.get(key)]
    minutes, seconds = float(parts["minutes"] or 0), float(parts["seconds"] or 0)
    if len(letters) > 1 or (letters and parts.get("sign")) or minutes >= 60 or seconds >= 60:
        raise refusal(text)
    size = float(parts["degrees"]) + minutes / 60 + seconds / 3600
    negative = parts.get("sign") == "-" or letters in (["S"], ["W"])
    axis = {"N": "N", "S": "N", "E": "E", "W": "E"}.get("".join(letters), "")
    return Angle(-size if negative else size, axis, last_step(parts))


def last_step(parts: dict[str, str]) -> float:
    """Degrees by which the angle would change with its last digit."""
    unit, name = next((u, n) for u, n in ((3600, "seconds"), (60, "minutes"), (1, "degrees")) if parts.get(n))
    return float(10.0 ** -len(parts[name].partition(".")[2])) / unit


def rounded_up(metres: float) -> int:
    """To two digits, never to less: 1,112 becomes 1,200."""
    unit: int = 10 ** max(0, int(log10(max(metres, 1))) - 1)
    return max(1, ceil(metres / unit) * unit)


def check_range(point: Point, text: str) -> None:
    """Refuse an angle that the earth has not."""
    if abs(point.latitude) > 90:
        raise ValidationError(
            _("“%(text)s” has the latitude %(value)s: it goes from -90 to 90. Write latitude first, then longitude.")
            % {"text": shown(text), "value": f"{point.latitude:g}"}
        )
    if abs(point.longitude) > 180:
        raise ValidationError(
            _("“%(text)s” has the longitude %(value)s: it goes from -180 to 180.")
            % {"text": shown(text), "value": f"{point.longitude:g}"}
        )


def refusal(text: str) -> ValidationError:
    """The sentence that shows how a point is written."""
    return ValidationError(
        _("“%(text)s” is no point. Write latitude and longitude, as in 36.51, 40.74 or 36°30'N 40°44'E.")
        % {"text": shown(text)}
    )
