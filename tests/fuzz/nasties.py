"""Values that have broken programs before, and ways to spoil bytes and JSON."""

from random import Random
from typing import Any

DEEP = b"[" * 100_000
TEXTS: list[str] = [
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\n",
        "\r\nX-Injected: 1",
        "\ud800",
        "\udfff\ud800",
        "\ufeff",
        "\u202e",
        "é",
        "e\u0301",
    ),
    *(
        "İ",
        "ß",
        "ﬃ",
        "ΐ" * 200,
        "👩‍👩‍👧",
        "𝟙𝟚",
        "١٢",
        "½",
        "Ⅷ",
        "a" * 200,
        "a" * 201,
        "a" * 70_000,
        "%00",
        "%s%n",
        "..%2f",
    ),
    *("../../etc/passwd", "' OR 1=1 --", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", ".*", "(a+)+$"),
    *("x@y.c|com", "$where", "$gt", "__proto__", "constructor", "null", "true", "NaN", "Infinity", "-0", "1e400"),
    *(
        "0x10",
        "1_000",
        "1.",
        ".5",
        "+1",
        "1e2",
        "9" * 400,
        "0." + "0" * 400 + "1",
        "12.345",
        "1.0000000000000000000000000",
    ),
]
VALUES: list[Any] = [
    *TEXTS,
    *(None, True, False, 0, -1, 1, 2, 2**31, 2**53, 2**63, -(2**63) - 1, 2**64, 10**30, 10**4000, -0.0, 0.1, 1e308),
    *(float("nan"), float("inf"), float("-inf"), 1.5, 10_000_000, 10_000_001, 1_000_000.01),
    *([], {}, [[]], [None] * 101, {"$gt": ""}, {"$where": "sleep(1000)"}, {"$ne": None}, {"$regex": ".*"}, {"": {}}),
    *({"$oid": "10fefe4a1cad4140785928a4"}, {"__proto__": {"role": "admin"}}, [{"name": "chair"}] * 200),
]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of every value in a JSON document, the whole included."""
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(min(len(value), 5)):
            found += leaves(value[index], (*path, index))
    return found


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """A copy of `value` with `by` at `path`."""
    if not path:
        return by
    if isinstance(value, dict):
        return value | {path[0]: replaced(value[path[0]], path[1:], by)}
    copy = list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], by)
    return copy


def spoilt(random: Random, data: bytes) -> bytes:
    """Bytes with a few of them changed, cut, doubled, or moved."""
    for _ in range(random.randint(1, 4)):
        at, count = random.randrange(len(data) + 1), random.randint(1, 8)
        data = random.choice(
            [
                data[:at] + random.randbytes(count) + data[at:],
                data[:at] + data[at + count :],
                data[:at] + data[at : at + count] * 2 + data[at + count :],
                data[:at]
                + random.choice([b"\x00", b"\xff", b'"', b"}", b"[", b"\\u", b"\r\n", b"e99"])
                + data[at + 1 :],
                data[:at],
            ]
        )
    return data
