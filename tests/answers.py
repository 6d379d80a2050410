"""What a refusal says in words: problem details of the REST interface, and pages of errors."""

from typing import Any

from tests.contracts import page_text

NO_SUCH_PAGE = (404, "This page does not exist.", "It may have been removed, or the link is incomplete.")
NO_CREDENTIALS = (401, "Authentication credentials were not provided.")


def problem(answer: Any) -> tuple[int, str]:
    """Status and detail of problem details."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def error_page(answer: Any) -> tuple[int, str, str]:
    """Status, headline and last advice of the page of an error."""
    lines = page_text.read(answer.content.decode()).content.lines()
    return answer.status_code, lines[1], lines[-2]


def page_title(answer: Any) -> tuple[int, str]:
    """Status and title of a page."""
    return answer.status_code, page_text.read(answer.content.decode()).title


def requires(*roles: str) -> str:
    """The reason told to who has none of these roles."""
    return f"This requires the role {' or '.join(roles)}."


READING = requires("viewer", "operator", "modeller", "admin")
"""The reason told to who may not even look."""


def denied_page(reason: str = READING) -> tuple[int, str, str]:
    """The error page of who lacks a role."""
    return 403, "You do not have permission to do this.", reason
