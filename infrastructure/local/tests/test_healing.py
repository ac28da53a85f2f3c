"""What dies comes back, with its data; two stacks do not touch each other."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack
from pymongo import MongoClient


def things(stack: Stack) -> list[int]:
    with MongoClient[dict[str, Any]](stack.mongo_uri("products-ms")) as client:
        return sorted(thing["_id"] for thing in client["shop"]["things"].find())


def add(stack: Stack, thing: int) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_uri("products-ms")) as client:
        client["shop"]["things"].insert_one({"_id": thing})


def test_what_is_killed_comes_back_and_data_stays(stack: Stack) -> None:
    with stack:
        add(stack, 1)
        for name in stack.programs:
            before = stack.pid(name)
            stack.kill(name)
            stack.wait_healthy(30)
            assert stack.pid(name) not in (0, before)
        assert things(stack) == [1]
        add(stack, 2)
    with stack:
        assert things(stack) == [1, 2]


def test_two_stacks_run_side_by_side(stack: Stack, tmp_path: Path) -> None:
    with stack, Stack(tmp_path / "other", free_ports(10), only={"products-db"}) as other:
        add(stack, 1)
        add(other, 2)
        other.kill("products-db")
        other.wait_healthy(30)
        assert (things(stack), things(other)) == ([1], [2])


async def test_both_brokers_can_be_wiped(tmp_path: Path, broker: Broker) -> None:
    with Stack(tmp_path, free_ports(10), broker, only={"broker"}) as stack:
        admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap_servers)
        await admin.start()
        await admin.create_topics([NewTopic("things", 2, 1)])
        await admin.close()
        producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap_servers, acks="all")
        await producer.start()
        await producer.send_and_wait("things", b"one")
        await producer.stop()
        consumer = AIOKafkaConsumer("things", bootstrap_servers=stack.bootstrap_servers, auto_offset_reset="earliest")
        await consumer.start()
        assert (await consumer.getone()).value == b"one"
        await consumer.stop()
        stack.wipe_broker()
        await admin_has_no_topics(stack.bootstrap_servers)


async def admin_has_no_topics(bootstrap_servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    assert await admin.list_topics() == []
    await admin.close()


def test_missing_java_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    with pytest.raises(RuntimeError, match="needs java and mvn"), Stack(tmp_path, free_ports(10), "kafka"):
        pass
