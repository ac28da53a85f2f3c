"""Hopeless orders are refused against the copy at once, and leave nothing behind."""

import pytest
from orders_testing import Service, fixture, refusal, snapshot

UNKNOWN = (404, "The requested product does not exist.")
NOT_ENOUGH = (404, "The requested amount does not exist.")


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 5), snapshot("table", 0), snapshot("stra\u00dfe", 1))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("sofa", 1)], UNKNOWN),
        ([("chair", 1), ("sofa", 1)], UNKNOWN),
        ([("chair", 99), ("sofa", 1)], UNKNOWN),
        ([("chair", 6)], NOT_ENOUGH),
        ([("table", 1)], NOT_ENOUGH),
        ([("chair", 10_000_000)], NOT_ENOUGH),
        ([("chair", 3), ("chair", 3)], NOT_ENOUGH),
        ([("chair", 3), ("CHAIR ", 3)], NOT_ENOUGH),
        ([("stra\u00dfe", 1), ("STRASSE", 1)], NOT_ENOUGH),
        ([("chair", 1)] * 6, NOT_ENOUGH),
        ([("chair", 1), ("table", 1)], NOT_ENOUGH),
    ],
)
async def test_it_is_refused(service: Service, lines: list[tuple[str, int]], expected: tuple[int, str]) -> None:
    assert refusal(await service.order(*lines)) == expected
    assert await service.stored() == []


async def test_exactly_what_is_there_may_be_ordered_on_two_lines(service: Service) -> None:
    answer = await service.order(("chair", 3), ("Chair", 2))
    assert (answer.status_code, [line["quantity"] for line in answer.json()["products"]]) == (201, [3, 2])


async def test_an_empty_copy_knows_nothing(service: Service) -> None:
    await service.db.products.delete_many({})
    assert refusal(await service.order(("chair", 1))) == UNKNOWN
