"""Names under which nobody may act: those of the engine itself, and look-alikes of other alphabets. Pure."""

import unicodedata

RESERVED = frozenset({"anonymous", "anonymoususer", "engine", "nobody", "none", "orchestrator", "system", "worker"})
"""What the audit trail and processes call nobody in particular, without case."""


def reason_against(name: str) -> str:
    """Why nobody may be called so, as a sentence; empty for a name that is fit."""
    plain = unicodedata.normalize("NFKC", name)
    if plain.casefold() in RESERVED:
        return "This name stands for the system itself."
    if len(scripts(plain)) > 1:
        return "A name is written in one alphabet; letters of another may look the same."
    return ""


def scripts(name: str) -> frozenset[str]:
    """The alphabets of the letters of a name, such as LATIN and CYRILLIC (the first word of their Unicode names)."""
    letters = (letter for letter in name if letter.isalpha())
    return frozenset(unicodedata.name(letter, "UNKNOWN").split()[0] for letter in letters)
