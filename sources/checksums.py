"""Whether the bytes of every attachment are still those that were kept."""

from collections.abc import Iterator
from hashlib import file_digest

from django.core.exceptions import SuspiciousFileOperation
from django.utils.translation import gettext as _

from sources.models import Attachment


def faults() -> Iterator[str]:
    """A sentence for each attachment whose bytes are gone or have changed."""
    for _attachment, sentence in changed():
        yield sentence


def changed() -> Iterator[tuple[Attachment, str]]:
    """Each attachment whose bytes are gone or have changed, with the sentence that says so."""
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        told = {"name": attachment.name, "uuid": attachment.uuid}
        try:
            with attachment.file.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError, SuspiciousFileOperation):
            yield attachment, _("The file of attachment %(uuid)s (%(name)s) is gone.") % told
            continue
        if digest != attachment.sha256:
            yield attachment, _("The bytes of attachment %(uuid)s (%(name)s) have changed since they were kept.") % told
