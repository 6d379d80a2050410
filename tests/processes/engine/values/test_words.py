"""Words that are stored: one of the set is that word, any other is itself and nothing else."""

from processes.engine.values.status import StepStatus
from processes.engine.values.words import fault_of, is_known, read_word


def test_a_known_word_is_the_word() -> None:
    assert read_word(StepStatus, "success") is StepStatus.SUCCESS
    assert is_known(StepStatus.SUCCESS)
    assert fault_of(StepStatus.SUCCESS) == ""


def test_an_unknown_word_is_itself() -> None:
    strange = read_word(StepStatus, "banana")

    assert (strange.value, f"{strange}", is_known(strange)) == ("banana", "banana", False)
    assert strange not in set(StepStatus)
    assert fault_of(strange) == "is “banana”, which this release does not know"
