"""Reading pages in tests."""

import re
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event


def page_of(event: Event) -> str:
    """The address of the event's page."""
    return reverse("event", args=[event.reference])


def text(response: Any) -> str:
    """What the answer shows: without tags, blanks counted once."""
    shown = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", shown)


def queries(client: Any, address: str) -> int:
    """How many queries an address takes."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
