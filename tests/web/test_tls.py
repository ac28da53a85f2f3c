"""The entry with TLS, asked by openssl and curl, which have their own of everything."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from local_stack.ports import LOOPBACK, free_ports

from tests.web.conftest import Front, started
from tests.web.test_pages import secured
from tests.web.upstream import Upstream


@dataclass
class Tls:
    """The entries of one nginx: HTTPS on `port`, which shows `certificate`, and HTTP."""

    port: int
    certificate: Path
    front: Front


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory, nginx_there: None) -> Iterator[Tls]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate", folder / "key"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *names]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    port = free_ports(1)
    with started(
        folder,
        SHOP_ENTRY="tls",
        SHOP_LISTEN_TLS=f"{LOOPBACK}:{port}",
        SHOP_HOST="localhost",
        SHOP_HTTPS_PORT=str(port),
        SHOP_CERTIFICATE=str(certificate),
        SHOP_CERTIFICATE_KEY=str(key),
    ) as front:
        yield Tls(port, certificate, front)


def handshake(tls: Tls, *options: str) -> tuple[bool, str]:
    """Whether openssl comes to an agreement with the server, and what it says about it."""
    asked = ["openssl", "s_client", "-connect", f"{LOOPBACK}:{tls.port}", "-servername", "localhost", *options]
    done = subprocess.run(
        [*asked, "-verify_return_error", "-CAfile", str(tls.certificate)],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def curl(tls: Tls, path: str, *options: str) -> str:
    address = f"https://localhost:{tls.port}{path}"
    connect = ["--resolve", f"localhost:{tls.port}:{LOOPBACK}", "--cacert", str(tls.certificate)]
    done = subprocess.run(["curl", "-sS", *connect, *options, address], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nginx_accepts_the_file(tls: Tls) -> None:
    done = subprocess.run([*tls.front.command, "-t"], capture_output=True, text=True, check=False)
    assert (done.returncode, "warn" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize(("option", "version"), [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_these_versions_are_spoken(tls: Tls, option: str, version: str) -> None:
    agreed, said = handshake(tls, option)
    assert (agreed, f"New, {version}" in said, "Verify return code: 0 (ok)" in said) == (True, True, True), said


@pytest.mark.parametrize("option", ["-tls1", "-tls1_1"])
def test_older_versions_are_refused(tls: Tls, option: str) -> None:
    # The lowest level, or openssl itself would not even ask.
    agreed, said = handshake(tls, option, "-cipher", "ALL:@SECLEVEL=0")
    assert (agreed, "alert protocol version" in said) == (False, True), said


@pytest.mark.parametrize(
    "cipher", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"]
)
def test_ciphers_without_forward_secrecy_or_authentication_are_refused(tls: Tls, cipher: str) -> None:
    agreed, said = handshake(tls, "-tls1_2", "-cipher", cipher)
    assert (agreed, "handshake failure" in said) == (False, True), said


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"])
def test_a_client_has_the_choice_of_good_ciphers(tls: Tls, cipher: str) -> None:
    agreed, said = handshake(tls, "-tls1_2", "-cipher", cipher)
    assert (agreed, f"Cipher is {cipher}" in said) == (True, True), said


def test_no_ticket_is_given(tls: Tls) -> None:
    assert "TLS session ticket:" not in handshake(tls, "-tls1_2")[1]


def test_http_2_is_spoken_and_http_1_too(tls: Tls) -> None:
    written = ["-o", "/dev/null", "-w", "%{http_version} %{http_code}"]
    assert [curl(tls, "/", *written), curl(tls, "/", *written, "--http1.1")] == ["2 200", "1.1 200"]


def test_the_browser_is_told_to_come_by_tls_only(tls: Tls) -> None:
    head = curl(tls, "/", "-o", "/dev/null", "-D", "-").lower().splitlines()
    assert [line for line in head if line.startswith("strict-transport-security")] == [
        "strict-transport-security: max-age=31536000"
    ]
    answer = tls.front.http.get("/")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/products/chair?from=home", "/api/orders%2F1"])
def test_http_leads_to_https(tls: Tls, verb: str, path: str) -> None:
    answer = tls.front.http.request(verb, path, headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://localhost:{tls.port}{path}")
    assert answer.headers["Server"] == "nginx"


def test_the_gateway_is_told_how_the_client_came(tls: Tls) -> None:
    with Upstream(tls.front.gateway_port) as gateway:
        claims = ["-H", "X-Forwarded-For: 6.6.6.6", "-H", "X-Forwarded-Proto: gopher"]
        head = curl(tls, "/api/no/such", *claims, "-o", "/dev/null", "-D", "-")
        headers = httpx2.Headers(gateway.arrived[0].headers)
    assert headers.get_list("X-Forwarded-Proto") == ["https"]
    assert headers.get_list("X-Forwarded-For") == [LOOPBACK]
    assert headers.get_list("Host") == [f"localhost:{tls.port}"]
    status, *lines = head.strip().splitlines()
    assert status.strip() == "HTTP/2 404"
    assert secured(httpx2.Response(404, headers=dict(line.split(": ", 1) for line in lines)))


def test_many_pictures_at_once_are_no_trouble(tls: Tls) -> None:
    """Over HTTP/2 a page asks for all it shows in one go."""
    with Upstream(tls.front.gateway_port) as gateway:
        written = ["-Z", "--parallel-max", "60", "-o", "/dev/null", "-w", "%{http_version} %{http_code}\\n"]
        assert curl(tls, "/api/pictures/chair.webp?[1-60]", *written).splitlines() == ["2 200"] * 60
        assert len(gateway.arrived) == 60
