"""Addresses of the pages about rights."""

from django.urls import path

from orchestrator_site.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("mine/", views.mine, name="mine"),
    path("people/<int:pk>/", views.person, name="person"),
    path("workflows/<str:workflow_name>/", views.workflow, name="workflow"),
]
