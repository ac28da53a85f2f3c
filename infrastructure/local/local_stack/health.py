"""When a program can do its work."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from local_stack.ports import LOOPBACK, wait_until_listening
from local_stack.program import Program


def wait_until_healthy(program: Program, seconds: float, alive: Callable[[], bool] = lambda: True) -> None:
    """Return when the program can work: a service says so itself, the web shop shows its page, others listen. Raises
    TimeoutError after `seconds`, or as soon as `alive` says that nobody will start it any more."""
    if program.port is None:
        return
    deadline = time.monotonic() + seconds
    wait_until_listening(program.port, seconds, alive)
    if not program.health:
        return
    while (answer := _get(f"http://{LOOPBACK}:{program.port}{program.health}")) is not None:
        if time.monotonic() > deadline or not alive():
            raise TimeoutError(f"is not healthy: {answer}")
        time.sleep(0.05)


def _get(url: str) -> str | None:
    """None if the answer is 200, and nothing waits; otherwise what was wrong."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            text: str = answer.read(2000).decode(errors="replace")
            page = answer.headers.get_content_type() == "text/html"
            return None if page or json.loads(text).get("status") != "degraded" else text
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(2000).decode(errors='replace')}"
    except (OSError, ValueError) as error:
        return str(error)
