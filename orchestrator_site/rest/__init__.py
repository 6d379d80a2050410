"""What REST answers share: problem details for every error, and JSON in and out.

Not here: endpoints. The rule: an error of the domain knows no HTTP; `problems` maps it. Begin with `problems`.
"""
