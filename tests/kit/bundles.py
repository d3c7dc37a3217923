"""Bundles for tests: cut into a folder, changed afterwards, and signed again where it is the content that lies."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.utils import timezone

from osint.bundle import export, reading, strict
from osint.bundle.arrivals import Arrival
from osint.bundle.entries import Refusal
from osint.bundle.keys import Signer, fingerprint
from osint.bundle.leaving import Cut
from osint.bundle.models import Departure, Key, Trust
from osint.history.models import Entry

# Always the same, so that one run of tests reads what another has cut.
SIGNER = Signer("Khabur Watch", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def trusted(signer: Signer = SIGNER, **overrides: Any) -> Key:
    """The key of a signer, trusted here."""
    values = {"organisation": signer.organisation, "public": signer.public, "fingerprint": fingerprint(signer.public)}
    return Key.objects.create(**values | overrides)


def cut(folder: Path, since: Departure | None = None, signer: Signer | None = SIGNER, **asked: Any) -> Departure:
    """Cut a bundle into this folder."""
    return export.cut(export.Export(Cut(**asked), since, signer), folder, as_folder=folder.suffix != ".zip")


def exchanged(by: User) -> None:
    """Something of each kind that is there once bundles were exchanged: a key, one that left, one that came in."""
    key = trusted()
    Trust.objects.create(key=key, extent="drafts", by=by, door="admin")
    circumstances = {"organisation": key.organisation, "sequence": 3, "at": timezone.now(), "by": by}
    Arrival.objects.create(format="bundle", key=key.fingerprint, change=uuid4(), upto=1, **circumstances)
    Departure.objects.create(sequence=1, mark="CLEAR", has_texts=True, has_files=False, history=1, digest="0" * 64)


def told(folder: Path, name: str = "fixture.json") -> list[dict[str, Any]]:
    """The records of a list."""
    found: list[dict[str, Any]] = json.loads((folder / name).read_text())
    return found


def keys(folder: Path, label: str) -> set[str]:
    """The natural keys of the records of a model."""
    rows = [row["fields"] for row in told(folder) if row["model"] == label]
    return {str(row.get("slug", row.get("uuid"))) for row in rows}


def fields(folder: Path, label: str, key: Any) -> dict[str, Any]:
    """The fields of one record."""
    rows = [row["fields"] for row in told(folder) if row["model"] == label]
    return next(row for row in rows if str(key) in {row.get("slug"), row.get("uuid")})


def read(source: Any, **allowed: bool) -> list[Any]:
    """All records of a bundle, once all of it was read."""
    with reading.opened(source, **allowed) as bundle:
        found = list(bundle.entries())
        bundle.arriving()
    return found


def refused(source: Any, match: str, **allowed: bool) -> None:
    """Check that the source is refused with such a sentence, and that nothing was written."""
    before = Entry.objects.count()
    with pytest.raises(Refusal, match=match):
        read(source, **allowed)
    assert Entry.objects.count() == before


def listed(rows: Iterable[Any]) -> bytes:
    """Records as a list is laid out."""
    texts = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
    return b"[\n" + b",\n".join(texts) + b"\n]\n" if texts else b"[\n]\n"


def rewrite(folder: Path, name: str, data: bytes, counts: dict[str, int] | None = None) -> None:
    """Put something else into a file, and let the manifest say so, signed."""
    (folder / name).write_bytes(data)

    def change(manifest: dict[str, Any]) -> None:
        manifest["files"][name] = {"size": len(data), "sha256": sha256(data).hexdigest()}
        manifest["counts"] = manifest["counts"] if counts is None else counts

    sign_again(folder, change)


def sign_again(folder: Path, change: Callable[[dict[str, Any]], None], signer: Signer = SIGNER) -> None:
    """Let the manifest say something else, signed."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_bytes(strict.written(manifest))
    (folder / "manifest.sig").write_bytes(signer.sign(path.read_bytes()))


def zipped(folder: Path, path: Path, *, method: int = ZIP_DEFLATED) -> Path:
    """The folder as a zip."""
    with ZipFile(path, "w", method) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder)))
    return path
