"""Who may look after keys, see what has left, and import."""

from importlib import import_module
from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

may = import_module("events.migrations.0002_groups").may
trust = import_module("events.migrations.0004_trust_groups")

EDITOR = (
    may(["view"], {"bundle": ["key", "departure"]})
    | may(["view", "add"], {"bundle": ["arrival"]})
    | {("bundle", "undo_arrival")}
)
ADMINISTRATOR = EDITOR | {("bundle", "change_key"), ("bundle", "add_key")}
GROUPS = {"Editor": EDITOR, "Administrator": ADMINISTRATOR}


def give(apps: Any, schema_editor: Any) -> None:
    """Give each group what it may do now."""
    config = apps.get_app_config("bundle")
    config.models_module = getattr(config, "models_module", None) or True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    trust.give(apps, schema_editor, GROUPS)


def nothing(apps: Any, schema_editor: Any) -> None:
    """Going back takes nothing away: the permissions go with their models."""


class Migration(migrations.Migration):
    dependencies = [("bundle", "0001_initial"), ("events", "0005_desk")]

    operations = [migrations.RunPython(give, nothing)]
