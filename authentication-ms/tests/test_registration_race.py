"""The unique index decides, not a read before a write."""

import asyncio

from authentication_testing import Rows, Service, StartService


async def test_of_registrations_at_the_same_time_one_passes(service: Service, users: Rows) -> None:
    spellings = ["ann@example.test", "Ann@example.test", "ANN@EXAMPLE.TEST", "ann@Example.Test"] * 2
    answers = await asyncio.gather(*(service.post("/register", {"email": e, "password": "p"}) for e in spellings))
    assert sorted(a.status_code for a in answers) == [201] + [400] * 7
    assert {a.json()["detail"] for a in answers if a.status_code == 400} == {"This e-mail is not acceptable"}
    assert await users.count_documents({}) == 1


async def test_of_two_replicas_one_passes(start: StartService, users: Rows) -> None:
    async with start() as one, start() as other:
        bodies = [{"email": e, "password": "p"} for e in ("ann@example.test", "ANN@example.test")]
        answers = await asyncio.gather(one.post("/register", bodies[0]), other.post("/register", bodies[1]))
    assert sorted(a.status_code for a in answers) == [201, 400]
    assert await users.count_documents({}) == 1


async def test_the_index_serves_the_search(service: Service, users: Rows) -> None:
    plan = await users.find({"email_key": {"$in": ["a@b.de", "A@b.de"]}}).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
    assert (await users.index_information())["email_key_1"]["unique"] is True
