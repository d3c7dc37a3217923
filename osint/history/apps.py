"""The app of the floor: the history of all records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from osint.base import guards
from osint.history.guards import GUARDS


class HistoryConfig(AppConfig):
    """Every change, chained."""

    name = "osint.history"
    label = "history"
    verbose_name = _("History")

    def ready(self) -> None:
        """Keep the triggers out of the way of migrations, and make them again afterwards."""
        guards.watch(self, GUARDS)
