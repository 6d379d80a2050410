"""What those who run the site need: health, metrics, logs, the web server, static files.

Not here: how workers live (`processes.workers`). The rule: it answers while the rest fails, and metrics tell of no
person. Begin with `health`.
"""
