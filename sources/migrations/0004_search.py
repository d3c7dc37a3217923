"""Texts are found by any three letters, and words that were cut in two to get past a filter are read as whole."""

from typing import Any

from django.db import migrations

from osint.base import derived, trigrams
from osint.base.names import names_folded
from osint.base.text import fold
from sources.trigrams import INDEXES


def extend(_apps: Any, schema_editor: Any) -> None:
    """Let PostgreSQL know trigrams."""
    trigrams.extend(schema_editor.connection)


def remove(_apps: Any, schema_editor: Any) -> None:
    """Drop the indexes."""
    trigrams.remove(INDEXES, schema_editor.connection)


def said(report: Any) -> dict[str, str]:
    """What a report is found by."""
    return {"folded": fold(f"{report.title}\n{report.text}\n{report.translation}")}


def fold_again(apps: Any, _schema_editor: Any) -> None:
    """Fold what was folded before cut words were read as whole."""
    for name, rule in (("Source", names_folded), ("Report", said)):
        list(derived.again(apps.get_model("sources", name).objects.all(), rule))


class Migration(migrations.Migration):

    dependencies = [("sources", "0003_desk")]

    operations = [
        migrations.RunPython(extend, migrations.RunPython.noop),
        # The indexes themselves are made when all migrations are done, as they are wherever one is missing.
        migrations.RunPython(migrations.RunPython.noop, remove),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
