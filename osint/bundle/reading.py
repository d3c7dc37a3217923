"""A bundle as it is read: everything about it is doubted, and nothing is believed before all of it was checked.

Invariant: whoever has opened a bundle knows that its manifest was signed by a trusted key, and that each file is, byte
for byte, what the manifest says, and that each record is, by itself, as it has to be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from osint.base.text import shown
from osint.bundle import containers, keys, layout, manifest, records, strict
from osint.bundle.arrivals import Arrival
from osint.bundle.arriving import Arriving, Identity, Pedigree
from osint.bundle.containers import Container
from osint.bundle.entries import Entry, Fate, Refusal
from osint.bundle.manifest import ATTACHED, EDITS, FIXTURE, NAME, SIGNATURE, Manifest
from osint.bundle.manifest import STATES as STATES_FILE
from osint.bundle.models import Key
from osint.bundle.writing import FILES
from sources.models import Attachment


@dataclass(frozen=True)
class Bundle:
    """A bundle whose signature and files were checked."""

    container: Container
    manifest: Manifest
    digest: str  # SHA-256 of the manifest: by it the whole bundle is known
    key: Key | None

    def entries(self) -> Iterator[Entry]:
        """Its records, in the order in which they need each other; ``Refusal`` where one is not as it has to be."""
        attached: set[str] = set()
        for entry in records.checked(self.told(FIXTURE), self.manifest.counts):
            if entry.model is Attachment:
                attached.add(self.file_of(entry))
            yield entry
        if extra := sorted({name for name in self.manifest.files if ATTACHED.fullmatch(name)} - attached):
            raise Refusal(_("“%(name)s” is attached to nothing.") % {"name": extra[0]})

    def file_of(self, entry: Entry) -> str:
        """The name of the file of an attachment, which is there and kept under its own hash."""
        digest = entry.fields["sha256"]
        name = f"{FILES}{digest}"
        if name not in self.manifest.files or entry.fields["size"] != self.manifest.files[name]["size"]:
            raise Refusal(_("%(where)s: its file “%(name)s” is not there.") % {"where": entry.where, "name": name})
        if entry.fields["file"] != f"attachments/{digest[:2]}/{digest}":
            raise Refusal(
                _("%(where)s: “%(seen)s” is not where its file is kept.")
                % {"where": entry.where, "seen": shown(entry.fields["file"])}
            )
        return name

    def fates(self) -> Iterator[Fate]:
        """What became of records."""
        seen: set[int] = set()
        for told, where in self.told(STATES_FILE):
            fate = records.fate_of(told, where)
            records.check_first(seen, fate.model, fate.key, where)
            yield fate

    def edits(self) -> dict[Identity, dict[str, Pedigree]]:
        """The pedigrees of values that were edited."""
        found: dict[Identity, dict[str, Pedigree]] = {}
        if EDITS in self.manifest.files:
            for told, where in self.told(EDITS):
                named, pedigrees = records.pedigrees_of(told, where)
                if named in found:
                    raise Refusal(_("%(where)s: this record stands there twice.") % {"where": where})
                found[named] = pedigrees
        return found

    def attachment(self, digest: str) -> bytes:
        """The bytes of an attachment."""
        name = f"{FILES}{digest}"
        if name not in self.manifest.files:
            raise Refusal(_("“%(name)s” is not in the bundle.") % {"name": name})
        return b"".join(containers.pieces(self.container, name, self.manifest.files[name]["size"]))

    def arriving(self) -> Arriving:
        """What whoever plans its import has to know beside its records."""
        return Arriving(
            organisation=self.manifest.organisation,
            sha256=self.digest,
            key=self.key.fingerprint if self.key else "",
            database=self.manifest.database,
            sequence=self.manifest.sequence,
            may_publish=bool(self.key and self.key.may_publish),
            edits=self.edits(),
            fates=tuple(self.fates()),
            files=self.attachment,
        )

    def told(self, name: str) -> Iterator[tuple[Any, str]]:
        """Each record of a list, with where it stands."""
        digest, template = sha256(), _("%(name)s, entry %(number)d")
        for number, data in enumerate(layout.records(self.pieces(name, digest), name), start=1):
            where = template % {"name": name, "number": number}
            if number > settings.BUNDLE_RECORDS:
                raise Refusal(too_many(name, number))
            told = strict.read(data, where)
            if not isinstance(told, dict):
                raise Refusal(_("%(where)s: this is no record.") % {"where": where})
            yield told, where
        # It may have been exchanged since it was checked.
        check_digest(name, self.manifest, digest.hexdigest())

    def pieces(self, name: str, digest: Any) -> Iterator[bytes]:
        """A file in pieces, which are counted into the digest."""
        for piece in containers.pieces(self.container, name, self.manifest.files[name]["size"]):
            digest.update(piece)
            yield piece


@contextmanager
def opened(source: Path | IO[bytes], *, unsigned: bool = False, late: bool = False) -> Iterator[Bundle]:
    """The bundle at this place, or coming through this pipe, once it was checked; ``Refusal`` says what is wrong.

    ``unsigned`` lets one pass that nobody has signed (so does a database that was never told to trust a key), ``late``
    one that is older than what came from there before.
    """
    with containers.opened(source) as container:
        data = b"".join(containers.pieces(container, NAME, container.sizes[NAME]))
        read = manifest.read(data)
        key = key_of(read, unsigned=unsigned)
        if key is not None:
            check_signed(container, key, data)
        bundle = Bundle(container, read, sha256(data).hexdigest(), key)
        check_files(bundle)
        check_turn(bundle, late=late)
        check_records(bundle)
        yield bundle


# Who signed it


def key_of(read: Manifest, *, unsigned: bool) -> Key | None:
    """The trusted key that the manifest names."""
    if read.key is None:
        check_unsigned(read, unsigned=unsigned)
        return None
    names = {"fingerprint": read.key, "claimed": read.organisation}
    key = Key.objects.filter(fingerprint=read.key).first()
    if key is None:
        raise Refusal(
            _(
                "The key %(fingerprint)s, which calls itself that of “%(claimed)s”, is not trusted here. Compare it "
                "with them, and trust it with trust_key."
            )
            % names
        )
    names |= {"owner": key.organisation, "why": key.revoked_why}
    if not key.is_valid:
        raise Refusal(_("The key of %(owner)s was revoked: %(why)s") % names)
    if key.organisation != read.organisation:
        raise Refusal(
            _("The bundle says that it is from “%(claimed)s”, and is signed with the key of “%(owner)s”.") % names
        )
    return key


def check_unsigned(read: Manifest, *, unsigned: bool) -> None:
    """Refuse what nobody has signed, where that was not asked for."""
    if read.organisation:
        names = {"claimed": read.organisation}
        raise Refusal(_("The bundle says that it is from “%(claimed)s”, and nobody has signed it.") % names)
    # Where no key was ever trusted, a signature would say nothing either.
    if not unsigned and Key.objects.exists():
        raise Refusal(
            _(
                "The bundle is not signed, so anybody may have made it. Ask for a signed one, or say that nobody has "
                "signed it (--unsigned)."
            )
        )


def check_signed(container: Container, key: Key, data: bytes) -> None:
    """Refuse a manifest that the key did not sign."""
    size = container.sizes.get(SIGNATURE)
    if size is None:
        raise Refusal(_("“%(name)s” is missing.") % {"name": SIGNATURE})
    signature = b"".join(containers.pieces(container, SIGNATURE, min(size, 1_000)))
    keys.check_signature(key, data, signature)


# Whether all is there


def check_files(bundle: Bundle) -> None:
    """Refuse a file that is missing, one too many, and one that is not what the manifest says."""
    told, there = bundle.manifest.files, set(bundle.container.sizes)
    if lost := sorted(set(told) - there):
        raise Refusal(_("“%(name)s” is missing.") % {"name": lost[0]})
    signature = {SIGNATURE} if bundle.key else set()
    if extra := sorted(there - set(told) - {NAME} - signature):
        raise Refusal(_("“%(name)s” is not in the manifest.") % {"name": extra[0]})
    if (total := sum(bundle.manifest.counts.values())) > settings.BUNDLE_RECORDS:
        raise Refusal(too_many(FIXTURE, total))
    for name in sorted(told):
        if bundle.container.sizes[name] != told[name]["size"]:
            raise Refusal(changed(name))
    for name in sorted(told):
        digest = sha256()
        for piece in containers.pieces(bundle.container, name, told[name]["size"]):
            digest.update(piece)
        check_digest(name, bundle.manifest, digest.hexdigest())


def check_digest(name: str, read: Manifest, digest: str) -> None:
    """Refuse a file whose hash is another."""
    if digest != read.files[name]["sha256"]:
        raise Refusal(changed(name))


def changed(name: str) -> str:
    """What is said of a file that is not what the manifest says."""
    return _("“%(name)s” is not what the manifest says: it was changed or damaged. Ask for the bundle again.") % {
        "name": name
    }


def too_many(name: str, number: int) -> str:
    """What is said of more records than are read at once."""
    return _(
        "%(name)s: %(number)d records or more, and %(most)d are read at once. Ask for several bundles, or set "
        "BUNDLE_RECORDS."
    ) % {
        "name": name,
        "number": number,
        "most": settings.BUNDLE_RECORDS,
    }


def check_records(bundle: Bundle) -> None:
    """Refuse what no record may say, before all of them are kept in memory."""
    for _entry in bundle.entries():
        pass
    bundle.arriving()


# Whether it is its turn


def check_turn(bundle: Bundle, *, late: bool) -> None:
    """Refuse what is older than what came from that database before, and what only pretends to come from there."""
    read = bundle.manifest
    before = Arrival.objects.standing().filter(database=read.database).order_by("-sequence")
    names = {"sequence": read.sequence, "database": read.database, "organisation": read.organisation}
    # Whoever has not signed at first may begin to; nobody else may take their place.
    if other := before.exclude(organisation__in=["", read.organisation]).first():
        signed = _(
            "Bundles of the database %(database)s came from “%(other)s” before; this one is signed by "
            "“%(organisation)s”."
        )
        unsigned = _("Bundles of the database %(database)s came from “%(other)s” before; nobody has signed this one.")
        raise Refusal((signed if read.organisation else unsigned) % (names | {"other": other.organisation}))
    if before.filter(sequence=read.sequence).exclude(sha256=bundle.digest).exists():
        raise Refusal(
            _(
                "Another bundle came from there under the same number %(sequence)d. Either was made by a database that "
                "was set back to an earlier state: ask for a new one."
            )
            % names
        )
    check_newest(bundle, before.first(), late=late)


def check_newest(bundle: Bundle, newest: Arrival | None, *, late: bool) -> None:
    """Refuse what is older than the newest that came from that database."""
    read = bundle.manifest
    if newest is not None and (newest.sequence or 0) > read.sequence and not late:
        raise Refusal(
            _(
                "This is bundle %(sequence)d of “%(organisation)s”, and bundle %(newest)d came already. What is old "
                "could bring back what was corrected since: ask for a new one, or say that it is older (--late)."
            )
            % {"sequence": read.sequence, "organisation": read.organisation, "newest": newest.sequence}
        )
