"""A certificate is replaced while customers come: nginx is told, and drops nobody. See docs/operations/rotate.md."""

import os
import signal
import ssl
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from grp import getgrgid
from hashlib import sha256
from pathlib import Path
from pwd import getpwuid

import httpx2
from local_stack import nginx
from local_stack.fixtures import running
from local_stack.ports import LOOPBACK, free_ports

from tests.web.conftest import FILES


def make_certificate(folder: Path) -> str:
    """A new pair in the place of what is there; returns the certificate's fingerprint."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *names]
    subprocess.run([*make, "-keyout", folder / "key", "-out", folder / "certificate"], check=True, capture_output=True)
    return sha256(ssl.PEM_cert_to_DER_cert((folder / "certificate").read_text())).hexdigest()


def shown(port: int) -> str:
    return sha256(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((LOOPBACK, port)))).hexdigest()


def test_a_reload_shows_the_new_one_and_fails_no_request(nginx_there: None, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "robots.txt").write_bytes(FILES["robots.txt"])
    former, port = make_certificate(tmp_path), free_ports(2)
    values = {
        "SHOP_ENTRY": "tls",
        "SHOP_LISTEN_TLS": f"{LOOPBACK}:{port + 1}",
        "SHOP_HOST": "localhost",
        "SHOP_HTTPS_PORT": str(port + 1),
        "SHOP_CERTIFICATE": str(tmp_path / "certificate"),
        "SHOP_CERTIFICATE_KEY": str(tmp_path / "key"),
    }
    command = nginx.command(tmp_path / "nginx", port, tmp_path / "dist", port, values)
    # As in its container: a master, which reads all anew, and workers of the same user.
    file, user, group = tmp_path / "nginx" / "nginx.conf", getpwuid(os.getuid()).pw_name, getgrgid(os.getgid()).gr_name
    workers = f"user {user} {group}; worker_processes 2;"
    file.write_text(file.read_text().replace("master_process off;", workers))
    seen: Counter[tuple[str, int]] = Counter()
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            with httpx2.Client(verify=False, timeout=10) as http:
                answers = [http.get(f"https://localhost:{port + 1}/robots.txt") for _ in range(2)]
            seen.update((answer.text, answer.status_code) for answer in answers)

    with running(command, port + 1, tmp_path / "log"), ThreadPoolExecutor(4) as pool:
        assert shown(port + 1) == former
        visitors = [pool.submit(visit) for _ in range(4)]
        try:
            following = make_certificate(tmp_path)
            assert shown(port + 1) == former
            os.kill(int((tmp_path / "nginx" / "pid").read_text()), signal.SIGHUP)
            end = time.monotonic() + 10
            while shown(port + 1) != following:
                assert time.monotonic() < end, (tmp_path / "log").read_text()
            time.sleep(1)
        finally:
            over.set()
        for visitor in visitors:
            visitor.result()
    assert set(seen) == {(FILES["robots.txt"].decode(), 200)}
    assert seen.total() > 100
