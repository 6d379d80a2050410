"""One workflow as two releases define it, so that a process can find its definition changed."""
