"""The task that shows every widget of a form and every way a step can go; it touches nothing."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_forms.core import FormPage
from pydantic_forms.types import AcceptData, AcceptItemType, FormGenerator
from pydantic_forms.validators import (
    Accept,
    Choice,
    Divider,
    Hidden,
    Label,
    Timestamp,
    callout,
    choice_list,
    markdown,
    migration_summary,
    read_only_field,
)

from processes.engine import (
    State,
    StepContext,
    StepList,
    begin,
    conditional,
    done,
    input_step,
    step,
    task,
)
from subscriptions.workflows import LongText

RESERVED = "reserved"
NOON = 1_795_262_400  # 2026-11-21 12:00 UTC, in seconds since 1970


class Letter(Choice):
    """One of three."""

    ALPHA = "alpha", "Alpha"
    BETA = "beta", "Beta"
    GAMMA = "gamma", "Gamma"


class Number(Choice):
    """Some of three."""

    ONE = "one", "One"
    TWO = "two", "Two"
    THREE = "three", "Three"


class Contact(BaseModel):
    """A group of fields."""

    name: str = "Ada"
    floor: int = 3


class Rack(BaseModel):
    """One of two kinds of place, with fields of its own."""

    kind: Literal["rack"]
    unit: int = 1


class Desk(BaseModel):
    """The other kind."""

    kind: Literal["desk"]
    room: str


class HouseRules(Accept):
    """Boxes to tick before the page is accepted."""

    data: ClassVar[AcceptData | None] = [
        ("This task changes nothing outside.", AcceptItemType.INFO),
        ("I have looked at every widget.", AcceptItemType.CHECKBOX),
        ("I would like to see more of them.", AcceptItemType.OPTIONAL_CHECKBOX),
    ]


class FailedOnPurpose(Exception):
    """Ticked in the form: the first try fails, a retry succeeds."""

    def __init__(self) -> None:
        super().__init__("Failed on purpose, as the form asked; press retry and it succeeds.")


Welcome: TypeAlias = cast("type[object]", callout(header="Every widget", message="Nothing here leaves this machine."))
Explanation: TypeAlias = cast("type[object]", markdown(content="Text can be *emphasised*, and hold `code`."))
Fixed: TypeAlias = cast("type[str]", read_only_field("This cannot be changed"))
Numbers: TypeAlias = cast("type[list[str]]", choice_list(Number, min_items=1, max_items=3, unique_items=True))


class WidgetsPage(FormPage):
    """One field of every kind, and switches for the steps."""

    model_config = ConfigDict(title="Component showcase")

    welcome: Welcome
    texts: Label
    text: str = Field(description=f"The word “{RESERVED}” is refused.", min_length=1, max_length=60)
    optional_text: str | None = None
    long_text: LongText = "Several lines\nare welcome."
    read_only_text: Fixed = "This cannot be changed"
    origin: Hidden = "showcase"
    first_line: Divider
    numbers: Label
    whole_number: int = 5
    bounded_number: Annotated[int, Field(ge=1, le=10)] = 3
    price: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] = Decimal("9.95")
    agreed: bool = False
    second_line: Divider
    choices: Label
    letter: Letter = Letter.ALPHA
    some_numbers: Numbers = [Number.ONE]
    names: Annotated[list[str], Field(min_length=1, max_length=4)] = ["first", "second"]
    third_line: Divider
    moments: Label
    day: date = date(2026, 11, 21)
    hour: time = time(12, 0)
    moment: datetime | None = None
    stamp: Timestamp = NOON
    fourth_line: Divider
    more: Explanation
    contact: Contact = Contact()
    place: Annotated[Rack | Desk, Field(discriminator="kind")] | None = None
    rules: HouseRules
    switches: Label
    run_conditional_step: bool = True
    show_suspended_step: bool = False
    fail_on_purpose: bool = False

    @field_validator("text")
    @classmethod
    def text_is_free(cls, text: str) -> str:
        """The one rule of this page that only the server knows."""
        if RESERVED in text.lower():
            raise ValueError(f"The word “{RESERVED}” is reserved; choose another.")
        return text


def showcase_form() -> FormGenerator[Any]:
    """The page of widgets, then what was answered."""
    answers = yield WidgetsPage
    given = answers.model_dump(mode="json", exclude={"texts", "numbers", "choices", "moments", "switches"})
    shown = {name: value for name, value in given.items() if value is not None}
    Answers: TypeAlias = cast(
        "type[object]",
        migration_summary(
            {"headers": ["Answer"], "labels": list(shown), "columns": [[str(v) for v in shown.values()]]}
        ),
    )

    class ConfirmPage(FormPage):
        """What was answered."""

        model_config = ConfigDict(title="What you answered")

        answers: Answers
        go_on: bool = Field(default=True, title="Continue")

        @field_validator("go_on")
        @classmethod
        def is_wanted(cls, go_on: bool) -> bool:
            """Unticked means: not yet."""
            if not go_on:
                raise ValueError("Tick this to continue, or go back to change your answers.")
            return go_on

    yield ConfirmPage
    return {"answers": given}


@step("Record input", key="record-input")
def record_input(answers: State) -> State:
    """Copies the switches to where the conditions look."""
    return {
        "run_conditional_step": answers["run_conditional_step"],
        "show_suspended_step": answers["show_suspended_step"],
        "fail_on_purpose": answers["fail_on_purpose"],
    }


@step("Conditional step", key="conditional-step")
def conditional_step() -> State:
    """Runs only when its switch is ticked."""
    return {"conditional_step_ran": True}


@input_step("Suspended step", key="suspended-step", assignee="NOC")
def suspended_step() -> FormGenerator[Any]:
    """Waits for a person."""

    class RemarkPage(FormPage):
        """What the person is asked."""

        model_config = ConfigDict(title="Go on?")

        remark: str = Field(min_length=1, max_length=100)
        details: LongText = ""
        seen: bool = False

    answers = yield RemarkPage
    return {"remark": answers.model_dump(mode="json")}


@step("Deliberate failure", key="deliberate-failure")
def deliberate_failure(fail_on_purpose: bool, step: StepContext) -> State:
    """Fails at the first try when its switch is ticked."""
    if fail_on_purpose and step.attempt == 1:
        raise FailedOnPurpose
    return {"tries_of_the_failing_step": step.attempt}


@task("Component showcase", form=showcase_form)
def showcase() -> StepList:
    """Every widget, a step that is skipped, one that waits and one that fails."""
    return (
        begin
        >> record_input
        >> conditional(lambda state: bool(state["run_conditional_step"]))(conditional_step)
        >> conditional(lambda state: bool(state["show_suspended_step"]))(suspended_step)
        >> deliberate_failure
        >> done
    )
