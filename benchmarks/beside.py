"""What is kept beside events, written by the application's own code for the whole of a generated database."""

from functools import partial

from django.db import connection

from benchmarks.generate.load import by_processes, told
from events.models import Document, Event
from events.stored import backing, documents, terms

SOME = 5_000


def fill() -> None:
    """Terms, numbers of origins and documents of all events, anew."""
    keys = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    blocks = [keys[first : first + SOME] for first in range(0, len(keys), SOME)]
    with told("terms"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {Document._meta.db_table}")
        for some in blocks:
            documents.begin(some)
        terms.file_all()
    with told("numbers of origins"):
        backing.file_all()
    with told("documents"):
        if connection.vendor == "postgresql" and len(blocks) > 1:
            list(by_processes(partial(nth, blocks), len(blocks)))
        else:
            for some in blocks:
                documents.fill(some)


def nth(blocks: list[list[int]], number: int) -> int:
    """Fill the documents of one block; how many there were."""
    return documents.fill(blocks[number])
