import json
from pathlib import Path

from django.db import migrations

THRESHOLDS = Path(__file__).with_name("thresholds_2026_register.json")


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
    codes = [rule["code"] for rule in json.loads(THRESHOLDS.read_text())["rules"]]
    versions = apps.get_model("referrals", "ThresholdVersion").objects
    versions.using(schema_editor.connection.alias).filter(
        code__in=codes, effective_from=None
    ).delete()


class Migration(migrations.Migration):
    """When an application, an entry of the register and a training are looked at again."""

    dependencies = [("referrals", "0011_answers_to_delays")]
    operations = [migrations.RunPython(load, unload)]
