"""What REST answers share: problem details for every error, and JSON in and out.

Not here: endpoints. An error of the domain knows no HTTP; `problems` maps it.
"""
