"""A new record is made once, however often its request arrives: ``Idempotency-Key`` names the attempt.

The record's UUID is worked out from the key and from who sends it, so that nothing has to be kept, and nobody can ask
for, or take, the identity of what somebody else makes.
"""

from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

HEADER = "Idempotency-Key"
LONGEST = 100
FAMILY = UUID("7d4a0e7c-5a0f-4f5e-9b57-6c1f2c1f9a10")


def identity_of(request: Request, model: Any) -> dict[str, UUID]:
    """The identity of what the request makes, where it names its attempt and the record has one that travels."""
    key = key_of(request, model)
    return {"uuid": uuid5(FAMILY, key)} if key else {}


def identities_of(request: Request, model: Any, number: int) -> list[dict[str, UUID]]:
    """The same for each of so many records that one request makes, by their places in it."""
    key = key_of(request, model)
    # A key of a single record may look like this: what tells the two apart is the family.
    family = uuid5(FAMILY, "bulk")
    return [{"uuid": uuid5(family, f"{key}/{place}")} if key else {} for place in range(number)]


def key_of(request: Request, model: Any) -> str:
    """The attempt, as nobody else and no other kind of record has it; nothing where none is named."""
    key = request.headers.get(HEADER, "").strip()
    if not key or not any(column.name == "uuid" for column in model._meta.fields):
        return ""
    if len(key) > LONGEST:
        sentence = _("It has %(number)d characters, at most %(most)d. Send a UUID of your own making.")
        raise exceptions.ValidationError({HEADER: [sentence % {"number": len(key), "most": LONGEST}]})
    return f"{request.user.pk}/{model._meta.label_lower}/{key}"
