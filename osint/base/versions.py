"""Writing only to the version that one has read: ``If-Match`` names it, and whatever else is stored is left alone.

Invariant: what is stored is compared under the lock under which it is then written (``held``), so nothing is
overwritten that its writer has not seen.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.request import Request

from osint.base.text import shown
from osint.history import past, reading, recording

if TYPE_CHECKING:
    from osint.base.record import Record

MOST_TOLD = 100
# How the version is stated, as a refusal names it.
BY_HEADER = gettext_lazy('Read the record again, carry your change over, and send it with: If-Match: "%(current)d".')
IN_ROW = gettext_lazy('Read the record again, carry your change over, and send the row with: "version": %(current)d.')


class Unversioned(exceptions.APIException):
    """A write that names no version (RFC 6585)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"


class Stale(exceptions.APIException):
    """A write to a version that is no longer the one stored."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale"

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["detail"])
        # Beside the sentence, as it is: REST framework would make a sentence of every number.
        self.more = {name: value for name, value in body.items() if name != "detail"}


# The header


def etag(record: "Record") -> str:
    """The version of a record, as a strong entity tag."""
    return f'"{record.version}"'


def named(request: Request) -> int:
    """The version that the request was made for."""
    given = request.headers.get("If-Match", "").strip()
    way_out = _('Read the record, and send the ETag of the answer as If-Match, such as: If-Match: "3".')
    if not given:
        raise Unversioned(_("Say which version you change.") + " " + way_out)
    if given == "*":
        raise Unversioned(_("“If-Match: *” names no version, so that it would overwrite any.") + " " + way_out)
    found = re.fullmatch(r'"([0-9]{1,9})(-[0-9a-f]{16})?"', given, re.ASCII)
    if not found:
        sentence = _("“%(given)s” is not one strong ETag of ours: a number in double quotes.") % {
            "given": shown(given, 60)
        }
        raise exceptions.ValidationError({"If-Match": [f"{sentence} {way_out}"]})
    # What follows the number is for readers: it tells apart what different people see of one version.
    return int(found[1])


# The lock


@contextmanager
def held(record: "Record", version: int, by: Any, way: Any = BY_HEADER) -> Iterator[None]:
    """Change the record within this block, as one change, unless it is no longer this version.

    ``way`` is the sentence that says how the version is stated where the request came in.
    """
    with recording.change(by):
        stored = stored_version(type(record), record.pk)
        if stored is None:
            raise exceptions.NotFound(_("Somebody deleted this record just now. Read the list again."))
        if stored != version:
            raise Stale(told(record, version, stored, by, way))
        yield


def whole_of(record: Any) -> Any:
    """The record that this one belongs to: itself, where it stands alone."""
    for name in record.belongs_to.split("__") if record.belongs_to else []:
        record = getattr(record, name)
    return record


def stored_version(model: type["Record"], key: int) -> int | None:
    """The version stored, which stays so until the change ends; none where the record is gone."""
    recording.about_to_write(model, [key])
    state = recording.before(model, key)
    return state[recording.VERSION] if state else None


# What a refusal tells


def told(record: "Record", version: int, stored: int, reader: Any, way: Any = BY_HEADER) -> dict[str, Any]:
    """The body of a refusal: both versions, what has happened in between, and the way out."""
    both = {"yours": version, "current": stored}
    sentence = _("You change version %(yours)d, and version %(current)d is stored: nothing was written.") % both
    body = {"detail": f"{sentence} {str(way) % both}", **both}
    changes = changes_since(record, version, reader)
    return body if changes is None else body | {"changed": [vars(change) for change in changes[:MOST_TOLD]]}


@dataclass
class Changed:
    """A field of a record or of one of its rows: what it was in your version, what it is now, by whom, since when."""

    record: str
    identity: str | None
    field: str
    before: Any
    after: Any
    by: str | None
    at: str


def changes_since(record: "Record", version: int, reader: Any) -> list[Changed] | None:
    """What became of the record and its rows since this version; none for who may not read the history."""
    model, label = type(record), record._meta.label_lower
    seq = past.at_version(model, record.pk, version)
    if seq is None or not reader.has_perm("history.view_entry"):
        return None
    entries = reading.readable(reader).filter(seq__gt=seq).order_by("seq").select_related("by")
    entries = entries.filter(model=label, key=record.pk) if model.belongs_to else entries.about(label, record.pk)
    return list(differences(reading.one_by_one(entries, reader)))


def differences(told: Iterable[tuple[reading.Read, reading.Touched]]) -> Iterator[Changed]:
    """Each field that is not what it was, from its first value in these entries to its last."""
    found: dict[tuple[str, int, str], Changed] = {}
    for _change, touched in told:
        entry = touched.entry
        for field in touched.fields:
            first = Changed(entry.model, touched.identity, field.name, field.old, None, None, "")
            change = found.setdefault((entry.model, entry.key, field.name), first)
            change.after, change.by = field.new, entry.by.get_username() if entry.by else None
            change.at = entry.at.isoformat().replace("+00:00", "Z")
    for change in found.values():
        if change.before != change.after:
            change.before, change.after = outward(change.before), outward(change.after)
            yield change


def outward(value: Any) -> Any:
    """The value as it leaves the database."""
    return _("[redacted]") if value is past.REDACTED else value
