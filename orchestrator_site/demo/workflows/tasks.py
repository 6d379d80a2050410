"""The tasks of the demo, as settings name them; each is written in its own module."""

from orchestrator_site.demo.workflows.bootstrap import bootstrap
from orchestrator_site.demo.workflows.showcase import showcase

__all__ = ["bootstrap", "showcase"]
