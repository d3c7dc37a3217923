"""What the coding desk adds: cues for the reading aid, and by which rule a claim was proposed."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
import django.utils.timezone
import osint.base.fields
import uuid
from django.conf import settings
from django.db import migrations, models

may = import_module("events.migrations.0002_groups").may
trust = import_module("events.migrations.0004_trust_groups")

CUES, NOTES = {"events": ["cue"]}, {"sources": ["passagenote"]}
VIEWER = may(["view"], CUES)
ANALYST = VIEWER | may(["view", "add", "change", "delete"], NOTES)
EDITOR = ANALYST | may(["add", "change", "delete"], CUES)
GROUPS = {"Viewer": VIEWER, "Analyst": ANALYST, "Editor": EDITOR, "Administrator": EDITOR}


def give(apps: Any, schema_editor: Any) -> None:
    """Give each group what it may do now."""
    trust.give(apps, schema_editor, GROUPS)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_trust_groups'),
        ('sources', '0003_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='proposal',
            field=osint.base.fields.Line(blank=True, help_text="The rule of the reading aid that proposed it to the person who entered it, and the rule's words.", max_length=200, verbose_name='proposed by'),
        ),
        migrations.CreateModel(
            name='Cue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, serialize=False, verbose_name='created')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, serialize=False, verbose_name='changed')),
                ('version', models.PositiveIntegerField(default=1, editable=False, serialize=False, verbose_name='version')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UUID')),
                ('kind', models.CharField(choices=[('type', 'what happened'), ('measure', 'what is counted'), ('qualifier', 'how exactly it is counted'), ('site_role', 'how it lies to a place'), ('actor_role', 'what part somebody has in it'), ('origin', 'on whose word'), ('ignore', 'not what it looks like')], max_length=12, verbose_name='kind')),
                ('text', osint.base.fields.Line(help_text='As they stand in a text, without prefixes and without “and” or “the”.', max_length=100, verbose_name='words')),
                ('language', models.CharField(default='ar', help_text='ISO 639 code: ar, en, ku, …', max_length=8, verbose_name='language')),
                ('value', models.CharField(blank=True, help_text='For a qualifier or a role: its code, such as about, at_least, to, target.', max_length=12, verbose_name='value')),
                ('folded', models.CharField(db_index=True, default='', editable=False, max_length=120, serialize=False)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cues', to='events.measure', verbose_name='measure')),
                ('type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cues', to='events.eventtype', verbose_name='type')),
            ],
            options={
                'verbose_name': 'cue',
                'verbose_name_plural': 'cues',
                'ordering': ['kind', 'folded', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['type', 'measure', 'qualifier', 'site_role', 'actor_role', 'origin', 'ignore'])), name='events_cue_kind', violation_error_message='“kind” must be one of: type, measure, qualifier, site_role, actor_role, origin, ignore.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='events_cue_text', violation_error_message='Write the words.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'type'), ('measure__isnull', True), ('type__isnull', False), ('value', '')), models.Q(('kind', 'measure'), ('measure__isnull', False), ('type__isnull', True), ('value', '')), models.Q(('kind', 'qualifier'), ('measure__isnull', True), ('type__isnull', True), ('value__in', ['exactly', 'about', 'at_least', 'more_than', 'up_to', 'fewer_than', 'between', 'several', 'dozens', 'hundreds', 'thousands', 'unclear'])), models.Q(('kind', 'site_role'), ('measure__isnull', True), ('type__isnull', True), ('value__in', ['at', 'from', 'via', 'to', 'over', 'near', 'between'])), models.Q(('kind', 'actor_role'), ('measure__isnull', True), ('type__isnull', True), ('value__in', ['acts', 'partner', 'target', 'affected', 'present', 'mentioned'])), models.Q(('kind', 'origin'), ('measure__isnull', True), ('type__isnull', True), ('value', '')), models.Q(('kind', 'ignore'), ('measure__isnull', True), ('type__isnull', True), ('value', '')), _connector='OR'), name='events_cue_fits_its_kind', violation_error_message='A cue says one thing: choose a type, a measure or a value, as its kind asks for, and no other.'), models.UniqueConstraint(condition=models.Q(('type__isnull', False)), fields=('kind', 'folded', 'type'), name='events_cue_of_type_once', violation_error_message='These words are a cue for this type already.'), models.UniqueConstraint(condition=models.Q(('measure__isnull', False)), fields=('kind', 'folded', 'measure'), name='events_cue_of_measure_once', violation_error_message='These words are a cue for this measure already.'), models.UniqueConstraint(condition=models.Q(('measure', None), ('type', None)), fields=('kind', 'folded', 'value'), name='events_cue_of_value_once', violation_error_message='These words are such a cue already.')],
            },
        ),
        migrations.RunPython(give, trust.nothing),
    ]
