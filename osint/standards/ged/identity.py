"""Under which names what UCDP GED tells of stands with us: made of its own words, so that twice is the same.

A row that a later release words otherwise is another report, about the same event.
"""

import re
from functools import lru_cache
from hashlib import sha1, sha256
from uuid import UUID

from django.utils.text import slugify

from osint.standards.ged.rows import Row

ROOT = UUID("4e8a4a0e-6a6b-5d0c-9a83-1c1f2b6c7d10")
SOURCE = "ucdp-ged"
CIVILIANS, KILLED = "civilians", "killed"
VIOLENCE = "organised-violence"
TYPES = {"1": "state-based-violence", "2": "non-state-violence", "3": "one-sided-violence"}
TYPE_CODES = {slug: code for code, slug in TYPES.items()}
# Other spellings under which the data set names one source.
ALSO = {
    "syrian-observatory-for-human-rights": "sohr",
    "the-syrian-observatory-for-human-rights": "sohr",
    "air-wars": "airwars",
    "human-rights-watch": "hrw",
    "agence-france-presse": "afp",
    "reuters-news": "reuters",
}
LONGEST = 60  # characters of a slug that are made of a name
VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))  # RFC 9562: a UUID says so by two bits


def uuid_of(*parts: str) -> str:
    """An identity made of words: their ``uuid5`` under our root, as text, without an object between."""
    made = sha1(ROOT.bytes + "\n".join(parts).encode(), usedforsecurity=False).hexdigest()
    variant = VARIANTS[made[16]]
    return f"{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}{made[17:20]}-{made[20:32]}"


def mark(*parts: str) -> str:
    """Eight letters that tell one name from another which reads alike."""
    return sha256("\n".join(parts).encode()).hexdigest()[:8]


@lru_cache(10_000)
def slug_of(name: str) -> str:
    """A name as a slug; what has no Latin letters is told by its mark."""
    return "-".join(re.findall(r"[a-z0-9]+", slugify(name)[:LONGEST])) or f"name-{mark(name)}"


def source_slug(name: str) -> str:
    """The slug of a source that the data set names."""
    found = slug_of(name)
    return ALSO.get(found, found)


def actor_slug(row: Row, side: str) -> str:
    """The slug of a side; civilians are those whom we know already."""
    is_civil = side == "b" and row["side_b"].strip().lower() == CIVILIANS
    return CIVILIANS if is_civil else f"ucdp-actor-{int(row[f'side_{side}_new_id'])}"


def number_of(slug: str) -> str:
    """UCDP's number of an actor, where it is one of UCDP's."""
    return slug.removeprefix("ucdp-actor-") if slug.startswith("ucdp-actor-") else ""


def place_key(row: Row) -> tuple[str, ...]:
    """What tells one place of the data set from another."""
    columns = ("where_prec", "where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "country_id")
    return tuple(row[name] for name in columns)


def event_uuid(number: str) -> str:
    """The identity of an event, by its number in the data set."""
    return uuid_of("event", str(int(number)))


def report_uuid(number: str, text: str) -> str:
    """The identity of a row as a report: its number and its words."""
    return uuid_of("row", str(int(number)), sha256(text.encode()).hexdigest())
