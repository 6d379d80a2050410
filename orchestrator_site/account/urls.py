"""Addresses of the pages of a person's own account."""

from django.urls import path

from orchestrator_site.account import views

app_name = "account"
urlpatterns = [
    path("", views.account, name="account"),
    path("password/", views.OwnPassword.as_view(), name="password"),
    path("invitation/<uidb64>/<token>/", views.InvitedPassword.as_view(), name="invitation"),
]
