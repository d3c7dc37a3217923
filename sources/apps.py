"""The app of storey 1: who said what, where and when."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from osint.base import guards, trigrams
from sources.guards import GUARDS
from sources.trigrams import INDEXES


class SourcesConfig(AppConfig):
    """Sources, reports, relays."""

    name = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        """Add the rule on deleted records; keep triggers out of migrations' way, and make them again afterwards."""
        import_module("sources.bygone")
        import_module("sources.notices")
        guards.watch(self, GUARDS)
        trigrams.watch(self, INDEXES)
