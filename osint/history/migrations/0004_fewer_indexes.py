"""Deletions are found without reading through the history; and indexes go that others hold too, or nobody asks."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('history', '0003_edition'),
    ]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('action', 'delete')), fields=['model'], name='history_of_deletions'),
        ),
        # By name: on SQLite a change of the column would write the whole table anew. The one over entry and field is
        # enough; the others, which PostgreSQL alone has, are for LIKE, and nobody asks for a part of a hash.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        'DROP INDEX IF EXISTS history_value_entry_id_0f57f5c4',
                        'DROP INDEX IF EXISTS history_entry_hash_3513d83d_like',
                        'DROP INDEX IF EXISTS history_entry_prev_2c81db37_like',
                    ],
                    ['CREATE INDEX history_value_entry_id_0f57f5c4 ON history_value (entry_id)'],
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='value',
                    name='entry',
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name='values',
                        to='history.entry',
                    ),
                ),
            ],
        ),
    ]
