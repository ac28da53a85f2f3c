"""The browser on this machine."""

import os
import shutil

from local_stack.errors import StackError


def missing() -> str | None:
    """What the machine lacks for tests in a browser, in words; None if nothing."""
    return None if _found() else "Tests in a browser need Chromium. On Debian: apt-get install chromium"


def path() -> str:
    """Where Chromium is: as the variable CHROMIUM says, or else where the system has it. Raises StackError."""
    found = _found()
    if found is None:
        raise StackError(missing())
    return found


def _found() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
