"""Triggers that hold the history as it was written: entries stay, and of a value only its redaction is possible."""

from django.utils.translation import gettext_noop as _

from osint.base.guards import Guard

STAYS = _("The history stays as it was written. What has to go is redacted: manage.py redact_history.")
REDACTED = (
    "NEW.text = '' AND NEW.salt = '' AND NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field"
)

GUARDS = [
    Guard("history_entry_stays_update", "history_entry", "UPDATE", "TRUE", STAYS),
    Guard("history_value_stays_update", "history_value", "UPDATE", f"NOT ({REDACTED})", STAYS),
    *(
        Guard(f"{table}_stays_{event.lower()}", table, event, "TRUE", STAYS)
        for table in ("history_entry", "history_value")
        for event in ("DELETE", "TRUNCATE")
    ),
]
