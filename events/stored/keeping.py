"""What a change does to what is kept beside events: terms and numbers at once, documents when it is done."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from events.models import Backing, Document, Event
from events.stored import backing, documents, terms, touched
from osint.base.chunks import chunks
from osint.history import chain, recording


@recording.follow
def follow(change: recording.Touched) -> None:
    """Keep up with a change, within its transaction."""
    shown = touched.events_of(change)
    if not shown:
        return
    made = touched.new(change, Event)
    documents.begin(made)
    documents.empty(shown - made)
    terms.file(touched.refiled(change))
    backing.file(touched.backed(change))
    gone = [key for key, (_before, after) in change.get(Event, {}).items() if not after]
    for kept in (Document, Backing):
        kept._default_manager.filter(pk__in=gone).delete()

    def write() -> None:
        documents.fill(shown)

    # Not a partial(): Django names what has failed, and then fails itself for a change that is kept already.
    transaction.on_commit(write, robust=True)


def begin(using: str = "default", **_kwargs: Any) -> None:
    """Where there are events and nothing is kept beside them yet, keep it, once the migrations are done."""
    if using != "default" or Document._meta.db_table not in connection.introspection.table_names():
        return
    if not Event.objects.exists():
        return
    if not Document.objects.exists():
        begin_anew()
    elif not Backing.objects.exists():
        backing.file_all()


def begin_anew() -> None:
    """Keep it for every event, from nothing."""
    with transaction.atomic():
        chain.queue_up()
        documents.begin_all()
        terms.file_all()
        backing.file_all()
    for _number in fill_all():
        pass


def fill_all() -> Iterator[int]:
    """Write every document that is empty; how many at a time."""
    last = 0
    while keys := list(
        Document.objects.filter(brief="", pk__gt=last).order_by("pk").values_list("pk", flat=True)[:500]
    ):
        yield documents.fill(keys)
        last = keys[-1]


def again(*, write: bool = True) -> Iterator[int]:
    """Look at what is kept, and with ``write`` mend it: how many events were wrong, some at a time."""
    with transaction.atomic():
        chain.queue_up()
        astray = terms.misfiled()
        missing = documents.missing()
        misjudged = backing.misjudged()
        if write:
            documents.begin_all()
            terms.file(astray)
            backing.file(misjudged)
    yield len(astray | missing | misjudged)
    for keys in chunks(Event.objects.order_by("pk").values_list("pk", flat=True), documents.CHUNK):
        wrong = documents.wrong(keys)
        if write:
            documents.forget_public(keys)
            documents.empty(wrong)
            documents.fill(keys)
        yield len(wrong)
