"""The measure of the reading aid: its proposals for a text against an answer file."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from events import reading
from events.reading import lexicon, scoring
from events.reading.lexicon import Lexicon
from osint.management.tabled import Tabled

EXAMPLE = (
    '{"sites": ["qasrak-base"], "actors": ["coalition"], "dates": [["2025-11-12", "2025-11-12"]], '
    '"counts": [["trucks", 25, 25]]}'
)
REFUSED = 2


class Command(Tabled):
    help = "Print precision and recall of what the reading aid proposes for a text, as one JSON object."
    refusal = REFUSED

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", help="The text: a file in UTF-8.")
        parser.add_argument("answers", help=f"What people have found in it, as JSON: {EXAMPLE}")
        parser.add_argument("--published", metavar="DATE", help="When the text was published, as in 2025-11-16.")

    def handle(self, *_args: Any, **options: Any) -> None:
        text = written(options["report"])
        file = Answers(options["answers"])
        answers = file.read()
        if file.other:
            self.stderr.write(f"Not scored: {', '.join(file.other)}.")
        published = day(options["published"], "--published") if options["published"] else None
        known = self.known()
        self.name_unknown(answers, known)
        found = scoring.score(reading.read(text, published), answers, known)
        told = {part: score.as_json() for part, score in found.items()}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    def known(self) -> Lexicon:
        """The names and cues of the database; ``CommandError`` where there are none."""
        try:
            known = lexicon.current()
        except DatabaseError as error:
            raise refusal(f"The database cannot be read ({error}). Run “manage.py prepare” first.") from error
        if not known.names or not known.cues:
            raise refusal("The database knows no names or no cues. Load the fixtures first: run “manage.py prepare”.")
        return known

    def name_unknown(self, answers: dict[str, list[Any]], known: Lexicon) -> None:
        """Say which slugs of the answers the database does not have: they can only be missed."""
        slugs = {*answers.get("sites", []), *answers.get("actors", [])} - set(known.kinds)
        slugs |= {row[0] for row in answers.get("counts", [])} - set(known.measures)
        if slugs:
            self.stderr.write(f"The database has no {', '.join(sorted(slugs))}: counted as missed.")


class Answers:
    """An answer file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.other: list[str] = []  # what else the file says, such as a title

    def read(self) -> dict[str, list[Any]]:
        """What the file lists; ``CommandError`` where it is none."""
        try:
            told = json.loads(written(self.name))
        except (json.JSONDecodeError, RecursionError) as error:
            raise refusal(f"“{self.name}” is no JSON: {error}. Write it like {EXAMPLE}") from error
        if not isinstance(told, dict) or not told:
            raise self.refusal("holds no object with lists")
        self.other = sorted(set(told) - set(scoring.PARTS))
        if len(self.other) == len(told):
            raise self.refusal(f"has “{self.other[0]}”, which is none of {', '.join(scoring.PARTS)}")
        told = {part: rows for part, rows in told.items() if part in scoring.PARTS}
        check = {"sites": self.slug, "actors": self.slug, "dates": self.span, "counts": self.amount}
        for part, rows in told.items():
            if not isinstance(rows, list):
                raise self.refusal(f"has “{part}”, which is no list")
        return {part: [check[part](part, row) for row in rows] for part, rows in told.items()}

    def slug(self, part: str, row: Any) -> str:
        """A slug."""
        if not isinstance(row, str) or not row:
            raise self.refusal(f"has {json.dumps(row)} among “{part}”, which is no slug")
        return row

    def span(self, part: str, row: Any) -> scoring.Span:
        """An earliest and a latest day."""
        if not isinstance(row, list) or len(row) != 2:
            raise self.refusal(f"has {json.dumps(row)} among “{part}”, which is not [earliest, latest]")
        return tuple(None if end is None else day(end, self.name) for end in row)  # type: ignore[return-value]

    def amount(self, part: str, row: Any) -> scoring.Amount:
        """A measure, with the lowest and the highest number."""
        match row:
            case [str(measure), low, high] if whole(low) and whole(high):
                return measure, low, high
        raise self.refusal(f"has {json.dumps(row)} among “{part}”, which is not [measure, low, high]")

    def refusal(self, what: str) -> CommandError:
        """The file is refused for this."""
        return refusal(f"“{self.name}” {what}. Write it like {EXAMPLE}")


def whole(value: Any) -> bool:
    """Whether it is a whole number, or left open."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def written(name: str) -> str:
    """What the file holds; ``CommandError`` where it is no text."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise refusal(f"“{name}” cannot be read: {error}. Give a text file in UTF-8.") from error


def day(value: Any, where: str) -> date:
    """A day; ``CommandError`` where it is none."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise refusal(f"{where}: “{value}” is no day. Write it like 2025-11-16.") from error


def refusal(sentence: str) -> CommandError:
    """An error of whoever calls, with exit code 2."""
    return CommandError(sentence, returncode=REFUSED)
