"""The engine: what a workflow is and how one is run. Pure Python: no Django, no I/O, no clock of its own.

Authors import from here: `begin`, `step`, `input_step`, `conditional`, `workflow`, `task`, `Retry`, `StepContext`, `State`.
"""
