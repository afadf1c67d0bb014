import incidents.codes
from django.db import migrations, models


def give_codes(apps, schema_editor):
    for incident in apps.get_model('incidents', 'Incident').objects.filter(code='').iterator():
        incident.code = incidents.codes.new_code()
        incident.save(update_fields=['code'])


# What was written is public since the time it shows; drafts wait.
PUBLISH = """
    UPDATE incidents_incidentupdate SET published_at = display_at WHERE status <> 'draft'
"""
# The claims know since when it was true: the first failing or the first good check.
DATE_CHANGES = """
    UPDATE incidents_updatecomponent AS change
    SET since = coalesce(
        CASE WHEN change.new_status = 'operational' THEN (
            SELECT max(claim.ended_at) FROM pages_statusclaim AS claim
            WHERE claim.component_id = change.component_id
              AND claim.source = 'incident:' || said.incident_id
              AND claim.ended_at <= said.display_at
        ) ELSE (
            SELECT max(claim.since) FROM pages_statusclaim AS claim
            WHERE claim.component_id = change.component_id
              AND claim.source = 'incident:' || said.incident_id
              AND claim.status = change.new_status
              AND claim.since <= said.display_at
        ) END,
        said.display_at
    )
    FROM incidents_incidentupdate AS said
    WHERE said.id = change.update_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0002_maintenance_and_more'),
    ]

    operations = [
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.RunSQL(PUBLISH, migrations.RunSQL.noop),
        migrations.RunSQL(DATE_CHANGES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='incident',
            name='code',
            field=models.CharField(default=incidents.codes.new_code, editable=False, max_length=12, unique=True),
        ),
    ]
