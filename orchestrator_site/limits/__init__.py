"""What comes in is bounded before work is spent on it: addresses, bodies, uploads, requests a minute.

Not here: limits of single fields, which stand with their fields, and how slowly a request may come, which is the web
server's (`operations.serving`). The rule: a refusal is told in the words of the door it came through, by
`pages.faults.refused`. Begin with `requests`.
"""
