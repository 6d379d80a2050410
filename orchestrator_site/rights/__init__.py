"""Who may do what, as pages: what a person may do and why, and who may run a workflow.

Not here: what decides (`processes.access`), and where rights are changed (`admin`). The rule: each answer is the one
decision, asked as the person would ask it. Begin with `questions`.
"""
