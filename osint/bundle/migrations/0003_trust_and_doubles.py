"""Who trusted which key since when; and records that were entered on both sides."""

from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
import osint.base.fields
from django.conf import settings
from django.db import migrations, models


def begin(apps: Any, schema_editor: Any) -> None:
    """What is known of keys that are there already."""
    using = schema_editor.connection.alias
    trust = apps.get_model("bundle", "Trust").objects.using(using)
    for key in apps.get_model("bundle", "Key").objects.using(using).order_by("pk"):
        extent = "publish" if key.may_publish else "drafts"
        trust.create(key=key, at=key.added_at, extent=extent, by=key.added_by, door="migrate")
        if key.revoked_at:
            trust.create(key=key, at=key.revoked_at, extent="revoked", door="migrate", why=key.revoked_why)


def nothing(apps: Any, schema_editor: Any) -> None:
    """Going back, the rows go with their table."""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('bundle', '0002_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='arrived',
            name='same_as',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddIndex(
            model_name='arrived',
            index=models.Index(condition=models.Q(('outcome', 'gone')), fields=['model'], name='bundle_arrived_gone'),
        ),
        migrations.CreateModel(
            name='Trust',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('extent', models.CharField(choices=[('drafts', 'lands as drafts'), ('publish', 'may publish'), ('revoked', 'revoked')], max_length=10, verbose_name='how far')),
                ('operator', models.CharField(blank=True, max_length=100, verbose_name='account of the machine')),
                ('door', models.CharField(max_length=60, verbose_name='door')),
                ('why', osint.base.fields.Prose(blank=True, max_length=2000, verbose_name='why')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trusted', to='bundle.key', verbose_name='key')),
            ],
            options={
                'verbose_name': 'decision on a key',
                'verbose_name_plural': 'decisions on keys',
                'ordering': ['-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('extent__in', ['drafts', 'publish', 'revoked'])), name='bundle_trust_extent', violation_error_message='“extent” must be one of: drafts, publish, revoked.')],
            },
        ),
        migrations.RunPython(begin, nothing),
    ]
