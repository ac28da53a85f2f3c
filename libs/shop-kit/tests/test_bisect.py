"""One bad event never stops its neighbours, and a database that is down buries nobody."""

from collections.abc import Sequence

import pytest
from aiokafka.errors import KafkaConnectionError
from hypothesis import given
from hypothesis import strategies as st
from shop_kit import waiting
from shop_kit.kafka.bisect import handle_all


class Work:
    """Handles numbers in chunks, all or nothing; some are poison, and the surroundings fail a few times."""

    def __init__(self, poison: set[int], outages: int = 0, outages_of_the_dead_letters: int = 0):
        self.poison, self.outages, self.outages_of_the_dead_letters = poison, outages, outages_of_the_dead_letters
        self.handled: list[int] = []
        self.buried: list[tuple[int, str]] = []
        self.calls = 0

    async def handle(self, items: Sequence[int]) -> None:
        self.calls += 1
        if self.outages:
            self.outages -= 1
            raise KafkaConnectionError("down")
        if bad := self.poison & set(items):
            raise ValueError(f"poison {min(bad)}")
        self.handled.extend(items)

    async def bury(self, item: int, error: Exception) -> None:
        if self.outages_of_the_dead_letters:
            self.outages_of_the_dead_letters -= 1
            raise OSError("down")
        self.buried.append((item, str(error)))


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.001)


async def test_one_poison_among_a_hundred() -> None:
    work = Work({37})
    await handle_all(range(100), work.handle, work.bury)
    assert work.handled == [n for n in range(100) if n != 37]
    assert work.buried == [(37, "poison 37")]
    assert work.calls == 13


async def test_without_poison_there_is_one_call() -> None:
    work = Work(set())
    await handle_all(range(100), work.handle, work.bury)
    assert (work.handled, work.buried, work.calls) == (list(range(100)), [], 1)


@pytest.mark.usefixtures("no_pause")
async def test_an_outage_is_waited_for_and_buries_nobody() -> None:
    work = Work(set(), outages=12)
    await handle_all(range(10), work.handle, work.bury)
    assert (work.handled, work.buried, work.calls) == (list(range(10)), [], 13)


@pytest.mark.usefixtures("no_pause")
async def test_an_outage_of_the_dead_letters_is_waited_for() -> None:
    work = Work({1}, outages_of_the_dead_letters=5)
    await handle_all(range(3), work.handle, work.bury)
    assert (work.handled, work.buried) == ([0, 2], [(1, "poison 1")])


@given(st.sets(st.integers(0, 29)), st.integers(1, 30))
async def test_exactly_the_poison_is_buried(poison: set[int], size: int) -> None:
    work = Work(poison)
    await handle_all(range(size), work.handle, work.bury)
    assert work.handled == [n for n in range(size) if n not in poison]
    assert [item for item, _ in work.buried] == [n for n in range(size) if n in poison]
