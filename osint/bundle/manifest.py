"""What a bundle says of itself: who cut it, from which database, out of what, and what is in it, byte for byte."""

import re
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.base.text import check_name, check_text, shown
from osint.bundle import strict
from osint.bundle.contents import BY_LABEL
from osint.bundle.entries import Refusal
from osint.history import chain
from sources.choices import Tlp

FORMAT, VERSION = "isnad-bundle", 1
NAME, SIGNATURE = "manifest.json", "manifest.sig"
FIXTURE, STATES, EDITS = "fixture.json", "states.json", "edits.json"
LISTS = (FIXTURE, STATES, EDITS)
LARGEST_NUMBER = 2**53
WRITTEN_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"[0-9a-f]{64}")
ATTACHED = re.compile(r"files/([0-9a-f]{64})")
QUERY_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of ``manifest.json``."""

    organisation: str
    database: str  # UUID of the database it was cut from
    sequence: int  # the how many-eth bundle of that database it is
    made_at: str
    query: str  # of the API; blank where everything was asked for
    mark: str  # nothing with a stricter mark was let go
    highest_mark: str  # the strictest that is in it
    since: int | None  # it goes on from the bundle of this number
    texts: bool
    attachments: bool
    counts: Mapping[str, int]  # records by model
    files: Mapping[str, Mapping[str, Any]]  # size and SHA-256 by name
    history: Mapping[str, Any]  # signed head of the history at that moment
    key: str | None  # fingerprint of the key that signed it

    def data(self) -> bytes:
        """The bytes that are signed."""
        return strict.written({"format": FORMAT, "version": VERSION} | asdict(self))


def read(data: bytes) -> Manifest:
    """The manifest in these bytes; ``Refusal`` where a value is not what it has to be."""
    told = strict.read(data, NAME)
    check_format(told)
    names = [field.name for field in fields(Manifest)]
    check_names(told, {"format", "version", *names}, NAME)
    for name in names:
        if not CHECKS[name](told[name]):
            raise Refusal(
                _("%(where)s, “%(name)s”: %(value)s is not what stands there. Ask for the bundle again.")
                % {"where": NAME, "name": name, "value": shown(str(told[name]))}
            )
    return Manifest(**{name: told[name] for name in names})


def check_format(told: Any) -> None:
    """Refuse what is no bundle, or one of a later make."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refusal(_("%(where)s: this is no bundle of Isnad.") % {"where": NAME})
    version = told.get("version")
    if version != VERSION or isinstance(version, bool):
        raise Refusal(
            _("%(where)s: the format has version %(seen)s; this installation reads %(known)d. Update it.")
            % {"where": NAME, "seen": shown(str(version)), "known": VERSION}
        )


def check_names(told: Mapping[str, Any], known: Set[str], where: str, may_lack: frozenset[str] = frozenset()) -> None:
    """Refuse what is missing, and what nobody knows."""
    if told.keys() == known:
        return
    if extra := sorted(set(told) - known):
        raise Refusal(
            _("%(where)s: “%(name)s” does not belong there. Known: %(known)s.")
            % {"where": where, "name": shown(extra[0]), "known": ", ".join(sorted(known))}
        )
    if lost := sorted(known - set(told) - may_lack):
        raise Refusal(_("%(where)s: “%(name)s” is missing.") % {"where": where, "name": lost[0]})


def is_line(seen: Any) -> bool:
    """Whether it is a text on one line that can be shown."""
    return isinstance(seen, str) and len(seen) <= 200 and (not seen or passes(check_name, seen))


def passes(check: Any, seen: str) -> bool:
    """Whether the check has nothing against it."""
    try:
        check(seen)
    except ValidationError:
        return False
    return True


def is_number(seen: Any, least: int = 0) -> bool:
    """Whether it is a whole number that every program can hold."""
    return type(seen) is int and least <= seen < LARGEST_NUMBER


def is_uuid(seen: Any) -> bool:
    """Whether it is a UUID as it is written everywhere here."""
    return isinstance(seen, str) and WRITTEN_UUID.fullmatch(seen) is not None


def is_moment(seen: Any) -> bool:
    """Whether it is a moment in UTC, as the history writes it."""
    try:
        return isinstance(seen, str) and len(seen) == 27 and chain.stamp(datetime.fromisoformat(seen)) == seen
    except (ValueError, OverflowError):
        return False


def is_digest(seen: Any) -> bool:
    """Whether it is a SHA-256 in small hexadecimal digits."""
    return isinstance(seen, str) and DIGEST.fullmatch(seen) is not None


def are_counts(seen: Any) -> bool:
    """Whether it says how many there are of each model, and of no other."""
    return isinstance(seen, dict) and all(name in BY_LABEL and is_number(number, 1) for name, number in seen.items())


def are_files(seen: Any) -> bool:
    """Whether it says size and hash of files that may be there, the fixture and the states among them."""
    return (
        isinstance(seen, dict)
        and {FIXTURE, STATES} <= set(seen)
        and all((name in LISTS or ATTACHED.fullmatch(name)) and is_file(name, told) for name, told in seen.items())
    )


def is_file(name: str, told: Any) -> bool:
    """Whether this is size and hash of the file; an attachment goes by its hash."""
    if not (isinstance(told, dict) and set(told) == {"size", "sha256"}):
        return False
    attached = ATTACHED.fullmatch(name)
    return is_number(told["size"]) and is_digest(told["sha256"]) and (not attached or attached[1] == told["sha256"])


def is_head(seen: Any) -> bool:
    """Whether this is a signed head of a history."""
    texts = ("hash", "at", "key", "signature")
    return (
        isinstance(seen, dict)
        and set(seen) == {"seq", *texts}
        and is_number(seen["seq"])
        and all(isinstance(seen[name], str) and len(seen[name]) <= 200 for name in texts)
    )


def is_query(seen: Any) -> bool:
    """Whether it can be a query of the API."""
    return isinstance(seen, str) and len(seen) <= QUERY_LENGTH and passes(check_text, seen)


CHECKS: dict[str, Any] = {
    "organisation": is_line,
    "database": is_uuid,
    "sequence": lambda seen: is_number(seen, 1),
    "made_at": is_moment,
    "query": is_query,
    "mark": lambda seen: seen in Tlp.values,
    "highest_mark": lambda seen: seen in Tlp.values,
    "since": lambda seen: seen is None or is_number(seen, 1),
    "texts": lambda seen: isinstance(seen, bool),
    "attachments": lambda seen: isinstance(seen, bool),
    "counts": are_counts,
    "files": are_files,
    "history": is_head,
    "key": lambda seen: seen is None or is_digest(seen),
}
