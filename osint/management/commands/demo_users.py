"""One user per group, for trying things out on one's own machine."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError
from django.db import transaction

from osint.management.tabled import Tabled

PEOPLE = {"viewer": "Viewer", "analyst": "Analyst", "editor": "Editor", "administrator": "Administrator"}


class Command(Tabled):
    help = "Make a user for each group, with a random password that is kept in data/demo-users.txt (development only)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("DEBUG is off: demo users are for development. Make real ones with createsuperuser.")
        for username, password in kept_passwords(settings.DATA_DIR / "demo-users.txt").items():
            made = make_user(username, password)
            self.stdout.write(f"  {username:<14} {password if made else works_still(username, password)}")


def kept_passwords(path: Path) -> dict[str, str]:
    """Each user's password, made on the first call and read back on every later one."""
    if not path.exists():
        lines = [f"{username} {secrets.token_urlsafe(12)}\n" for username in PEOPLE]
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(lines)
    return dict(line.split() for line in path.read_text().splitlines())


@transaction.atomic
def make_user(username: str, password: str) -> bool:
    """Make the user where there is none; an existing one stays as people have left it."""
    if User.objects.filter(username=username).exists():
        return False
    # The admin is for those who work here: a viewer signs in at the pages.
    user = User.objects.create_user(
        username, password=password, is_staff=username != "viewer", is_superuser=username == "administrator"
    )
    user.groups.add(Group.objects.get(name=PEOPLE[username]))
    return True


def works_still(username: str, password: str) -> str:
    """The kept password, unless it was changed since."""
    return password if User.objects.get(username=username).check_password(password) else "(password was changed)"
