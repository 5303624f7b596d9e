import django.contrib.postgres.fields
from django.db import migrations, models

from referrals.catalogue import Risk


class Migration(migrations.Migration):
    """The risks that stand on a referral, kept beside it for lists."""

    dependencies = [("referrals", "0003_thresholds")]
    operations = [
        migrations.AddField(
            model_name="referral",
            name="risks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=Risk.choices, max_length=40),
                blank=True,
                default=list,
                size=None,
            ),
        ),
    ]
