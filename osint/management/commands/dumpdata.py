"""``dumpdata`` of what people entered: what is kept beside it follows from it, on every database by itself."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import dumpdata

from events.models import Backing, Document, Term
from osint.base.newfile import beside
from osint.management.tabled import Tabled

BESIDE = [model._meta.label_lower for model in (Backing, Document, Term)]


class Command(Tabled, dumpdata.Command):
    """Write fixtures, as Django does."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        asked = options | {"exclude": [*options["exclude"], *BESIDE]}
        if not options["output"]:
            super().handle(*app_labels, **asked)
            return
        try:
            with beside(Path(options["output"])) as own:
                super().handle(*app_labels, **asked | {"output": str(own)})
        except OSError as error:
            raise CommandError(f"“{options['output']}” cannot be written: {error.strerror}.") from error
