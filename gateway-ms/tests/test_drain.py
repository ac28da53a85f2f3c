"""A gateway that is told to end closes each connection after an answer, whoever gave that."""

import http.client
import os
import signal
import subprocess
import sys
import time

from gateway_testing import Stack
from local_stack.ports import LOOPBACK, free_ports, wait_until_listening

ANSWERS = {"/api/categories": 200, "/api/orders": 401, "/api/nothing": 404, "/health": 200, "/api/health": 503}


def test_all_answers_close_their_connections(stack: Stack) -> None:
    port = free_ports(1)
    command = [sys.executable, "-m", "uvicorn", "--factory", "gateway.app:create_app", "--port", str(port)]
    nowhere = {f"{name}_SERVICE_URL": "http://127.0.0.1:9" for name in ("AUTHENTICATION", "ORDERS")}
    process = subprocess.Popen(
        [*command, "--loop", "uvloop", "--http", "gateway.protocol:Protocol"],
        env=os.environ | nowhere | {"PRODUCTS_SERVICE_URL": stack.server.url, "DRAIN_SECONDS": "2"},
    )
    try:
        wait_until_listening(port, 20, alive=lambda: process.poll() is None)
        kept = {path: http.client.HTTPConnection(LOOPBACK, port, timeout=10) for path in ANSWERS}

        def ask(path: str) -> tuple[int, str | None]:
            kept[path].request("GET", path)
            answer = kept[path].getresponse()
            answer.read()
            return answer.status, answer.getheader("Connection")

        assert {path: ask(path) for path in ANSWERS} == {path: (status, None) for path, status in ANSWERS.items()}
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert {path: ask(path) for path in ANSWERS} == {path: (status, "close") for path, status in ANSWERS.items()}
        process.wait(5)
    finally:
        process.kill()
        process.wait()
