"""`make up` and `make down`."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from local_stack import supervision, web
from local_stack.errors import StackError
from local_stack.layout import ROOT
from local_stack.stack import Stack

FOLDER = ROOT / ".shop"


def main() -> int:
    """The exit code: 0 if the shop was stopped as asked, 1 if it could not run."""
    parser = argparse.ArgumentParser(prog="local_stack")
    parser.add_argument("action", choices=["up", "down"])
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--broker", choices=["embedded", "kafka"], default="embedded")
    options = parser.parse_args()
    if options.action == "down":
        print("The shop is stopped." if supervision.stop(FOLDER) else "The shop of this checkout does not run.")
        return 0
    try:
        with own_terminal():
            if lacking := web.missing():
                print(f"The web shop is left out. {lacking}", flush=True)
            return up(Stack(FOLDER, options.port, options.broker, watch=True, web_shop=None if lacking else "sources"))
    except StackError as error:
        print(f"\nThe shop can't run.\n{error}", file=sys.stderr)
        return 1


def up(stack: Stack) -> int:
    """Run the shop until it is told to stop, by a signal or by `make down`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt_once)
    print(f"Starting the shop. Its logs are in {os.path.relpath(stack.folder / 'logs')}", flush=True)
    try:
        with stack:
            url = stack.web_url or stack.url
            print(READY.format(url=url, documents=f"{url.removesuffix('/api')}/api/docs"), flush=True)
            code = stack.wait()
    except KeyboardInterrupt:
        code = 0
    if code != 0:
        raise StackError("Its supervisor was killed, and what it ran is stopped. Start again with: make up")
    print("The shop is stopped.")
    return 0


def interrupt_once(number: int, frame: FrameType | None) -> None:
    """Begin to stop. Impatience must not cut the stop short, so further signals are ignored."""
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def own_terminal() -> Iterator[None]:
    """Get Ctrl-C alone, without `make`, which would call a shop that stopped as asked an error."""
    if not sys.stdin.isatty() or os.tcgetpgrp(0) != os.getpgrp():
        yield
        return
    before = os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(0, before)


READY = """
The shop is ready: {url}

  API documents  {documents}
  Users          aaa@aaa.com  bbb@bbb.com  ccc@ccc.com
  Admin          admin@admin.com
  Passwords      each is the e-mail itself

Ctrl-C stops it, or from another terminal: make down"""


if __name__ == "__main__":
    sys.exit(main())
