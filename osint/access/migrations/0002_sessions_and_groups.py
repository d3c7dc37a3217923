"""Who is signed in stays so: the tokens that signing in has made move into the new table. And who may make tokens."""

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.utils import timezone

may = import_module("events.migrations.0002_groups").may
trust = import_module("events.migrations.0004_trust_groups")

OWN = may(["view", "add", "delete"], {"access": ["token"]})
GROUPS = {
    "Viewer": OWN,
    "Analyst": OWN,
    "Editor": OWN,
    "Administrator": OWN | {("access", "keep_tokens")},
}


def give(apps: Any, schema_editor: Any) -> None:
    """Give each group what it may do now."""
    config = apps.get_app_config("access")
    config.models_module = getattr(config, "models_module", None) or True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    trust.give(apps, schema_editor, GROUPS)


def move_sessions(apps: Any, schema_editor: Any) -> None:
    """A token that is valid goes on for all that its user may do, as before; one that is over is gone."""
    using = schema_editor.connection.alias
    old, new = apps.get_model("knox", "AuthToken"), apps.get_model("access", "Token")
    now = timezone.now()
    for kept in old.objects.using(using).exclude(expiry__lte=now):
        new.objects.using(using).create(
            digest=kept.digest,
            beginning=kept.token_key[:12],
            user_id=kept.user_id,
            scope="publish",
            created_at=kept.created,
            expiry=kept.expiry or now + timedelta(days=30),
        )
    old.objects.using(using).all().delete()


def nothing(apps: Any, schema_editor: Any) -> None:
    """Going back takes nothing away: whoever was signed in signs in again."""


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0001_initial"),
        ("knox", "0009_extend_authtoken_field"),
        ("events", "0005_desk"),
    ]

    operations = [migrations.RunPython(move_sessions, nothing), migrations.RunPython(give, nothing)]
