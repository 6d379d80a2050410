"""Verbs on processes; each atomic, permission-checked, audited."""
