"""One request of the fuzzers: bytes, where they go, and what the shop may answer."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

Header = tuple[str, str | bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """`pieces` are sent one after the other to the port of `door`, with `pause` seconds between them.

    `caller` and `role` are those of the good token it carries, if it carries one. `allowed` are the statuses it may get
    (None: any that is no server error), `most` how many answers. A `lone` case has a connection of its own. One that
    is not `whole` may be left without an answer. The client of a `deaf` one reads nothing for so many seconds.
    """

    kind: str
    door: str
    pieces: tuple[bytes, ...]
    pause: float = 0.0
    caller: str = ""
    role: str = ""
    allowed: frozenset[int] | None = None
    most: int = 1
    lone: bool = False
    whole: bool = True
    deaf: float = 0.0

    @property
    def sent(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def body(self) -> bytes:
        return self.sent.partition(b"\r\n\r\n")[2]


@dataclass(slots=True)
class Answer:
    """One answer; header names are in lower case, and of two headers of one name the last is kept."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Outcome:
    """What came back for a case. `rest` are bytes that are no whole answer."""

    answers: list[Answer]
    closed: bool
    rest: bytes = b""


EVENTS = "text/event-stream"
REFUSED = frozenset(range(400, 500))


def request(verb: str, path: str | bytes, headers: Iterable[Header] = (), body: bytes | None = None) -> bytes:
    """A request as it is sent, with its Content-Length if there is a body. Text becomes UTF-8."""
    lines = [b"%s %s HTTP/1.1" % (_bytes(verb), _bytes(path)), b"Host: shop"]
    lines += [b"%s: %s" % (_bytes(name), _bytes(value)) for name, value in headers]
    if body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def chunked(body: bytes, size: int = 7) -> bytes:
    """A body in chunks of `size` bytes, the last one included (RFC 9112, 7.1)."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def dumps(value: object) -> bytes:
    """JSON that may hold what JSON has no word for: NaN, lone surrogates."""
    return json.dumps(value, default=str).encode()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode(errors="replace")
