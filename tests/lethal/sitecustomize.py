"""Python loads this first in the services of the test stack: they die just before or after they publish, once told to.

A file in the folder SHOP_LETHAL, such as `before-OrderCreate`, is the order to die; it is gone when it was obeyed.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from shop_kit.kafka import Message, Publisher

folder = Path(os.environ["SHOP_LETHAL"])
publish = Publisher.publish


def die(moment: str) -> None:
    try:
        (folder / moment).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


async def lethal(self: Publisher, messages: Sequence[Message]) -> None:
    event = messages[0].topic.rpartition(".")[2] if messages else "nothing"
    die(f"before-{event}")
    await publish(self, messages)
    die(f"after-{event}")


Publisher.publish = lethal  # type: ignore[method-assign]
