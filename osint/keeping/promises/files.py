"""The promise on files: the bytes of every attachment are those that were kept."""

from osint.keeping.promises.registry import Found, address_of, promise
from sources import checksums
from sources.models import Attachment


@promise(1)
def files_are_as_they_were_kept() -> Found:
    """Every file is there, with its SHA-256."""
    for attachment, sentence in checksums.changed():
        yield address_of(Attachment, attachment.pk), sentence
