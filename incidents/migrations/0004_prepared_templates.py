from django.db import migrations
from django.utils import timezone

from incidents.prepared import PREPARED


def prepare(apps, schema_editor):
    """Pages that exist get the templates that a new one begins with."""
    template_model = apps.get_model('incidents', 'IncidentTemplate')
    at = timezone.now()
    for page in apps.get_model('pages', 'Page').objects.all().iterator():
        template_model.objects.bulk_create(
            template_model(
                page=page,
                use=prepared.use,
                name=prepared.name,
                title=prepared.title,
                body=prepared.body,
                update_status=prepared.status or '',
                created_at=at,
                updated_at=at,
            )
            for prepared in PREPARED
        )


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0003_fill_what_is_new'),
    ]

    operations = [
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]
