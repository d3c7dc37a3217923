"""Every promise on the data looked at over the whole database."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import CommandError

from osint.base.snapshot import one_view
from osint.keeping import promises
from osint.management.tabled import Tabled
from osint.progress import Progress

MOST = 1_000


class Command(Tabled):
    help = "Look at every promise over the live database; name each breach with its address, and end with 1 if any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [promise.name for promise in promises.PROMISES]
        parser.add_argument("promises", nargs="*", metavar="PROMISE", help=f"Only these: {', '.join(sorted(names))}.")
        parser.add_argument("--progress", action="store_true", help="Show how far it is, also where nobody watches.")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = self.wanted(options["promises"])
        is_watched = options["progress"] or (options["verbosity"] > 0 and self.stderr.isatty())
        bar = Progress(self.stderr, len(wanted), is_watched, "Looking ")
        number = 0
        with one_view():
            for promise in wanted:
                for breach in islice(promise.breaches(), MOST):
                    number += 1
                    self.stdout.write(str(breach))
                bar.step()
        bar.finish()
        if number:
            raise CommandError(f"{number} breaches of what was promised, each named above.")
        self.stdout.write(f"{len(wanted)} promises, and no breach.")

    def wanted(self, names: list[str]) -> list[promises.Promise]:
        """The promises to look at, in their order."""
        known = {promise.name: promise for promise in promises.PROMISES}
        if unknown := [name for name in names if name not in known]:
            raise CommandError(f"“{unknown[0]}” is no promise. Choose from: {', '.join(sorted(known))}.")
        found = [known[name] for name in names] or list(known.values())
        return sorted(found, key=lambda promise: (promise.number, promise.name))
