"""Keys: an organisation signs its bundles with one, and whoever receives them decides whose are trusted (Ed25519)."""

import getpass
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from osint.base.text import check_name, shown
from osint.bundle import strict
from osint.bundle.entries import Refusal
from osint.bundle.manifest import DIGEST
from osint.bundle.models import Key, Trust
from osint.history import recording

PASSPHRASE = "KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
PRIVATE, PUBLIC = "isnad-private-key", "isnad-public-key"
LARGEST_FILE = 10_000


def fingerprint(public: str) -> str:
    """The SHA-256 of a public key: what two people read to each other."""
    return sha256(bytes.fromhex(public)).hexdigest()


@dataclass(frozen=True)
class Signer:
    """A private key that was opened, and whose it is."""

    organisation: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The key that others check with."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def fingerprint(self) -> str:
        """By which others know it."""
        return fingerprint(self.public)

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes, as it stands in its file."""
        return self.private.sign(data).hex().encode() + b"\n"


def passphrase() -> bytes | None:
    """What a private key is locked with; nothing where no one said."""
    return os.environ.get(PASSPHRASE, "").encode() or None


def make(organisation: str) -> Signer:
    """A new key."""
    check_name(organisation)
    return Signer(organisation, Ed25519PrivateKey.generate())


def save(signer: Signer, path: Path) -> Path:
    """Write the private key where nobody else reads it, and beside it the public one, whose place is returned."""
    lock = passphrase()
    pem = signer.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(lock) if lock else serialization.NoEncryption(),
    )
    beside = path.with_name(f"{path.name}.pub")
    for place, mode, told in (
        (path, 0o600, {"format": PRIVATE, "organisation": signer.organisation, "private_key": pem.decode()}),
        (beside, 0o644, {"format": PUBLIC, "organisation": signer.organisation, "public_key": signer.public}),
    ):
        # Never over another key: bundles that were signed with it would be nobody's.
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(strict.written(told))
    return beside


def read(path: Path, kind: str, names: set[str]) -> Any:
    """The content of a key's file."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE)
        told = strict.read(data, str(path))
    except OSError as error:
        raise Refusal(
            _("“%(name)s” cannot be read: %(error)s.") % {"name": shown(str(path)), "error": error.strerror}
        ) from error
    if not isinstance(told, dict) or told.get("format") != kind or set(told) != {"format", *names}:
        wanted = _("the file that make_key wrote") if kind == PRIVATE else _("the .pub file that make_key wrote")
        raise Refusal(
            _("“%(name)s” is not the key that is needed: give %(wanted)s.") % {"name": path, "wanted": wanted}
        )
    if not all(isinstance(value, str) for value in told.values()):
        raise Refusal(_("“%(name)s” holds no key.") % {"name": path})
    return told


def load(path: Path) -> Signer:
    """The private key in this file, opened with the passphrase of the environment where it is locked."""
    told = read(path, PRIVATE, {"organisation", "private_key"})
    try:
        private = serialization.load_pem_private_key(told["private_key"].encode(), passphrase())
    except TypeError as error:
        raise Refusal(
            _("“%(name)s”: the passphrase in %(variable)s is missing, or there is one and the key has none.")
            % {"name": path, "variable": PASSPHRASE}
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refusal(
            _("“%(name)s” cannot be opened: another passphrase, or the file was damaged.") % {"name": path}
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Refusal(_("“%(name)s” is no Ed25519 key.") % {"name": path})
    return Signer(told["organisation"], private)


def trust(path: Path, *, may_publish: bool, by: Any = None, why: str = "") -> Key:
    """Trust the public key in this file from now on; one that is trusted already may publish from now on, or not."""
    told = read(path, PUBLIC, {"organisation", "public_key"})
    if not DIGEST.fullmatch(told["public_key"]):
        raise Refusal(_("“%(name)s” holds no public key.") % {"name": path})
    known = Key.objects.filter(public=told["public_key"]).first()
    if known is not None and not known.is_valid:
        raise Refusal(
            _("This key was revoked (%(why)s). Ask its organisation for another.") % {"why": known.revoked_why}
        )
    if known is not None and known.organisation != told["organisation"]:
        raise Refusal(_("This key is that of %(other)s already.") % {"other": known.organisation})
    public = told["public_key"]
    key = known or Key(organisation=told["organisation"], public=public, fingerprint=fingerprint(public), added_by=by)
    key.may_publish = may_publish
    try:
        key.full_clean(exclude=["added_by"])
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    keep(key, by, why)
    return key


def keep(key: Key, by: Any = None, why: str = "") -> None:
    """Store how far a key is trusted from now on, and who has said so by which door; nothing where it was so before."""
    with transaction.atomic():
        before = Trust.objects.filter(key=key.pk).first() if key.pk else None
        key.save()
        if before is None or before.extent != key.extent:
            door = recording.DOOR.get().name
            operator = "" if by else account()
            Trust.objects.create(key=key, extent=key.extent, by=by, operator=operator, door=door, why=why)


def account() -> str:
    """Who has said it at the machine itself, as far as that is known."""
    try:
        return getpass.getuser()[:100]
    except (KeyError, OSError):
        return ""


def named(beginning: str) -> Key:
    """The key whose fingerprint is, or begins with, these digits."""
    found = list(Key.objects.filter(fingerprint__startswith=beginning.lower())[:2]) if len(beginning) >= 8 else []
    if len(found) != 1:
        raise Refusal(
            _("There is no one key “%(fingerprint)s”. Give its fingerprint, or the first eight digits or more of it.")
            % {"fingerprint": shown(beginning)}
        )
    return found[0]


def revoke(key: Key, why: str, by: Any = None) -> None:
    """Trust the key no longer: what it signed before is refused from now on as well."""
    if not key.is_valid:
        raise Refusal(_("This key was revoked already: %(why)s") % {"why": key.revoked_why})
    if len(why.strip()) < 3:
        raise Refusal(_("Say why the key is revoked."))
    key.revoked_at, key.revoked_why = timezone.now(), why.strip()
    keep(key, by, key.revoked_why)


def check_signature(key: Key, data: bytes, signature: bytes) -> None:
    """Refuse what the key did not sign."""
    try:
        if len(signature) != 129 or not signature.endswith(b"\n"):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public)).verify(bytes.fromhex(signature.decode()), data)
    except (InvalidSignature, ValueError) as error:
        raise Refusal(
            _("The signature does not hold: the manifest is not what %(organisation)s has signed.")
            % {"organisation": key.organisation}
        ) from error
