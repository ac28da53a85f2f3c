"""The document of the public API: what is committed is what is served, and it holds for generated requests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from local_stack.ports import free_ports
from local_stack.stack import Stack

COMMITTED = Path(__file__).parent.parent / "gateway-ms" / "openapi.json"
SERVICES = ("gateway-ms", "authentication-ms", "products-ms", "orders-ms")
CASES_AN_OPERATION = 25


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop that may be filled with nonsense."""
    with Stack(tmp_path_factory.mktemp("fuzzed"), free_ports(10)) as stack:
        yield stack


def test_the_committed_document_is_the_one_served(own_stack: Stack) -> None:
    served = httpx2.get(own_stack.url + "/openapi.json").json()
    assert served == json.loads(COMMITTED.read_text()), (
        "Make it anew, with the shop running: AUTHENTICATION_SERVICE_URL, PRODUCTS_SERVICE_URL and ORDERS_SERVICE_URL"
        " set, .venv/bin/python -m gateway.openapi > gateway-ms/openapi.json"
    )


def test_generated_requests_break_nothing(own_stack: Stack, tmp_path: Path) -> None:
    """Valid and invalid requests to every operation, as an admin: no 5xx, and every answer as the document says."""
    before = {name: own_stack.pid(name) for name in SERVICES}
    signed_in = httpx2.post(own_stack.url + "/login", json={"email": "admin@admin.com", "password": "admin@admin.com"})
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *(
            "run",
            own_stack.url + "/openapi.json",
            "--header",
            f"Authorization: Bearer {signed_in.json()['access_token']}",
        ),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(CASES_AN_OPERATION), "--seed", "1"),
        *("--checks", "not_a_server_error,content_type_conformance,response_schema_conformance"),
        *("--no-color", "--warnings", "off", "--request-timeout", "20", "--exclude-path", "/api/logout-everywhere"),
        # Its answer has no end.
        *("--exclude-path", "/api/orders/events"),
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, env=os.environ)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert {name: own_stack.pid(name) for name in SERVICES} == before, "a process died"
    assert httpx2.get(own_stack.url + "/health").json()["status"] == "ok"
