"""Texts that every database takes: no NUL, which PostgreSQL does not store, and no half of a surrogate pair."""


def is_storable(text: str) -> bool:
    """Whether every database takes the text as it is."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def clean_text(text: str) -> str:
    """The text with a replacement character for what a database does not take."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
