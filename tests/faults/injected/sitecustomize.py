"""Python loads this first in the services under test.

Their clock is off by what the file SHOP_CLOCK says: one double, in seconds. Only the time of day jumps; the monotonic
clock never does, on any machine. A file named by SHOP_DIE_DECIDING has whoever finds it die in the middle of a
transaction; it is gone then. With SHOP_WITHOUT_FENCING nobody ends what a killed process left open.
"""

import datetime as module
import mmap
import os
import signal
import struct
import time
from datetime import datetime as real_datetime
from pathlib import Path
from typing import Any

with Path(os.environ["SHOP_CLOCK"]).open("rb") as file:
    view = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
real_time = time.time


def offset() -> float:
    return float(struct.unpack("d", view)[0])


class Kind(type):
    """What the standard library makes is an instance, too."""

    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, real_datetime)


class Jumping(real_datetime, metaclass=Kind):
    @classmethod
    def now(cls, tz: module.tzinfo | None = None) -> Any:
        return real_datetime.now(tz) + module.timedelta(seconds=offset())


time.time = lambda: real_time() + offset()
module.datetime = Jumping  # type: ignore[misc]


def die_deciding(order: Path) -> None:
    from products.repositories.ledger import Ledger

    add = Ledger.add

    def obey() -> None:
        if order.exists():
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    async def add_and_die(*arguments: Any) -> None:
        await add(*arguments)
        obey()

    Ledger.add = add_and_die  # type: ignore[method-assign, assignment]


def without_fencing() -> None:
    from shop_kit.mongo import Mongo

    async def end_nothing(self: Mongo) -> None:
        pass

    Mongo.end_former_life = end_nothing  # type: ignore[method-assign]


if "SHOP_DIE_DECIDING" in os.environ and os.environ["INSTANCE"].startswith("products-ms"):
    die_deciding(Path(os.environ["SHOP_DIE_DECIDING"]))
if "SHOP_WITHOUT_FENCING" in os.environ:
    without_fencing()
