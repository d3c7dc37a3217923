"""Bundles as an app, for their tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundleConfig(AppConfig):
    """What leaves this installation for another one, and what comes from there."""

    name = "osint.bundle"
    label = "bundle"
    verbose_name = _("Sharing")
