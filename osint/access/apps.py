"""Tokens as an app, for their table."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may come by which token."""

    name = "osint.access"
    label = "access"
    verbose_name = _("Programs")

    def ready(self) -> None:
        """Tell the API's description how a token is sent."""
        import_module("osint.access.schema")
