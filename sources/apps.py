"""The app of storey 1: who said what, where and when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from sources import guards


class SourcesConfig(AppConfig):
    """Sources, reports, relays."""

    name = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        """Make the triggers again after every migration: Django's table rebuild on SQLite drops them."""
        post_migrate.connect(guards.install, sender=self, dispatch_uid="sources.guards")
