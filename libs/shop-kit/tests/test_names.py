"""Names are data: one key for all spellings, and nothing in them is a pattern."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from shop_kit.names import Count, Name, name_key, slug_of

NAME: TypeAdapter[str] = TypeAdapter(Name)
COUNT: TypeAdapter[int] = TypeAdapter(Count)
words = st.text(min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Chair", "chAIR"), ("Café", "Cafe\u0301"), ("STRASSE", "straße"), (" chair ", "chair"), ("ΣΊΣΥΦΟΣ", "σίσυφος")],
)
def test_two_spellings_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("chair", "chairs"), ("cafe", "café"), ("a.c", "abc"), ("$ne", "ne")])
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(words)
def test_a_key_is_its_own_key_in_any_normal_form(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)


@given(words)
def test_a_name_that_is_kept_has_the_key_of_what_was_sent(name: str) -> None:
    try:
        kept = NAME.validate_python(name)
    except ValidationError:
        return
    assert name_key(kept) == name_key(name)
    assert NAME.validate_python(kept) == kept


@pytest.mark.parametrize(
    "bad", ["", " ", "\t", "a\x00b", "a\nb", "\x7f", "\x85", "\ud800", "x" * 201, None, 5, ["a"], {"$ne": ""}], ids=repr
)
def test_what_is_no_name(bad: Any) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(bad)


@pytest.mark.parametrize(("given", "count"), [(0, 0), (7, 7), ("10", 10), (3.0, 3), ("-2", -2)])
def test_counts_and_their_text(given: Any, count: int) -> None:
    assert COUNT.validate_python(given) == count


@pytest.mark.parametrize("bad", [True, False, 1.5, "1.5", "", "x", None, float("nan"), float("inf"), [1]], ids=repr)
def test_what_is_no_count(bad: Any) -> None:
    with pytest.raises(ValidationError):
        COUNT.validate_python(bad)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        *(("Desk Lamp", "desk-lamp"), ("Café crème", "cafe-creme"), ("--a--b--", "a-b"), ("../../etc", "etc")),
        *(("椅子", "product"), ("", "product"), ("!", "product"), ("x" * 200, "x" * 80), ("a" * 79 + " b", "a" * 79)),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name, "product") == slug


@given(words)
def test_a_slug_is_always_fit_for_a_path(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(name, "product"))
    assert len(slug_of(name, "product")) <= 80
