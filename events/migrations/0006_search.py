"""Texts are found by any three letters, and words that were cut in two to get past a filter are read as whole."""

from typing import Any

from django.db import migrations

from events.trigrams import INDEXES
from osint.base import derived, trigrams
from osint.base.names import name_folded, names_folded
from osint.base.text import searchable


def remove(_apps: Any, schema_editor: Any) -> None:
    """Drop the indexes."""
    trigrams.remove(INDEXES, schema_editor.connection)


RULES = {
    "Event": lambda event: {"folded": searchable(f"{event.summary_en}\n{event.summary_ar}")},
    "Claim": lambda claim: {"folded": searchable(claim.quote)},
    **dict.fromkeys(["Site", "Actor", "EventType", "Measure"], names_folded),
    **dict.fromkeys(["SiteName", "ActorName"], name_folded),
}


def fold_again(apps: Any, _schema_editor: Any) -> None:
    """Fold what was folded before cut words were read as whole."""
    for name, rule in RULES.items():
        list(derived.again(apps.get_model("events", name).objects.all(), rule))


class Migration(migrations.Migration):

    dependencies = [("events", "0005_desk"), ("sources", "0004_search")]

    operations = [
        # The indexes themselves are made when all migrations are done, as they are wherever one is missing.
        migrations.RunPython(migrations.RunPython.noop, remove),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
