"""Writers who wait for each other on PostgreSQL: for a row, and for their turn in the history, in one order."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, connections

from events.models import Placement, Site
from osint.history import recording
from tests import factories as make


@pytest.mark.engine("postgresql")  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_names_a_place_that_another_renames_waits_for_that_and_both_are_kept():
    site, event = make.make_site(slug="before"), make.make_event()
    has_renamed = Signal()

    def renames() -> None:
        try:
            with recording.change():
                renamed = Site.objects.get(pk=site.pk)
                renamed.slug = "after"
                renamed.save()
                has_renamed.set()
                wait_until_somebody_waits()
        finally:
            connections.close_all()

    def names() -> None:
        try:
            assert has_renamed.wait(10)
            with recording.change():
                Placement(event_id=event.pk, site_id=site.pk).save()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(renames), pool.submit(names)]:
            done.result()
    assert Placement.objects.get().site.slug == "after"


def wait_until_somebody_waits() -> None:
    """Until a transaction waits for another one, or its turn."""
    for _attempt in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")
