"""What records are found by, worked out again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from events.models import Event
from events.stored import documents, keeping
from osint.base import derived, trigrams
from osint.history.recording import recorded_models
from osint.history.verify import with_parents
from osint.management.tabled import Tabled

WIDTH = 30


class Command(Tabled):
    help = "Work out again what records are found by (folded names and texts, keys), and the indexes over it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say what is wrong; exit with 1 if anything is.")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.is_loud = options["verbosity"] > 0
        write = not options["check"]
        wrong = sum(self.columns(model, write=write) for model in recorded_models() if model._meta.managed)
        wrong += self.kept(write=write)
        broken = self.indexes(write=write)
        if broken or (wrong and not write):
            raise CommandError(
                f"{wrong} records and {len(broken)} indexes ({', '.join(broken) or 'none'}) are not as they should be. "
                "Run manage.py reindex without --check."
            )
        self.stdout.write(
            f"{wrong} records were corrected; the indexes are new." if write else "All is as it should be."
        )

    def columns(self, model: Any, *, write: bool) -> int:
        """Work out the columns of one kind of record; how many records were wrong."""
        if not derived.of(model):
            return 0
        rows, seen, wrong = with_parents(model), 0, 0
        number, name = rows.count(), str(model._meta.label_lower)
        for some, some_wrong in derived.again(rows, derived.own, write=write):
            seen, wrong = seen + some, wrong + some_wrong
            self.progress(name, seen, number)
        return wrong

    def kept(self, *, write: bool) -> int:
        """Look at what is kept beside events; beside how many something else was."""
        wrong, number = 0, Event.objects.count()
        for step, some_wrong in enumerate(keeping.again(write=write)):
            wrong += some_wrong
            self.progress("stored documents", min(number, step * documents.CHUNK), number)
        return wrong

    def indexes(self, *, write: bool) -> list[str]:
        """Make each index anew, or check it; the names of those that are broken."""
        broken = []
        indexes = list(trigrams.INDEXES.values())
        for number, index in enumerate(indexes, 1):
            try:
                trigrams.rebuild(index, connection) if write else trigrams.check(index, connection)
            except DatabaseError as error:
                self.stderr.write(f"{index.name}: {error}")
                broken.append(index.name)
            self.progress("indexes", number, len(indexes))
        return broken

    def progress(self, name: str, done: int, number: int) -> None:
        """Show how far we are, on a screen in one line."""
        if not self.is_loud or not number:
            return
        filled = WIDTH * min(done, number) // number
        line = f"{name:24} [{'#' * filled}{'.' * (WIDTH - filled)}] {done:,}/{number:,}"
        if self.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="\n" if done >= number else "")
        elif done >= number:
            self.stderr.write(line)
