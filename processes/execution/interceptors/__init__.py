"""What surrounds a step, a file a concern; the driver asks those of `AROUND_STEP`, then those of `AROUND_CALL`.

A step interceptor surrounds the call and its commit, a call interceptor the call alone. Not here: rules of a run.
"""

from collections.abc import Sequence

from processes.engine.driver import CallInterceptor, StepInterceptor
from processes.execution.interceptors.atomic import run_inside_commit
from processes.execution.interceptors.deadline import set_deadline
from processes.execution.interceptors.external_call import call_when_admitted
from processes.execution.interceptors.observed import log_failure, pass_failpoints
from processes.execution.interceptors.write_guard import refuse_writes

AROUND_STEP: Sequence[StepInterceptor] = (call_when_admitted, run_inside_commit)
AROUND_CALL: Sequence[CallInterceptor] = (set_deadline, pass_failpoints, refuse_writes, log_failure)
