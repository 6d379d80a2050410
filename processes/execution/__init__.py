"""The life of a run in the hands of a worker: drive its steps, call external systems, recover it, finish it.

Not here: the rules (`processes.engine`), the statements (`processes.store`), how workers live (`processes.workers`).
The rule: only a claimed process is driven, and every write on its behalf carries the fence of the claim. Begin with
`drive`, then `recovery`.
"""
