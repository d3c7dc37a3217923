"""What has to be done before the development server can serve something."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from events.models import Event
from sources.models import Source

FIXTURES = ("taxonomy", "gazetteer", "actors", "sources", "reading", "demo")


class Command(BaseCommand):
    help = "Bring the database up to date, load the fixtures where it is empty, and make one user per group."

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", verbosity=0, stdout=self.stdout)
        if not Source.objects.exists() and not Event.objects.exists():
            self.stdout.write("Loading the fixtures into the empty database…")
            call_command("loaddata", *FIXTURES, stdout=self.stdout)
        if settings.DEBUG:
            self.stdout.write("Users and passwords, for this development database only:")
            call_command("demo_users", stdout=self.stdout)
