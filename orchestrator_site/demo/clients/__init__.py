"""Clients of outside systems: typed answers, named errors, time limits, and nothing made twice."""
