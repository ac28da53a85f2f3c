"""Which headers pass, and which end here."""

from collections.abc import Iterable
from dataclasses import dataclass

from multidict import CIMultiDict
from shop_kit.errors import ProblemError

MAX_HEADER_BYTES = 32 * 1024

# RFC 9110, 7.6.1, and what describes this connection rather than the message.
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding"
    b" upgrade".split()
)
# Only the gateway may say these; a client that says them wants to be taken for another.
_CLAIMS = frozenset(b"forwarded via x-real-ip x-client-ip x-original-url x-rewrite-url true-client-ip".split())
_CLAIM_PREFIXES = (b"x-user", b"x-forwarded", b"x-auth", b"x-role", b"x-email", b"x-remote")
_NOT_PASSED_UP = _HOP_BY_HOP | _CLAIMS | {b"host", b"expect", b"traceparent"}
_NOT_PASSED_DOWN = _HOP_BY_HOP | {b"x-request-id", b"date", b"server"}  # the last three are answered here


class BadHeaderError(ProblemError):
    status = 400


class HeadersTooLargeError(ProblemError):
    """RFC 6585, 5."""

    status, detail = 431, "The headers are too large"


@dataclass(slots=True)
class RequestHead:
    """A request's headers: `passed` go on to the service, the others are what the gateway itself needs to know.

    `length` is the declared length of the body: None when it is chunked, 0 when there is none.
    """

    passed: CIMultiDict[str]
    authorization: str | None = None
    host: str | None = None
    traceparent: bytes | None = None
    length: int | None = 0


def read_head(headers: Iterable[tuple[bytes, bytes]]) -> RequestHead:
    """Sort the headers of a request, names in lower case.

    Raises BadHeaderError for a second Authorization or Host, a header that is not UTF-8, and a transfer coding
    other than chunked (a gateway that guesses there can be made to see another message than the service does);
    HeadersTooLargeError above MAX_HEADER_BYTES.
    """
    head = RequestHead(CIMultiDict())
    passed, size, connection = head.passed, 0, b""
    try:
        for name, value in headers:
            size += len(name) + len(value) + 4
            if name not in _NOT_PASSED_UP and not name.startswith(_CLAIM_PREFIXES):
                passed.add(name.decode(), value.decode())
            elif name == b"host":
                if head.host is not None:
                    raise BadHeaderError("More than one Host header")
                head.host = value.decode()
            elif name == b"connection":
                connection += b"," + value
            elif name == b"transfer-encoding":
                if value.strip().lower() != b"chunked":
                    # Where such a body ends is open to doubt: what follows on the connection may be a part of it.
                    raise BadHeaderError("Only the transfer coding chunked is known", headers={"Connection": "close"})
                head.length = None
            elif name == b"traceparent":
                head.traceparent = value
    except UnicodeDecodeError:
        raise BadHeaderError("A header is not UTF-8") from None
    if size > MAX_HEADER_BYTES:
        raise HeadersTooLargeError()
    _note(head)
    for option in connection.decode("latin-1").split(","):
        passed.popall(option.strip(), None)
    return head


def _note(head: RequestHead) -> None:
    tokens = head.passed.getall("authorization", [])
    if len(tokens) > 1:
        raise BadHeaderError("More than one Authorization header")
    head.authorization = tokens[0] if tokens else None
    if head.length is not None and (declared := head.passed.get("content-length")) is not None:
        if not (declared.isascii() and declared.isdigit()):
            raise BadHeaderError("Content-Length is not a number")
        head.length = int(declared)


def answer_headers(headers: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """A service's headers as the client gets them: duplicates, such as of Set-Cookie, stay."""
    named = {o.strip().lower() for n, v in headers if n.lower() == b"connection" for o in v.split(b",")}
    dropped = _NOT_PASSED_DOWN | named if named else _NOT_PASSED_DOWN
    passed = [(name, value) for name, value in headers if name.lower() not in dropped]
    passed.append((b"x-request-id", request_id.encode()))
    return passed
