"""Loopback ports: which are free, and who answers on them."""

import random
import socket
import time
from collections.abc import Callable

LOOPBACK = "127.0.0.1"
_ALL = range(20000, 32000)
"""Below the kernel's ephemeral range, so that no outgoing connection takes a port between the choice and its use."""
_ours = _ALL


def take_share(number: int, count: int) -> None:
    """From now on choose among one of `count` equal shares only, the first being number 0: processes with different
    shares never choose the same port, not even one whose server was killed and is about to come back."""
    global _ours
    size = len(_ALL) // count
    _ours = _ALL[number * size : (number + 1) * size]


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> int:
    """The first of `count` neighbouring free loopback ports. Raises OSError if none are found."""
    for _ in range(1000):
        first = random.choice(_ours[:-count])
        if all(is_free(port) for port in range(first, first + count)):
            return first
    raise OSError(f"found no {count} free neighbouring ports")


def wait_until_listening(port: int, seconds: float, alive: Callable[[], bool] = lambda: True) -> None:
    """Return when something accepts connections on the port. Raises TimeoutError after `seconds`, or as soon as
    `alive` says that its process has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and alive():
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {LOOPBACK}:{port}")
