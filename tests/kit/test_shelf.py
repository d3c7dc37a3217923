"""The shelf: what one process of a run has loaded, another one takes, and goes on from there."""

import pytest

from events.models import EventType
from osint.history.models import Entry
from osint.history.verify import faults
from tests.factories import make_event_type
from tests.kit import shelf
from tests.kit.undoing import undone


def stored() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (EventType, Entry)]


@pytest.mark.django_db
def test_what_another_process_has_loaded_is_stored_as_it_was_and_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("ISNAD_SHELF", str(tmp_path))
    monkeypatch.setattr(shelf, "SHELF", {})
    with undone():
        shelf.load("taxonomy")
        loaded = stored()
    monkeypatch.setattr(shelf, "SHELF", {})  # as in a process that has loaded nothing
    monkeypatch.setattr(shelf, "call_command", None)
    shelf.load("taxonomy")
    assert stored() == loaded
    assert make_event_type().pk not in {row[0] for row in loaded[0]}
    assert not list(faults())
