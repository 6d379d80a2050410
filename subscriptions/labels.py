"""Names of the model as people read them."""

from processes.forms.fields import human


def label(name: str) -> str:
    """The name of a field as people read it."""
    return f"{human(name.removesuffix('_id'))} ID" if name.endswith("_id") else human(name)
