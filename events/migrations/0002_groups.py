"""The groups of DESIGN §3, with what each may do."""

from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

RECORDS = {
    "sources": ["source", "report", "relay"],
    "events": [
        "event", "placement", "involvement", "count", "citation", "claim",
        "site", "sitename", "actor", "actorname", "actorlink",
    ],
}  # fmt: skip
LISTS = {"events": ["eventtype", "measure"]}
EVERYTHING = {"sources": RECORDS["sources"], "events": [*RECORDS["events"], *LISTS["events"], "correction"]}


def may(verbs: list[str], records: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Permissions as (app, codename)."""
    return {(app, f"{verb}_{model}") for app, models in records.items() for model in models for verb in verbs}


VIEWER = may(["view"], EVERYTHING)
ANALYST = VIEWER | may(["add", "change", "delete"], RECORDS) | {("events", "submit_event")}
EDITOR = ANALYST | may(["add", "change", "delete"], LISTS) | {("events", "publish_event"), ("events", "retract_event")}
ADMINISTRATOR = EDITOR | may(["view", "add", "change", "delete"], {"auth": ["user"]}) | {("auth", "view_group")}
GROUPS = {"Viewer": VIEWER, "Analyst": ANALYST, "Editor": EDITOR, "Administrator": ADMINISTRATOR}


def make_groups(apps: Apps, schema_editor: Any) -> None:
    """Make the groups; permissions are otherwise made only after the last migration, so they are made here first."""
    database = schema_editor.connection.alias
    for label in ("auth", "sources", "events"):
        config = apps.get_app_config(label)
        # Without a module of models Django would think that the app has none.
        config.models_module = getattr(config, "models_module", None) or True  # type: ignore[assignment]
        create_permissions(config, apps=apps, using=database, verbosity=0)
    permission_model, group_model = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    for name, wanted in GROUPS.items():
        group, _made = group_model.objects.using(database).get_or_create(name=name)
        for app, codename in sorted(wanted):
            group.permissions.add(permission_model.objects.using(database).get(content_type__app_label=app, codename=codename))


def remove_groups(apps: Apps, schema_editor: Any) -> None:
    """Take the groups away again."""
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    """Viewer, Analyst, Editor, Administrator."""

    dependencies = [
        ("events", "0001_initial"),
        ("sources", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
