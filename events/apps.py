"""The app of storey 2: what is claimed to have happened, and what we hold."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from events import guards


class EventsConfig(AppConfig):
    """Events, their facts, and the claims they rest on."""

    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        """Add the rules on origins; keep the triggers out of migrations' way, and make them again afterwards."""
        import_module("events.provenance")
        pre_migrate.connect(guards.step_aside, sender=self, dispatch_uid="events.guards")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="events.guards")
