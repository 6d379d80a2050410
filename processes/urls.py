"""Addresses of the pages of processes."""

from django.urls import path

from processes.views import answer, detail, interventions, listing, live, operations, retention, start, trail, verbs

app_name = "processes"

urlpatterns = [
    path("processes/", listing.process_list, name="list"),
    path("processes/<uuid:process_id>/", detail.process_detail, name="detail"),
    path("processes/<uuid:process_id>/live/", live.process_live, name="live"),
    path("processes/<uuid:process_id>/steps/<int:number>/", live.process_fold, name="fold"),
    path("processes/<uuid:process_id>/values/", live.step_values, name="step-values"),
    path("processes/<uuid:process_id>/state/", detail.process_state, name="state"),
    path("processes/<uuid:process_id>/export/", detail.process_export, name="export"),
    path("processes/<uuid:process_id>/retry/", verbs.retry, name="retry"),
    path("processes/<uuid:process_id>/abort/", verbs.abort, name="abort"),
    path("processes/<uuid:process_id>/note/", verbs.note, name="note"),
    path("processes/<uuid:process_id>/skip/", interventions.skip, name="skip"),
    path("processes/<uuid:process_id>/edit-state/", interventions.edit_state, name="edit-state"),
    path("processes/<uuid:process_id>/continue/", interventions.continue_at, name="continue"),
    path("processes/<uuid:process_id>/input/", answer.give_input, name="input"),
    path("processes/<uuid:process_id>/input/<uuid:draft_id>/check/", answer.input_check, name="input-check"),
    path("processes/<uuid:process_id>/input/<uuid:draft_id>/cancel/", answer.input_cancel, name="input-cancel"),
    path("processes/<uuid:process_id>/input/<uuid:draft_id>/<int:index>/", answer.input_page, name="input-page"),
    path("trail/<str:kind>/<uuid:key>/", trail.object_trail, name="trail"),
    path("tasks/", start.tasks, name="tasks"),
    path("tasks/retry-failed/", operations.retry_failed_tasks, name="retry-failed-tasks"),
    path("engine/", operations.engine, name="engine"),
    path("engine/live/", operations.engine_live, name="engine-live"),
    path("engine/retention/", retention.retention, name="retention"),
    path("engine/pause/", operations.pause, name="engine-pause"),
    path("engine/unpause/", operations.unpause, name="engine-unpause"),
    path("engine/systems/<slug:name>/stop/", operations.stop_calls, name="system-stop"),
    path("engine/systems/<slug:name>/allow/", operations.allow_calls, name="system-allow"),
    path("engine/check/", operations.check, name="engine-check"),
    path("workflows/<str:workflow_name>/start/", start.start, name="start"),
    path("workflows/<str:workflow_name>/start/<uuid:draft_id>/check/", start.start_check, name="start-check"),
    path("workflows/<str:workflow_name>/start/<uuid:draft_id>/cancel/", start.start_cancel, name="start-cancel"),
    path("workflows/<str:workflow_name>/start/<uuid:draft_id>/<int:index>/", start.start_page, name="start-page"),
]
