"""The app of storey 2: what is claimed to have happened, and what we hold."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from events import guards


class EventsConfig(AppConfig):
    """Events, their facts, and the claims they rest on."""

    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        """Make the triggers again after every migration: Django's table rebuild on SQLite drops them."""
        post_migrate.connect(guards.install, sender=self, dispatch_uid="events.guards")
