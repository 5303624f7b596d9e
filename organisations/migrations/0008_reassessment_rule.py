from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_calendar_walls")]

    operations = [
        migrations.AddField(
            model_name="reassessment",
            name="rule",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
