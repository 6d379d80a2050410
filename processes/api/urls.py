"""Addresses of processes below /api/."""

from django.urls import path

from processes.api import external_systems, interventions, operations, processes, workflows

urlpatterns = [
    path("processes/", processes.ProcessList.as_view(), name="api-processes"),
    path("processes/status-counts", processes.StatusCounts.as_view(), name="api-process-counts"),
    path("processes/resume-all", interventions.ResumeAll.as_view(), name="api-resume-all"),
    path("processes/<uuid:process_id>", processes.OneProcess.as_view(), name="api-process"),
    path("processes/<uuid:process_id>/resume", processes.ResumeProcess.as_view(), name="api-process-resume"),
    path("processes/<uuid:process_id>/abort", processes.AbortProcess.as_view(), name="api-process-abort"),
    path("processes/<uuid:process_id>/skip", interventions.SkipStep.as_view(), name="api-process-skip"),
    path("processes/<uuid:process_id>/state", interventions.EditState.as_view(), name="api-process-state"),
    path("processes/<uuid:process_id>/continue", interventions.ContinueAt.as_view(), name="api-process-continue"),
    path("workflows/", workflows.WorkflowList.as_view(), name="api-workflows"),
    path("workflows/<uuid:workflow_id>", workflows.OneWorkflow.as_view(), name="api-workflow"),
    path("settings/status", operations.GlobalStatus.as_view(), name="api-engine-status"),
    path("settings/worker-status", operations.WorkerStatus.as_view(), name="api-worker-status"),
    path("settings/external-systems", external_systems.ExternalSystems.as_view(), name="api-external-systems"),
    path(
        "settings/external-systems/<slug:name>",
        external_systems.OneExternalSystem.as_view(),
        name="api-external-system",
    ),
    path("processes/<str:workflow_name>", processes.StartProcess.as_view(), name="api-process-start"),
]
