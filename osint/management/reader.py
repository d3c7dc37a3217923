"""As whom a command reads or writes."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import CommandError


def user_named(name: str) -> Any:
    """The active user of this name; without a name nobody, as for the one who runs the installation."""
    return reader_named(name) if name else None


def reader_named(name: str) -> Any:
    """The active user of this name; without a name, whoever has no account."""
    if not name:
        return AnonymousUser()
    found = get_user_model()._default_manager.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"--user: there is no active user “{name}”. Name one, or leave it out.")
    return found
