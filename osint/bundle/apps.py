"""Bundles as an app, for their tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from osint.base import guards

STAYS = gettext_noop("Who trusted which key, and when, stays as it was written. Decide anew: trust_key.")
GUARDS = [
    guards.Guard(f"bundle_trust_stays_{event.lower()}", "bundle_trust", event, "TRUE", STAYS)
    for event in ("UPDATE", "DELETE", "TRUNCATE")
]


class BundleConfig(AppConfig):
    """What leaves this installation for another one, and what comes from there."""

    name = "osint.bundle"
    label = "bundle"
    verbose_name = _("Sharing")

    def ready(self) -> None:
        """Keep the triggers out of the way of migrations, and make them again afterwards."""
        guards.watch(self, GUARDS)
