"""Addresses of subscriptions and customers below /api/."""

from django.urls import path

from subscriptions.api import views

urlpatterns = [
    path("subscriptions/", views.SubscriptionList.as_view(), name="api-subscriptions"),
    path("subscriptions/domain-model/<uuid:subscription_id>", views.DomainModel.as_view(), name="api-subscription"),
    path(
        "subscriptions/workflows/<uuid:subscription_id>", views.Startable.as_view(), name="api-subscription-workflows"
    ),
    path("subscriptions/<uuid:subscription_id>/versions/", views.VersionList.as_view(), name="api-versions"),
    path("subscriptions/<uuid:subscription_id>/validations", views.ValidationList.as_view(), name="api-validations"),
    path("subscriptions/<uuid:subscription_id>/compare", views.Compare.as_view(), name="api-compare"),
    path(
        "subscriptions/<uuid:subscription_id>/set_in_sync", views.SetInSync.as_view(), name="api-subscription-in-sync"
    ),
    path("customers/", views.CustomerList.as_view(), name="api-customers"),
]
