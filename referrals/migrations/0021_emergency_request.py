from django.db import migrations
from django.utils import timezone

CONCERN = {"any_risk": ["re_exploitation_concern"]}
REASON = "A request for emergency support answers the concern that someone may be exploited again"


def began_sooner(apps, schema_editor):
    alias = schema_editor.connection.alias
    changed = False
    versions = apps.get_model("referrals", "ThresholdVersion").objects.using(alias)
    for version in versions.filter(code="emergency-request"):
        for limit in version.definition["limits"]:
            asked = limit.get("when", {}).get("any_risk")
            if asked == CONCERN["any_risk"] and "starts_when" not in limit:
                limit["starts_when"] = CONCERN
                changed = True
        version.save(update_fields=["definition"])
    if changed:
        owed = apps.get_model("organisations", "Reassessment").objects.using(alias)
        schema_editor.execute("SELECT set_config('nrm.migrating', 'on', true)")
        owed.create(reason=REASON, created_at=timezone.now())
        schema_editor.execute("SELECT set_config('nrm.migrating', '', true)")


class Migration(migrations.Migration):
    """A request made while somebody was destitute answers the concern that they may be exploited
    again, too: its wait began when the concern did, and not as destitution ended."""

    dependencies = [("referrals", "0020_harm"), ("organisations", "0007_calendar_walls")]
    operations = [migrations.RunPython(began_sooner, migrations.RunPython.noop)]
