import csv
from datetime import date
from pathlib import Path

from django.db import migrations
from django.utils import timezone

HERE = Path(__file__)
DAYS = HERE.with_name("rest_days_2000_to_2100.csv")  # as the library said in this version
SOURCE = "holidays 0.109"
NATIONS = {"E": "england", "W": "wales", "S": "scotland", "N": "northern_ireland"}


def load(apps, schema_editor):
    """The days from a file beside this migration, so that every installation begins with the same
    ones, whatever version of the library it has."""
    rows = apps.get_model("organisations", "RestDay").objects
    schema_editor.execute("SET LOCAL nrm.migrating = 'on'")
    with DAYS.open(newline="") as lines:
        rows.using(schema_editor.connection.alias).bulk_create(
            [
                rows.model(
                    day=date.fromisoformat(line["day"]),
                    name=line["name"],
                    nations=[NATIONS[letter] for letter in line["nations"]],
                    source=SOURCE,
                    recorded_at=timezone.now(),
                )
                for line in csv.DictReader(lines)
            ],
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0006_calendar")]
    operations = [
        migrations.RunSQL(
            HERE.with_suffix(".sql").read_text(),
            HERE.with_name("0007_calendar_walls_back.sql").read_text(),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
