"""``dumpdata`` of what people entered: what is kept beside it follows from it, on every database by itself."""

from typing import Any

from django.core.management.commands import dumpdata

from events.models import Backing, Document, Term

BESIDE = [model._meta.label_lower for model in (Backing, Document, Term)]


class Command(dumpdata.Command):
    """Write fixtures, as Django does."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        super().handle(*app_labels, **options | {"exclude": [*options["exclude"], *BESIDE]})
