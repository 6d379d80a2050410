"""Addresses of the pages of a person's own account."""

from django.urls import path

from orchestrator_site.account import views

app_name = "account"
urlpatterns = [
    path("", views.account, name="account"),
    path("tokens/", views.make_token, name="tokens"),
    path("tokens/end/", views.end_tokens, name="tokens-end"),
    path("tokens/<int:pk>/end/", views.end_token, name="token-end"),
    path("sessions/end/", views.end_other_sessions, name="sessions-end"),
    path("sessions/<int:pk>/end/", views.end_session, name="session-end"),
    path("password/", views.OwnPassword.as_view(), name="password"),
    path("invitation/<uidb64>/<token>/", views.InvitedPassword.as_view(), name="invitation"),
]
