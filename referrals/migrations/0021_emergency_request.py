from django.db import migrations
from django.utils import timezone

CONCERN = {"any_risk": ["re_exploitation_concern"]}
REASON = "A request for emergency support answers the concern that someone may be exploited again"


def began_sooner(apps, schema_editor):
    schema_editor.execute("SELECT set_config('nrm.migrating', 'on', true)")
    alias = schema_editor.connection.alias
    changed = [
        _changed(row)
        for model in ("ThresholdVersion", "ThresholdDraft")
        for row in apps.get_model("referrals", model)
        .objects.using(alias)
        .filter(code="emergency-request")
    ]
    if any(changed):
        owed = apps.get_model("organisations", "Reassessment").objects.using(alias)
        owed.create(rule="emergency-request", reason=REASON, created_at=timezone.now())
    schema_editor.execute("SELECT set_config('nrm.migrating', '', true)")


def _changed(row):
    changed = False
    for limit in row.definition["limits"]:
        asked = limit.get("when", {}).get("any_risk")
        if asked == CONCERN["any_risk"] and "starts_when" not in limit:
            limit["starts_when"], changed = CONCERN, True
    row.save(update_fields=["definition"])
    return changed


class Migration(migrations.Migration):
    """A request made while somebody was destitute answers the concern that they may be exploited
    again, too: its wait began when the concern did, and not as destitution ended."""

    dependencies = [("referrals", "0020_harm"), ("organisations", "0008_reassessment_rule")]
    operations = [migrations.RunPython(began_sooner, migrations.RunPython.noop)]
