"""The values of the engine: closed sets of words, errors, states as bytes, retry policies. It imports nothing of ours.

Not here: what a workflow is, and what becomes of a run. Begin with `status`.
"""
