"""The table of subscriptions, for the page and as a file."""

from collections.abc import Callable, Sequence
from functools import cached_property
from uuid import UUID

import django_tables2 as tables
from django.utils.safestring import SafeString

from processes.lists.addresses import addresses_of
from processes.lists.markup import html
from processes.lists.paging import beginning
from processes.lists.tables import ListTable, Look
from subscriptions.queries.listed import ListedSubscription, listed


class SubscriptionTable(ListTable):
    """Subscriptions as people look for them."""

    description = tables.Column()
    status = tables.Column()
    insync = tables.Column(verbose_name="In sync")
    product = tables.Column()
    customer = tables.Column()
    start_date = tables.Column(verbose_name="Started")
    end_date = tables.Column(verbose_name="Ended")
    note = tables.Column()

    caption = "Subscriptions"
    ties = ("-created_at", "pk")
    sorts = {
        "description": beginning("description"),
        "note": beginning("note"),
        "product": "product__name",
        "customer": "customer__fullname",
    }

    class Meta:
        empty_text = "No subscription matches."

    @cached_property
    def _address(self) -> Callable[[UUID], str]:
        return addresses_of("subscriptions:detail")

    def listed(self, keys: Sequence[UUID]) -> list[ListedSubscription]:
        return listed(keys)

    def cell_description(self, row: ListedSubscription, look: Look) -> SafeString:
        return html('<a href="{}">{}</a>', self._address(row.id), row.description)

    def cell_status(self, row: ListedSubscription, look: Look) -> SafeString:
        return look.status(row.status)

    def cell_insync(self, row: ListedSubscription, look: Look) -> SafeString:
        return look.insync(row.insync)

    def cell_product(self, row: ListedSubscription, look: Look) -> str:
        return row.product_name

    def cell_customer(self, row: ListedSubscription, look: Look) -> SafeString:
        return html('<span title="{}">{}</span>', row.customer_fullname, row.customer_shortcode)

    def cell_start_date(self, row: ListedSubscription, look: Look) -> SafeString | None:
        return look.ago(row.start_date) if row.start_date else None

    def cell_end_date(self, row: ListedSubscription, look: Look) -> SafeString | None:
        return look.ago(row.end_date) if row.end_date else None

    def export_product(self, row: ListedSubscription) -> str:
        return row.product_name

    def export_customer(self, row: ListedSubscription) -> str:
        return row.customer_fullname
