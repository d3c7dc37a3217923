"""What others share, as a file: first what would be done with it, then, where it is meant, doing it."""

import json
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError

from osint.base.errors import sentence_of
from osint.base.garbage import seldom_looked_for
from osint.bundle import reading
from osint.bundle.applying import Stale, apply
from osint.bundle.arrivals import Arrival
from osint.bundle.entries import Refusal
from osint.bundle.planning import plan
from osint.bundle.plans import MINE, THEIRS, Plan
from osint.bundle.reading import Bundle
from osint.bundle.undo import undo
from osint.management.reader import user_named
from osint.management.tabled import Tabled
from osint.progress import Progress

PIPE = "-"
UNDECIDED, REFUSED, STALE = 3, 4, 5


class Command(Tabled):
    help = (
        "Read a bundle, and print what it would do; with --apply, do it. Exit codes: 0 all of it can come in, or has; "
        "1 the file is refused; 3 conflicts are to be decided; 4 records are refused; 5 somebody wrote meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE", nargs="?", help="FILE.zip, a folder, or - for standard input.")
        parser.add_argument("--apply", action="store_true", help="Do it: all that can come in, in one transaction.")
        parser.add_argument("--json", action="store_true", help="Print the plan as JSON, every difference in it.")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--mine", action="store_true", help="In conflicts what is here stays.")
        choice.add_argument("--theirs", action="store_true", help="In conflicts what comes is taken.")
        parser.add_argument(
            "--decisions", type=Path, metavar="FILE", help='JSON: {"events.event 822dc163-… when": "mine", …}.'
        )
        parser.add_argument("--unsigned", action="store_true", help="Read one that nobody has signed.")
        parser.add_argument("--late", action="store_true", help="Read one that is older than what came already.")
        parser.add_argument("--undo", type=int, metavar="N", help="Undo import N as a whole (--why says why).")
        parser.add_argument("--why", default="", help="Why an import is undone.")
        parser.add_argument("--user", default="", help="Who brings it in or undoes it, as the history says it.")
        parser.add_argument("--list", action="store_true", help="List the imports there were, with their numbers.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self.list()
            elif options["undo"] is not None:
                self.undo(options)
            elif options["source"]:
                self.read(options)
            else:
                raise CommandError("Name a bundle: FILE.zip, a folder, or - for the standard input.", returncode=2)
        except Refusal as error:
            raise CommandError(f"Nothing was written. {error}") from error
        except Stale as error:
            raise CommandError(sentence_of(error), returncode=STALE) from error
        except ValidationError as error:
            raise CommandError(f"Nothing was written. {sentence_of(error)}") from error
        except PermissionDenied as error:
            raise CommandError(f"--user: {error}") from error

    def read(self, options: dict[str, Any]) -> None:
        """Plan, print, and apply where that is asked for."""
        default = MINE if options["mine"] else THEIRS if options["theirs"] else ""
        by = user_named(options["user"])
        self.is_watched = options["verbosity"] > 0 and self.stderr.isatty()
        with opened(options) as bundle, seldom_looked_for():
            if bundle.key is None:
                self.stderr.write("Nobody has signed it, so anybody may have made it.")
            total = sum(bundle.manifest.counts.values())
            progress = Progress(self.stderr, total * (2 if options["apply"] else 1), self.is_watched)
            choices = decided(options["decisions"])
            found = plan(bundle.entries(), bundle.arriving(), choices, default, by, step=progress.step)
            progress.finish()
            self.print(found, as_json=options["json"])
            for name in found.idle():
                self.stderr.write(f"The decision on “{name}” decides nothing: the two do not differ there.")
            code = code_of(found)
            if options["apply"]:
                arrival = apply(found, by, step=progress.step, spent=True)
                progress.finish()
                self.stderr.write(f"Import {arrival.pk}: done." if arrival else "There was nothing to do.")
        if code:
            sys.exit(code)

    def print(self, found: Plan, *, as_json: bool) -> None:
        """The plan, for people or programs."""
        told = json.dumps(found.as_json(), ensure_ascii=False, indent=1) if as_json else found.as_text()
        self.stdout.write(told)

    def undo(self, options: dict[str, Any]) -> None:
        """Undo an import."""
        arrival = Arrival.objects.filter(pk=options["undo"]).first()
        if arrival is None:
            raise CommandError(f"There was no import {options['undo']}; --list tells them all.")
        undone = undo(arrival, user_named(options["user"]), options["why"])
        for sentence in undone.kept:
            self.stdout.write(sentence)
        self.stdout.write(f"{undone.taken_back} records are as before; {len(undone.kept)} stay as they are.")

    def list(self) -> None:
        """All imports, one a line."""
        for arrival in Arrival.objects.order_by("pk"):
            undone = f" (undone {arrival.undone_at:%Y-%m-%d}: {arrival.undone_why})" if arrival.undone_at else ""
            self.stdout.write(f"{arrival.pk:>5}  {arrival.at:%Y-%m-%d %H:%M}  {arrival}  {arrival.sha256[:16]}{undone}")


def opened(options: dict[str, Any]) -> AbstractContextManager[Bundle]:
    """The bundle, once it was checked."""
    source: Any = sys.stdin.buffer if options["source"] == PIPE else Path(options["source"])
    return reading.opened(source, unsigned=options["unsigned"], late=options["late"])


def decided(path: Path | None) -> dict[str, str]:
    """The decisions in a file."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"The decisions in “{path}” cannot be read: {why}.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise CommandError(f'“{path}” holds no decisions. Write {{"events.event 822dc163-… when": "mine"}}.')
    return found


def code_of(found: Plan) -> int:
    """The exit code that says how much of the file can come in."""
    return REFUSED if found.refused() else UNDECIDED if found.conflicts() else 0
