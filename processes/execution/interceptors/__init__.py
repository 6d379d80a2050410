"""What surrounds a step, a file a concern; `processes.execution.drive` says in which order they are asked.

A step interceptor surrounds the call and its commit, a call interceptor the call alone. Not here: rules of a run. The
rule: call `proceed` at most once. The log context is here too, and imports nothing: log formatters ask it before Django
is set up. Begin with `deadline`.
"""
