"""The app of storey 2: what is claimed to have happened, and what we hold."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from events.guards import GUARDS
from events.trigrams import INDEXES
from osint.base import guards, trigrams


class EventsConfig(AppConfig):
    """Events, their facts, and the claims they rest on."""

    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        """Add rules and what follows changes; keep triggers out of migrations' way, and make them again."""
        import_module("events.provenance")
        import_module("events.revert")
        import_module("events.notices")
        keeping = import_module("events.stored.keeping")
        guards.watch(self, GUARDS)
        trigrams.watch(self, INDEXES)
        post_migrate.connect(keeping.begin, sender=self, dispatch_uid="events.stored")
