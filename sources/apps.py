"""The app of storey 1: who said what, where and when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from sources import guards


class SourcesConfig(AppConfig):
    """Sources, reports, relays."""

    name = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        """Keep the triggers out of the way of migrations, and make them again afterwards."""
        pre_migrate.connect(guards.step_aside, sender=self, dispatch_uid="sources.guards")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="sources.guards")
