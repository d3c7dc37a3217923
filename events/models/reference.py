"""Short references that people can quote (``SY-2025-4F7KQ2``), local to one database, never given twice.

They are drawn from the event's UUID and not counted: a running number would tell readers how many drafts there are.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

# Crockford's base 32: no I, L, O or U, so that a reference can be read aloud and copied by hand.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST, LONGEST = 6, 24


def references(uuid: UUID, day: date | None) -> Iterator[str]:
    """References for an event of this year, each a letter longer than the one before."""
    year = (day or timezone.now().date()).year
    # The last bits: in every kind of UUID they are as good as drawn by lot.
    bits = uuid.int
    letters = "".join(LETTERS[(bits >> 5 * place) & 31] for place in range(LONGEST))
    for length in range(SHORTEST, LONGEST + 1):
        yield f"{settings.REFERENCE_PREFIX}-{year:04d}-{letters[:length]}"
