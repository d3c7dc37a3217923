"""STIX 2.1 in: reports and incidents, as drafts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from osint.bundle.arriving import Arriving
from osint.bundle.entries import Refusal
from osint.management.reader import reader_named
from osint.standards import importing
from osint.standards.stix import foreign, reading


class Command(BaseCommand):
    help = "Show what a bundle of STIX 2.1 would bring in, as drafts; with --apply, bring it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The bundle, in UTF-8.")
        parser.add_argument("--apply", action="store_true", help="Write it: all of it, or nothing.")
        parser.add_argument("--user", default="", help="Who brings it in, as the history says it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, by = options["file"], reader_named(options["user"]) if options["user"] else None
        try:
            batch = list(foreign.entries(reading.objects(path)))
            arriving = Arriving(format="STIX 2.1", sha256=importing.digest(path))
            done = (importing.carry_out if options["apply"] else importing.rehearse)([batch], arriving, by)
        except (Refusal, OSError) as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except importing.Refused as error:
            raise CommandError(f"{error}\nSome of it cannot come in, so nothing was written.") from error
        for line in done.told:
            self.stdout.write(line)
        self.stdout.write(", ".join(f"{number:,} {name}" for name, number in sorted(done.counts.items())) or "Empty.")
        if done.refused and not options["apply"]:
            raise CommandError("Some of it cannot come in.")
        self.stdout.write("Written." if options["apply"] else "Nothing was written: --apply does.")
