"""Let every offered order of a list be read from an index, so that the first page costs the same at any size."""

from django.db import migrations, models
from django.db.models.functions import Left

NEWEST = ("-created_at", "id")
COLUMNS = {
    "subscription_sort_status": "status",
    "subscription_sort_insync": "insync",
    "subscription_sort_product": "product",
    "subscription_sort_customer": "customer",
    "subscription_sort_start": "start_date",
    "subscription_sort_end": "end_date",
    "subscription_sort_version": "version",
}
# Only the beginning of a text: an entry of an index has 2 700 bytes at most.
TEXTS = {"subscription_sort_description": "description", "subscription_sort_note": "note"}


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]
    operations = [
        migrations.RemoveIndex("subscription", "subscription_by_start"),
        migrations.RemoveIndex("subscription", "subscription_by_status"),
        migrations.AddIndex("subscription", models.Index(fields=["status"], name="subscription_count_status")),
        *(
            migrations.AddIndex("subscription", models.Index(fields=[column, *NEWEST], name=name))
            for name, column in COLUMNS.items()
        ),
        *(
            migrations.AddIndex(
                "subscription", models.Index(Left(text, 100), models.F("created_at").desc(), "id", name=name)
            )
            for name, text in TEXTS.items()
        ),
    ]
