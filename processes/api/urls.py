"""Addresses of processes below /api/."""

from django.urls import path

from processes.api import engine, interventions, outside, views

urlpatterns = [
    path("processes/", views.ProcessList.as_view(), name="api-processes"),
    path("processes/status-counts", views.StatusCounts.as_view(), name="api-process-counts"),
    path("processes/resume-all", interventions.ResumeAll.as_view(), name="api-resume-all"),
    path("processes/<uuid:process_id>", views.OneProcess.as_view(), name="api-process"),
    path("processes/<uuid:process_id>/resume", views.ResumeProcess.as_view(), name="api-process-resume"),
    path("processes/<uuid:process_id>/abort", views.AbortProcess.as_view(), name="api-process-abort"),
    path("processes/<uuid:process_id>/skip", interventions.SkipStep.as_view(), name="api-process-skip"),
    path("processes/<uuid:process_id>/state", interventions.EditState.as_view(), name="api-process-state"),
    path("processes/<uuid:process_id>/continue", interventions.ContinueAt.as_view(), name="api-process-continue"),
    path("settings/status", engine.GlobalStatus.as_view(), name="api-engine-status"),
    path("settings/worker-status", engine.WorkerStatus.as_view(), name="api-worker-status"),
    path("settings/outside-systems", outside.OutsideSystems.as_view(), name="api-outside-systems"),
    path("settings/outside-systems/<slug:name>", outside.OneOutsideSystem.as_view(), name="api-outside-system"),
    path("processes/<str:workflow_name>", views.StartProcess.as_view(), name="api-process-start"),
]
