"""What a form was filled with, carried along: somebody else who has changed it meanwhile is not overwritten unseen."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field


def unchanged(present: Any, *, name: str) -> Any:
    """The type of a field that is not shown and carries a value as it was when the form was made: default `present`.

    Where that is another one by now the page says so, with what it is; sent again, the form takes its place. A client
    that sends nothing is not asked. `name` is what people call the value.
    """

    def check(seen: Any) -> Any:
        if seen != present:
            now = f"“{present}”" if present not in (None, "", [], {}) else "empty"
            raise ValueError(
                f"somebody has changed the {name} since you opened this form: it is now {now}. Send again to replace it"
            )
        return seen

    return Annotated[Any, AfterValidator(check), Field(json_schema_extra={"format": "hidden"})]
