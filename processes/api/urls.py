"""Addresses of processes below /api/."""

from django.urls import path

from processes.api import views

urlpatterns = [
    path("processes/", views.ProcessList.as_view(), name="api-processes"),
    path("processes/status-counts", views.StatusCounts.as_view(), name="api-process-counts"),
    path("processes/<uuid:process_id>", views.OneProcess.as_view(), name="api-process"),
    path("processes/<uuid:process_id>/resume", views.ResumeProcess.as_view(), name="api-process-resume"),
    path("processes/<uuid:process_id>/abort", views.AbortProcess.as_view(), name="api-process-abort"),
    path("processes/<str:workflow_name>", views.StartProcess.as_view(), name="api-process-start"),
]
