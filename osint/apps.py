"""The roof: settings, addresses, commands and the checks that look at the whole installation."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from osint import checks


class OsintConfig(AppConfig):
    """The project as an app, first in the list so that its commands and templates come before others'."""

    name = "osint"
    verbose_name = "Isnad"

    def ready(self) -> None:
        """Register the checks; after migrations, see that every record has a history."""
        adopt = import_module("osint.history.adoption").adopt
        post_migrate.connect(adopt, sender=apps.get_app_config("events"), dispatch_uid="history.adopt")
        register(checks.sqlite_is_new_enough, Tags.database)
        register(checks.postgresql_is_new_enough, Tags.database)
        register(checks.postgresql_reads_arabic, Tags.database)
        register(checks.postgresql_orders_alike, Tags.database)


class DeskConfig(AdminConfig):
    """Django's admin, with our site as its default."""

    default_site = "osint.base.admin.DeskSite"
