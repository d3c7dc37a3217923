"""What the groups may do since there is a history, review and merging; corrections keep the mark of their event."""

from importlib import import_module
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import OuterRef, Subquery

may = import_module("events.migrations.0002_groups").may

JUDGEMENTS = {"sources": ["reportjudgement"], "events": ["eventjudgement", "sitejudgement", "actorjudgement"]}
WORK = JUDGEMENTS | {"events": [*JUDGEMENTS["events"], "comment"]}
VIEWER = may(["view"], {"sources": ["attachment"]})
ANALYST = (
    VIEWER
    | may(["view", "add"], WORK)
    | may(["change", "delete"], JUDGEMENTS)
    | may(["add", "delete"], {"sources": ["attachment"]})
    | {("history", "view_entry")}
)
EDITOR = ANALYST | {("events", "merge_event"), ("events", "assign_event"), ("events", "see_red_event")}
ADMINISTRATOR = EDITOR | {("history", "redact_entry")}
GROUPS = {"Viewer": VIEWER, "Analyst": ANALYST, "Editor": EDITOR, "Administrator": ADMINISTRATOR}


def give(apps: Apps, schema_editor: Any, groups: dict[str, set[tuple[str, str]]] = GROUPS) -> None:
    """Give each group what it may do now."""
    database = schema_editor.connection.alias
    for label in ("auth", "history", "sources", "events"):
        config = apps.get_app_config(label)
        config.models_module = getattr(config, "models_module", None) or True  # type: ignore[assignment]
        create_permissions(config, apps=apps, using=database, verbosity=0)
    permission_model, group_model = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    for name, wanted in groups.items():
        group, _made = group_model.objects.using(database).get_or_create(name=name)
        for app, codename in sorted(wanted):
            found = permission_model.objects.using(database).get(content_type__app_label=app, codename=codename)
            group.permissions.add(found)


def mark_corrections(apps: Apps, schema_editor: Any) -> None:
    """What was corrected under a mark is seen by those who may see that mark."""
    correction, event = apps.get_model("events", "Correction"), apps.get_model("events", "Event")
    marks = event.objects.filter(pk=OuterRef("event")).values("tlp")
    correction.objects.using(schema_editor.connection.alias).update(tlp=Subquery(marks))


def nothing(apps: Apps, schema_editor: Any) -> None:
    """Going back takes nothing away: the permissions go with their models."""


class Migration(migrations.Migration):
    """Permissions of the groups."""

    dependencies = [("events", "0003_trust"), ("history", "0001_initial"), ("sources", "0002_trust")]
    operations = [migrations.RunPython(give, nothing), migrations.RunPython(mark_corrections, nothing)]
