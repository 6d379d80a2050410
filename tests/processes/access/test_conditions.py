"""Conditions are read strictly, and answered twice: surely and possibly."""

import operator
from typing import Any

import pytest

from processes.access.conditions import (
    All,
    ConditionInvalid,
    Has,
    Logic,
    Not,
    OneOf,
    Own,
    Truth,
    Values,
    answer,
    parse,
    spelled,
)

NODE = Has("workflow", Values(frozenset({"create_node"})))


@pytest.mark.parametrize(
    ("said", "read", "words"),
    [
        ({}, All(), "always"),
        ({"any": []}, OneOf(), "never"),
        ({"workflow": ["create_node"]}, NODE, "workflow create_node"),
        ({"workflow": "create_node"}, NODE, "workflow create_node"),
        ({"workflow": ["create_*"]}, Has("workflow", Values(frozenset(), ("create_",))), "workflow create_*"),
        ({"own": True}, Own(), "their own"),
        ({"own": False}, Not(Own()), "not their own"),
        ({"workflow": ["create_node"], "own": True}, All((NODE, Own())), "workflow create_node and their own"),
        ({"allOf": [{"own": True}]}, All((Own(),)), "their own"),
        (
            {"not": {"anyOf": [{"own": True}, {"workflow": ["create_node"]}]}},
            Not(OneOf((Own(), NODE))),
            "not (their own or workflow create_node)",
        ),
    ],
)
def test_condition_is_read(said: Any, read: Any, words: str) -> None:
    assert (parse(said), spelled(parse(said))) == (read, words)


def nested(depth: int) -> dict[str, Any]:
    return {"not": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, "condition: a mapping is expected, such as {'workflow': ['create_node']}."),
        ([], "condition: a mapping is expected, such as {'workflow': ['create_node']}."),
        ({"workflow": []}, "condition.workflow: a text, or a list of texts, is expected."),
        ({"workflow": [1]}, "condition.workflow: a text, or a list of texts, is expected."),
        ({"workflow": ["a\0"]}, "condition.workflow: values have 1 to 200 characters."),
        ({"workflow": ["a"] * 201}, "condition.workflow: a condition can have at most 200 values."),
        ({"own": "yes"}, "condition.own: true or false is expected."),
        ({"all": {}}, "condition.all: a list of conditions is expected."),
        ({"any": [{"not": 1}]}, "condition.any[0].not: a mapping is expected, such as {'workflow': ['create_node']}."),
    ],
)
def test_what_is_no_condition_is_told_where(said: Any, told: str) -> None:
    with pytest.raises(ConditionInvalid) as invalid:
        parse(said)
    assert str(invalid.value) == told


def test_conditions_are_not_nested_without_end() -> None:
    assert parse(nested(7))
    with pytest.raises(ConditionInvalid, match="nested 8 deep"):
        parse(nested(8))


def test_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ConditionInvalid, match=r"condition\.colour: this name is unknown; known are workflow, target"):
        parse({"colour": ["red"]})


@pytest.mark.parametrize(
    ("said", "surely", "possibly", "concerned"),
    [
        ({"customer": ["x"]}, False, True, None),
        ({"not": {"customer": ["x"]}}, False, True, None),
        ({"workflow": ["create_node"]}, True, True, True),
        ({"not": {"workflow": ["create_node"]}}, False, False, False),
        ({"all": [{"customer": ["x"]}, {"workflow": ["create_node"]}]}, False, True, True),
        ({"all": [{"customer": ["x"]}, {"workflow": ["other"]}]}, False, False, False),
        ({"any": [{"customer": ["x"]}, {"workflow": ["create_node"]}]}, True, True, True),
        ({"any": [{"customer": ["x"]}, {"workflow": ["other"]}]}, False, True, False),
        ({"any": []}, False, False, False),
        ({}, True, True, True),
    ],
)
def test_what_is_unknown_holds_possibly(said: Any, surely: bool, possibly: bool, concerned: bool | None) -> None:
    def leaf(asked: Has | Own) -> bool | None:
        return asked.values.has("create_node") if isinstance(asked, Has) and asked.attribute == "workflow" else None

    logic = Logic(always=True, never=False, leaf=leaf, negate=operator.not_)

    assert answer(parse(said), logic) == Truth(surely, possibly, concerned)
