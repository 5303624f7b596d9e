import json
from pathlib import Path

from django.db import migrations

THRESHOLDS = Path(__file__).with_name("thresholds_2026.json")


def load(apps, schema_editor):
    versions = apps.get_model("referrals", "ThresholdVersion").objects
    versions.using(schema_editor.connection.alias).bulk_create(
        versions.model(
            code=rule["code"],
            number=rule["number"],
            definition={k: v for k, v in rule.items() if k not in {"code", "number"}},
        )
        for rule in json.loads(THRESHOLDS.read_text())["rules"]
    )


def unload(apps, schema_editor):
    versions = apps.get_model("referrals", "ThresholdVersion").objects
    versions.using(schema_editor.connection.alias).filter(effective_from=None).delete()


class Migration(migrations.Migration):
    """The first version of each threshold, in force for all time."""

    dependencies = [("referrals", "0002_walls")]
    operations = [migrations.RunPython(load, unload)]
