"""The life of a worker on a host: a supervisor, the cluster that django-q2 hosts, the `serve` loop, signs of life.

Not here: what a worker does with a process (`processes.execution`). The rule: the queue is a hint, and losing all of it
loses nothing. Begin with `supervisor`, then `serve`.
"""
