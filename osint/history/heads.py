"""The head of the history, to be written down elsewhere: signed with Ed25519 (RFC 8032), so that it proves itself."""

import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from osint.history import chain


def private_key() -> Ed25519PrivateKey:
    """This installation's key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.HISTORY_KEY))


def public_key() -> str:
    """The key that others check our signatures with, in hexadecimal digits."""
    return private_key().public_key().public_bytes_raw().hex()


def head() -> dict[str, Any]:
    """The last entry, and when it was asked for."""
    seq, digest = chain.head()
    return {"seq": seq, "hash": digest, "at": chain.stamp(timezone.now())}


def signed() -> dict[str, Any]:
    """The head with its signature over its canonical JSON (RFC 8785)."""
    plain = head()
    signature = private_key().sign(chain.canonical(plain).encode()).hex()
    return plain | {"key": public_key(), "signature": signature}


def read(text: str, trusted: str) -> tuple[int, str]:
    """Number and hash of a saved head; ``trusted`` is the public key that must have signed it, if it is signed.

    Raises ``ValidationError`` where it is no head, or its signature does not hold.
    """
    try:
        saved = json.loads(text)
        plain = {name: saved[name] for name in ("seq", "hash", "at")}
        seq, digest = int(plain["seq"]), str(plain["hash"])
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValidationError(_("This is no head of a history: it needs seq, hash and at, in JSON.")) from error
    if "signature" in saved:
        check_signature(plain, saved, trusted)
    return seq, digest


def check_signature(plain: dict[str, Any], saved: dict[str, Any], trusted: str) -> None:
    """Raise ``ValidationError`` unless the trusted key has signed this."""
    if saved.get("key") != trusted:
        raise ValidationError(
            _(
                "The head was signed with the key %(key)s, and not with %(trusted)s. Give its key with --key, if you "
                "trust it."
            )
            % {"key": saved.get("key"), "trusted": trusted}
        )
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted))
        key.verify(bytes.fromhex(saved["signature"]), chain.canonical(plain).encode())
    except (InvalidSignature, ValueError, TypeError) as error:
        raise ValidationError(
            _("The signature of the head does not hold: it was changed after it was signed.")
        ) from error
