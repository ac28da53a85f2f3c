"""How bytes that are not HTTP are answered: uvicorn's parser refuses them before any application sees a request.

Used as `uvicorn --http gateway.protocol:Protocol`.
"""

import json

from shop_kit.errors import problem_body
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_BODY = json.dumps(problem_body(400, "This is not an HTTP request")).encode()
_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with a problem+json (RFC 9457) as the answer to what can't be parsed."""

    def send_400_response(self, msg: str) -> None:
        self.transport.write(_ANSWER)
        self.transport.close()
