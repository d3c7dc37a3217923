"""A history to tamper with: sources, a site, a published event and a correction, some 60 entries."""

import pytest
from django.db import connection

from osint.base import guards
from tests import factories as make


@pytest.fixture
def lived(db, settings, tmp_path):
    """A database in which something has happened, with the triggers out of the way: what a thief of it would do."""
    settings.MEDIA_ROOT = tmp_path
    event = make.make_published_event()
    event.refresh_from_db()
    event.summary_en = "Some twenty-five trucks reached the base."
    event.save()
    guards.remove(guards.GUARDS, connection)
    yield event
    guards.make(guards.GUARDS, connection)
