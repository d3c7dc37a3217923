"""Taking one value out of the history, for good, while the chain still holds: the entry keeps a commitment to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.history import chain, recording
from osint.history.models import Action, Entry, Value


def redact(seq: int, field: str, by: Any, why: str) -> None:
    """Blank one value of an entry, and write down that it was done, by whom and why; the live record stays.

    Raises ``ValidationError`` where there is no such value, or no reason.
    """
    if not why.strip():
        raise ValidationError({"reason": _("Say why the value is redacted.")})
    if field == chain.REDACTED:
        raise ValidationError({"field": _("That something was redacted stays in the history.")})
    with recording.change(by, why.strip()) as current:
        value = Value.objects.filter(entry=seq, field=field).select_related("entry").first()
        if value is None:
            known = ", ".join(Value.objects.filter(entry=seq).order_by("field").values_list("field", flat=True)) or "–"
            raise ValidationError(
                {
                    "field": _("Entry %(seq)d has no value “%(field)s”. It has: %(known)s.")
                    % {"seq": seq, "field": field, "known": known}
                }
            )
        if not value.text:
            raise ValidationError({"field": _("This value is redacted already.")})
        value.salt = value.text = ""
        value.save(update_fields=["salt", "text"])
        chain.append([happening(value.entry, field)], recording.circumstances(current))


def happening(entry: Entry, field: str) -> chain.Happening:
    """The redaction as the history tells it: which value of which entry."""
    told = {chain.REDACTED: (None, {"seq": entry.seq, "field": field})}
    return chain.Happening(entry.model, entry.key, (entry.root_model, entry.root_key), Action.REDACT, told)
