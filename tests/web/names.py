"""A name server with one name, as a container network has one."""

import socket
import struct
import threading

from local_stack.ports import LOOPBACK


class Names:
    """Answers every question for an address with `addresses`, which may change, until it is closed."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Names":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (LOOPBACK, self.port))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, client = self._socket.recvfrom(512)
            if not question:
                return
            self._socket.sendto(self._answer(question), client)

    def _answer(self, question: bytes) -> bytes:
        # RFC 1035, 4.1: the question again, and for each address a record that points to its name.
        name = question[12 : question.index(b"\0", 12) + 5]
        head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(self.addresses), 0, 0)
        records = [struct.pack(">HHHIH", 0xC00C, 1, 1, 600, 4) + socket.inet_aton(one) for one in self.addresses]
        return head + name + b"".join(records)
