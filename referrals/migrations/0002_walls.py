from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("organisations", "0002_walls")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
