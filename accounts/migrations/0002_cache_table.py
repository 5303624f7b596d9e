from django.db import migrations


class Migration(migrations.Migration):
    """The cache: used one-time codes and counts of attempts. Shared by all processes, and unlogged:
    it need not survive a crash of the server."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE UNLOGGED TABLE cache (
                    cache_key varchar(255) PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamptz NOT NULL
                );
                CREATE INDEX cache_expires ON cache (expires);
            """,
            reverse_sql="DROP TABLE cache",
        ),
    ]
