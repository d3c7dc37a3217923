"""An event with its report, and sheets about it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction

from events.models import Event
from osint.base.shapes import csv
from sources.models import Report
from tests import factories as make

HEADS = ("type", "when", "to", "acts", "count trucks", "summary_en", "report", "quote", "quote how_many")
NEW = {
    "type": "Convoy arrival", "when": "13 November 2025", "to": "Qasrak base", "acts": "التحالف الدولي",
    "count trucks": "about 25 “قرابة 25 شاحنة”", "summary_en": "Another convoy.", "quote": "دخول قافلة إمداد",
    "quote how_many": "قرابة 25 شاحنة",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[int]:
    """The published convoy; its key."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make.make_published_event().pk
        transaction.set_rollback(True)


@pytest.fixture
def event(world, db) -> Event:
    """The convoy."""
    return Event.objects.get(pk=world)


@pytest.fixture
def report(event) -> Report:
    """Its report."""
    found: Report = event.citations.get().report
    return found


def sheet(*rows: dict[str, Any], heads: Any = HEADS) -> bytes:
    """A CSV file of these rows."""
    lines = [csv.head(heads), *(csv.line([row.get(head, "") for head in heads]) + csv.END for row in rows)]
    return "".join(lines).encode()


def book(rows: list[list[Any]]) -> bytes:
    """An XLSX file as a spreadsheet writes it."""
    from openpyxl import Workbook

    into = BytesIO()
    workbook = Workbook()
    assert workbook.active is not None
    for row in rows:
        workbook.active.append(row)
    workbook.save(into)
    return into.getvalue()
