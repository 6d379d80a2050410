"""What is no expression of the language, and at which place."""

import pytest

from products.schema.expressions import InvalidExpression, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read: invalid syntax"),
        ("speed >", r"cannot be read: invalid syntax \(at character 8\)"),
        ("speed; 1", "cannot be read: invalid syntax"),
        ("x = 1", "cannot be read"),
        ("().__class__", r"uses the name __class__, which begins with an underscore \(at character 1\)"),
        ("a + _b", r"uses the name _b, which begins with an underscore \(at character 5\)"),
        ("lambda: 1", r"uses what is not part of the language \(Lambda\)"),
        ("2 ** 9", r"uses what is not part of the language \(Pow\)"),
        ("f'{a}'", r"uses what is not part of the language \(JoinedStr\)"),
        ("{a: 1}", r"uses what is not part of the language \(Dict\)"),
        ("(a := 1)", r"uses what is not part of the language \(NamedExpr\)"),
        ("open('x')", "calls what is no function; there are: abs, all"),
        ("title.upper()", "calls what is no function"),
        ("len()", r"gives len\(\) 0 arguments, and it takes 1"),
        ("min(1, 2, 3, 4, 5, 6)", r"gives min\(\) 6 arguments, and it takes 1 to 5"),
        ("len(*saps)", r"gives len\(\) 1 arguments"),
        ("users(port)", r"names the blocks of users\(\) as texts"),
        ("saps[speed]", "takes one member of a list by its number"),
        ("saps[0:1]", "takes one member of a list by its number"),
        ("[a for a, b in saps]", "goes through a list with one name"),
        ("b'x'", "has a value that it cannot have"),
        ("1j", "has a value that it cannot have"),
        ("x" * 1001, "is longer than 1000 characters"),
        ("+".join(["a"] * 31), "is nested more than 30 levels deep"),
        ("[" + ",".join(["a"] * 300) + "]", "has more than 300 parts"),
        ("-" * 900 + "1", "nested"),
        ("(" * 400 + "1" + ")" * 400, "cannot be read: too many nested parentheses"),
        ("a\0b", "cannot be read"),
    ],
)
def test_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(InvalidExpression, match=message):
        parse(text)


def test_it_is_known_whether_users_are_asked_for() -> None:
    assert [parse(text).asks_for_users for text in ("len(users('SAP')) > 2", "speed > 2")] == [True, False]
