"""Addresses of the pages of subscriptions."""

from django.urls import path

from subscriptions.views.choices import block_options, customer_options, subscription_options
from subscriptions.views.compare import subscription_compare
from subscriptions.views.detail import set_in_sync, subscription_detail
from subscriptions.views.listing import subscription_list

app_name = "subscriptions"
urlpatterns = [
    path("", subscription_list, name="list"),
    path("customers/options/", customer_options, name="customer-options"),
    path("options/", subscription_options, name="options"),
    path("blocks/options/", block_options, name="block-options"),
    path("<uuid:pk>/", subscription_detail, name="detail"),
    path("<uuid:pk>/compare/", subscription_compare, name="compare"),
    path("<uuid:pk>/set-in-sync/", set_in_sync, name="set-in-sync"),
]
