"""What every STIX object of ours has: ids that are the same each time, moments, marks, and our extension.

STIX has no room for counts, for how precise a date is, or for who says what in which words. So each object carries, in
an extension of ours, the records that it was made of, field by field under the names that they have in fixtures: from
these it comes in again without loss (``osint.standards.stix.reading``).
"""

from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID, uuid5

from osint.bundle import contents
from sources.choices import Tlp

Object = dict[str, Any]
ROOT: Final = UUID("0f4a9d1e-2f4c-5c55-8b0e-5a1f7f3d9c21")
VERSION: Final = "2.1"
CORE: Final = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
OURS: Final = f"extension-definition--{uuid5(ROOT, 'extension')}"
US: Final = f"identity--{uuid5(ROOT, 'isnad')}"
TLP_2: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
MADE: Final = "2025-11-23T00:00:00.000Z"
MARKS: Final = {
    Tlp.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
TLP_OF: Final = {identity: mark for mark, identity in MARKS.items()}
BLANK: Final[tuple[Any, ...]] = (None, "", [], {})


def identity(kind: str, *names: str) -> str:
    """The id of an object, made of the identity of what it is made of."""
    return f"{kind}--{uuid5(ROOT, ':'.join(names))}"


def moment(of: datetime) -> str:
    """A moment as STIX writes it."""
    return of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{of.microsecond // 1000:03d}Z"


def day(of: date) -> str:
    """The beginning of a day."""
    return moment(datetime.combine(of, time(), UTC))


def tidy(value: Any) -> Any:
    """The value without what is blank, which STIX has no way to say."""
    if isinstance(value, dict):
        return {name: kept for name, one in value.items() if (kept := tidy(one)) not in BLANK}
    if isinstance(value, list):
        return [tidy(one) for one in value]
    return value


def whole(model: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record, blank where STIX left them out."""
    return {name: given.get(name, blank(column)) for name, column in contents.columns(model).items()}


def blank(column: Any) -> Any:
    """What a field holds where nothing was entered."""
    if column.null or column.is_relation:
        return None
    return "" if column.empty_strings_allowed else column.get_default()


def made(kind: str, identity_: str, record: Any, /, **properties: Any) -> Object:
    """An object about a record, with when that was entered and changed."""
    moments = {"created": moment(record.created_at), "modified": moment(max(record.created_at, record.changed_at))}
    return tidy({"type": kind, "spec_version": VERSION, "id": identity_, **moments, **properties})  # type: ignore[no-any-return]


def extended(**told: Any) -> dict[str, Any]:
    """Our extension of an object."""
    return {OURS: {"extension_type": "property-extension", **told}}


def marking(mark: str) -> Object:
    """The definition of a mark of the Traffic Light Protocol 2.0, as FIRST and OASIS give it."""
    extension = {"extension_type": "property-extension", "tlp_2_0": mark.lower()}
    moments = {"created": "2022-10-01T00:00:00.000Z", "name": f"TLP:{mark}", "extensions": {TLP_2: extension}}
    return {"type": "marking-definition", "spec_version": VERSION, "id": MARKS[Tlp(mark)], **moments}


def relationship(source: str, kind: str, target: str, record: Any, **properties: Any) -> Object:
    """How one object stands to another."""
    name = identity("relationship", source, kind, target, str(properties.get("description", "")))
    ends = {"relationship_type": kind, "source_ref": source, "target_ref": target}
    return made("relationship", name, record, **ends, **properties)


def preamble() -> list[Object]:
    """Our extension, and who has defined it."""
    common = {"spec_version": VERSION, "created": MADE, "modified": MADE}
    us = {"type": "identity", "id": US, "name": "Isnad", "identity_class": "system"}
    extension = {
        "type": "extension-definition",
        "id": OURS,
        "created_by_ref": US,
        "name": "Isnad: what is claimed, and on whose word",
        "description": (
            "The records of which an object was made, as in a fixture of Isnad: an event with its places, actors, "
            "counts, citations and claims; a source, an actor, a site, a report with its text."
        ),
        "schema": "docs/formats.md of Isnad: “The extension”",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
    return [us | common, extension | common]
