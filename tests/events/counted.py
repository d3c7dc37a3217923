"""The cues of the fixture without a database, and a short way to say what was found: shared by tests of counting."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from events.choices import Qualifier
from events.models import Cue, Measure
from events.reading.counted import Vocabulary
from events.reading.counts import Found, find_with

_SIGNS = {Qualifier.ABOUT: "~", Qualifier.UNCLEAR: "?"}


def fixture(name):
    path = Path(settings.BASE_DIR) / "fixtures" / f"{name}.json"
    return [(row["model"], row["fields"]) for row in json.loads(path.read_text("utf-8"))]


@cache
def cues():
    """The cues of measures and qualifiers that we ship."""
    units = {row["slug"]: row["unit"] for model, row in fixture("taxonomy") if model == "events.measure"}
    measures = {slug: Measure(slug=slug, unit=unit) for slug, unit in units.items()}
    return [
        Cue(kind=row["kind"], text=row["text"], value=row["value"], measure=measures.get((row["measure"] or [""])[0]))
        for _model, row in fixture("reading")
        if row["kind"] in {"measure", "qualifier"}
    ]


@cache
def vocabulary():
    return Vocabulary.of(cues())


def found_in(text):
    return find_with(text, vocabulary())


def said(found: Found) -> str:
    """“killed 3”, “trucks ~25”, “shells 20..”, “strikes several”; what is counted apart in brackets."""
    if found.low is found.best is found.high is None:
        number = str(found.qualifier)
    elif found.best is not None:
        number = _SIGNS.get(Qualifier(found.qualifier), "") + str(found.best)
    else:
        low, high = ("" if bound is None else bound for bound in (found.low, found.high))
        number = f"{_SIGNS.get(Qualifier(found.qualifier), '')}{low}..{high}"
    parts = f" ({', '.join(map(said, found.parts))})" if found.parts else ""
    return f"{found.measure} {number}{parts}"


def counted(text):
    return "; ".join(map(said, found_in(text)))
