"""The table of subscriptions, for the page and as CSV."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from processes.lists.tables import ListTable
from subscriptions.models import Subscription


class SubscriptionTable(ListTable):
    """Subscriptions as people look for them."""

    description = tables.Column()
    status = tables.Column()
    insync = tables.Column(verbose_name="In sync")
    product = tables.Column(accessor="product__name", verbose_name="Product", order_by="product__name")
    customer = tables.Column(accessor="customer__shortcode", verbose_name="Customer", order_by="customer__fullname")
    start_date = tables.Column(verbose_name="Started")
    end_date = tables.Column(verbose_name="Ended")
    note = tables.Column()

    caption = "Subscriptions"
    ties = ("-created_at", "pk")

    class Meta:
        empty_text = "No subscription matches."

    def render_description(self, record: Subscription) -> SafeString:
        return _cell("description", subscription=record)

    def render_status(self, value: str) -> SafeString:
        return _cell("status", value=value)

    def render_insync(self, value: bool) -> SafeString:
        return _cell("insync", value=value)

    def render_customer(self, record: Subscription) -> SafeString:
        return _cell("customer", customer=record.customer)

    def render_start_date(self, value: Any) -> SafeString:
        return _cell("moment", value=value)

    def render_end_date(self, value: Any) -> SafeString:
        return _cell("moment", value=value)

    def value_description(self, value: str) -> str:
        return value

    def value_status(self, value: str) -> str:
        return value

    def value_insync(self, value: bool) -> str:
        return "true" if value else "false"

    def value_customer(self, record: Subscription) -> str:
        return record.customer.fullname

    def value_start_date(self, value: Any) -> str:
        return str(value.isoformat())

    def value_end_date(self, value: Any) -> str:
        return str(value.isoformat())


def _cell(name: str, **values: Any) -> SafeString:
    return render_to_string(f"subscriptions/cells/{name}.html", values)
