"""Names of fields and workflows as people write them. Pure; the one list of words that are spelled in their own way."""

import re

SPELLED = (
    "API", "ASN", "BGP", "DNS", "ID", "IMS", "IP", "IPAM", "IPv4", "IPv6", "JSON", "LACP", "LAG", "LLDP", "MAC", "MTU",
    "NRM", "SAP", "URL", "UUID", "VLAN",
)  # fmt: skip
"""Words that keep their capitals, and their plurals."""

_SPELLED = {word.lower(): word for word in SPELLED} | {f"{word.lower()}s": f"{word}s" for word in SPELLED}


def question(text: str) -> str:
    """What a name asks a person for: `node_name` is "Node name", `customer_id` is "Customer"."""
    words = _words(text)
    return _sentence(words[:-1] if len(words) > 1 and words[-1].lower() == "id" else words)


def name(text: str) -> str:
    """What a value is called where it is shown: `node_name` is "Node name", `ims_id` is "IMS ID"."""
    return _sentence(_words(text))


def _words(text: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("_", " ").replace("-", " ").split()


def _sentence(words: list[str]) -> str:
    text = " ".join(_SPELLED.get(word.lower(), word.lower()) for word in words)
    return text[:1].upper() + text[1:]
