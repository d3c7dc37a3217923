"""What the evidence behind each event comes to is kept beside it; it is worked out when all migrations are done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0007_stored'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Backing',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='backing', serialize=False, to='events.event')),
                ('clear', models.PositiveIntegerField()),
                ('green', models.PositiveIntegerField()),
                ('amber', models.PositiveIntegerField()),
                ('strict', models.PositiveIntegerField()),
                ('red', models.PositiveIntegerField()),
                ('is_disputed', models.BooleanField(default=False)),
                ('is_unsupported', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'stored backing',
                'verbose_name_plural': 'stored backings',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('standing', 'in_conflict')), fields=['citation'], name='events_claim_in_conflict'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='events_event_duplicates'),
        ),
        migrations.AddIndex(
            model_name='backing',
            index=models.Index(condition=models.Q(('is_disputed', True)), fields=['event'], name='events_backing_disputed'),
        ),
        migrations.AddIndex(
            model_name='backing',
            index=models.Index(condition=models.Q(('is_unsupported', True)), fields=['event'], name='events_backing_lacking'),
        ),
    ]
