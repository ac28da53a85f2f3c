"""Which addresses are accepted, and when two are the same."""

import pytest
from authentication.domain import emails
from hypothesis import given
from hypothesis import strategies as st

LOCAL = st.text(st.characters(categories=("L", "M", "N"), include_characters="!#$%&'*+/=?^_`{|}~-"), min_size=1)
DOMAIN = st.text(st.characters(categories=("L", "N")), min_size=1).map(lambda label: f"{label}.example")


@pytest.mark.parametrize(
    "email",
    [
        *("aaa@aaa.com", "a.b+c@sub.example.test", "o'brien@example.ie", "a|b@c.de", "é@exämple.fr", "a@b.co"),
        *("a@xn--exmple-cua.fr", "x" * 64 + "@c.de", f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 57}.de", "A@B.CD"),
    ],
)
def test_accepted(email: str) -> None:
    assert emails.is_acceptable(email)


@pytest.mark.parametrize(
    "email",
    [
        *("", "@", "a@", "@b.de", "ab.de", "a@b", "a@@b.de", "a@b@c.de", ".a@b.de", "a.@b.de", "a..b@c.de"),
        *("a@.de", "a@b.", "a@b..de", "a@-b.de", "a@b-.de", "a@127.0.0.1", "a@[127.0.0.1]", '"a b"@c.de'),
        *("x@y.c|com", "a b@c.de", " a@b.de", "a@b.de ", "a@b.de\n", "a\x00@b.de", "a@b\x00.de", "a\u200b@b.de"),
        *("a\u202e@b.de", "<a@b.de>", "a,b@c.de", "a@b_c.de", "x" * 65 + "@c.de", f"a@{'b' * 64}.de"),
        "\ud800@b.de",
        "a@\ud800.de",
        f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 58}.de",
    ],
)
def test_refused(email: str) -> None:
    assert not emails.is_acceptable(email)


def test_what_makes_two_addresses_one() -> None:
    assert emails.key("Ann@Example.TEST") == "ann@example.test"
    assert emails.key("cafe\u0301@x.fr") == emails.key("CAF\u00c9@x.fr")
    assert emails.key("straße@x.de") != emails.key("strasse@x.de")
    assert emails.key("a@STRASSE.de") == emails.key("a@straße.de")


@given(LOCAL, DOMAIN)
def test_the_key_of_a_key_is_itself(local: str, domain: str) -> None:
    key = emails.key(f"{local}@{domain}")
    assert emails.key(key) == key


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_judged(text: str) -> None:
    emails.is_acceptable(text)
    emails.key(text)
