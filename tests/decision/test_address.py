"""The one reader of addresses: values by key, and each that cannot be read named."""

from collections.abc import Sequence

from apps.decision.address import Problem, Reading, UnreadableError, cleaned, group


def whole(values: Sequence[str]) -> int:
    if len(values) != 1 or not values[0].isdigit():
        raise UnreadableError("Enter one number")
    return int(values[0])


def test_values_stand_by_key_in_their_order_each_once() -> None:
    pairs = [("b", "2"), ("a", " 1 "), ("b", "3"), ("b", " 2"), ("c", " "), ("d", "")]
    assert group(pairs) == {"b": ("2", "3"), "a": ("1",)}


def test_a_nul_is_part_of_no_value() -> None:
    assert cleaned(["a\0b", "\0", "ab"]) == ("ab",)


def test_what_cannot_be_read_is_noted_and_what_is_not_given_is_none() -> None:
    reading = Reading({"a": ("1",), "b": ("1", "2"), "c": ("x" * 500,)})
    assert [reading.read(key, whole) for key in "abcd"] == [1, None, None, None]
    assert reading.problems == [
        Problem("b", "1, 2", "Enter one number"),
        Problem("c", "x" * 200, "Enter one number"),
    ]


def test_what_is_required_is_wrong_where_it_is_not_given() -> None:
    reading = Reading({})
    assert reading.read("a", whole, required=True) is None
    assert reading.problems == [Problem("a", "", "Enter one number")]
