"""Let active subscriptions that are out of sync be counted from an index alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_sort_indexes")]
    operations = [
        migrations.RemoveIndex("subscription", "subscription_out_of_sync"),
        migrations.AddIndex(
            "subscription",
            models.Index(fields=["status", "-created_at", "id"], name="subscription_unsynced", condition=Q(insync=False)),
        ),
    ]
