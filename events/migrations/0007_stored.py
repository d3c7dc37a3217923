"""Events have their place in lists as a number; what they are found by and shown as is kept beside them."""

from typing import Any

import django.db.models.deletion
import django.db.models.expressions
import events.shelves
from django.conf import settings
from django.db import migrations, models


def keep_within_rows(apps: Any, schema_editor: Any) -> None:
    """Keep what is sent unpacked within its row: packing saves little, unpacking takes half of reading a page."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE events_document SET (toast_tuple_target = 8160)")


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0006_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='document', serialize=False, to='events.event')),
                ('stamp', models.PositiveIntegerField(default=0)),
                ('newest', models.BigIntegerField(default=0)),
                ('links', models.TextField(blank=True, default='')),
                ('brief', models.TextField(blank=True, default='')),
                ('row', models.TextField(blank=True, default='')),
                ('full', models.TextField(blank=True, default='')),
            ],
            options={
                'verbose_name': 'stored document',
                'verbose_name_plural': 'stored documents',
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='event',
            options={'ordering': ['-newest'], 'permissions': [('submit_event', 'Can submit an event for review'), ('publish_event', 'Can publish an event or send it back'), ('retract_event', 'Can retract a published event'), ('merge_event', 'Can merge an event into another and undo it'), ('assign_event', 'Can assign an event to somebody else'), ('see_red_event', 'Can see events and reports marked TLP:RED that others entered')], 'verbose_name': 'event', 'verbose_name_plural': 'events'},
        ),
        migrations.AddField(
            model_name='event',
            name='newest',
            field=models.GeneratedField(db_persist=True, expression=events.shelves.PlaceInTime('latest', 'id'), output_field=models.BigIntegerField(), serialize=False, unique=True),
        ),
        migrations.AddField(
            model_name='event',
            name='span',
            field=models.GeneratedField(db_persist=True, expression=events.shelves.DaysBetween('earliest', 'latest'), output_field=models.IntegerField(), serialize=False),
        ),
        migrations.AddField(
            model_name='event',
            name='shelf',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.Case(models.When(status='draft', then=models.Value(0)), models.When(status='submitted', then=models.Value(5)), models.When(status='published', then=models.Value(10)), models.When(status='retracted', then=models.Value(15)), models.When(status='merged', then=models.Value(20)), default=models.Value(0)), '+', models.Case(models.When(then=models.Value(0), tlp='CLEAR'), models.When(then=models.Value(1), tlp='GREEN'), models.When(then=models.Value(2), tlp='AMBER'), models.When(then=models.Value(3), tlp='AMBER+STRICT'), models.When(then=models.Value(4), tlp='RED'), default=models.Value(0))), output_field=models.SmallIntegerField(), serialize=False),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['shelf', '-newest'], name='events_event_shelf_newest'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('span__gt', 31)), fields=['-newest'], name='events_event_long'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['-changed_at', '-id', 'shelf', 'newest'], name='events_event_changed'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('is_aggregate', True)), fields=['-newest'], name='events_event_wholes'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('brief', '')), fields=['event'], name='events_document_stale'),
        ),
        migrations.RunPython(keep_within_rows, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('pk', models.CompositePrimaryKey('term', 'event_id', 'shelf', 'type', 'month', 'is_plain', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term', models.BigIntegerField()),
                ('event', models.ForeignKey(db_column='newest', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='terms', to='events.event', to_field='newest')),
                ('shelf', models.SmallIntegerField()),
                ('type', models.BigIntegerField()),
                ('month', models.IntegerField()),
                ('is_plain', models.BooleanField()),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'default_permissions': (),
            },
        ),
    ]
