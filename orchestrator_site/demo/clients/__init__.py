"""Clients of external systems: typed answers, named errors, time limits, and nothing made twice."""
