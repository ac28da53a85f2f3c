"""The secrets of the production compose file: who may read them, none is made twice, and they fit together."""

import re
import stat
import subprocess
from pathlib import Path

import pytest
from lab.layout import ROOT

SCRIPT = ROOT / "infrastructure" / "compose" / "make-secrets"


def make(folder: Path, **env: str) -> tuple[int, str]:
    """How it ends, and what it says when it refuses."""
    command = [
        "env",
        "-i",
        "PATH=/usr/local/bin:/usr/bin:/bin",
        *(f"{name}={value}" for name, value in env.items()),
        SCRIPT,
        folder,
    ]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / ".secrets").iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert make(tmp_path) == (0, "")
    return tmp_path


def test_every_file_that_compose_names_is_there(folder: Path) -> None:
    named = re.findall(r"\$\{SHOP_SECRETS[^}]*\}/(\w+)", (ROOT / "docker-compose-prod.yaml").read_text())
    assert set(files(folder)) == {*named, "jwt_next_private_key"}


def test_nobody_else_gets_to_them(folder: Path) -> None:
    """The files can be read by all, since a container's user is another; the folder can't be entered."""
    assert (mode(folder / ".env"), mode(folder / ".secrets")) == (0o600, 0o700)
    assert {mode(path) for path in (folder / ".secrets").iterdir()} == {0o444}
    ignored = subprocess.run(
        ["git", "check-ignore", ".env", ".secrets/tls_key"], cwd=ROOT, capture_output=True, check=False
    )
    assert ignored.stdout.split() == [b".env", b".secrets/tls_key"]


def test_each_password_is_another(folder: Path) -> None:
    passwords = [text.strip() for name, text in files(folder).items() if name.endswith("_password")]
    assert (len(passwords), len(set(passwords)), {len(one) for one in passwords}) == (8, 8, {48})


def test_nothing_is_made_twice(folder: Path) -> None:
    before = files(folder) | {".env": (folder / ".env").read_text()}
    assert make(folder, SHOP_HOST="another.example") == (0, "")
    assert files(folder) | {".env": (folder / ".env").read_text()} == before


def test_what_is_missing_is_made_to_fit(folder: Path) -> None:
    before = files(folder)
    (folder / ".secrets" / "orders_mongodb_uri").unlink()
    assert make(folder) == (0, "")
    assert files(folder) == before
    assert before["orders_mongodb_uri"] == (
        f"mongodb://orders-ms:{before['orders_db_password'].strip()}@orders-db:27017/shop"
        "?authSource=shop&directConnection=true\n"
    )
    for service in ("products", "orders"):
        assert f'user_{service}-ms="{before[f"{service}_kafka_password"].strip()}"' in before["kafka_jaas"]


def public(folder: Path, name: str) -> str:
    asked = ["openssl", "pkey", "-in", str(folder / ".secrets" / name), "-pubout"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_the_next_key_is_one_that_is_published(folder: Path) -> None:
    assert files(folder)["jwt_second_public_key"] == public(folder, "jwt_next_private_key")
    # A rotation: the next one signs, and the former one is still published.
    former, own = public(folder, "jwt_private_key"), folder / ".secrets"
    (own / "jwt_next_private_key").rename(own / "jwt_private_key")
    (own / "jwt_second_public_key").unlink()
    (own / "jwt_second_public_key").write_text(former)
    before = files(folder)
    assert make(folder) == (0, "")
    assert files(folder) == before
    (own / "jwt_second_public_key").unlink()
    assert make(folder) == (0, "")
    assert files(folder)["jwt_second_public_key"] == public(folder, "jwt_next_private_key")


def test_the_settings_are_those_that_were_given(tmp_path: Path) -> None:
    assert make(tmp_path, SHOP_HOST="shop.example", SHOP_HTTP_PORT="8080", SHOP_HTTPS_PORT="8443") == (0, "")
    assert (tmp_path / ".env").read_text() == (
        "SHOP_HOST=shop.example\nSHOP_HTTP_PORT=8080\nSHOP_HTTPS_PORT=8443\n"
        "SHOP_SECRETS=./.secrets\nSHOP_REGISTRY=shop\nSHOP_TAG=latest\n"
    )
    assert certified(tmp_path) == "DNS:shop.example"


def certified(folder: Path) -> str:
    certificate = str(folder / ".secrets" / "tls_certificate")
    asked = ["openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[1].strip()


@pytest.mark.parametrize(("host", "name"), [("localhost", "DNS:localhost"), ("192.0.2.7", "IP Address:192.0.2.7")])
def test_the_certificate_is_for_the_host(tmp_path: Path, host: str, name: str) -> None:
    assert make(tmp_path, SHOP_HOST=host) == (0, "")
    assert certified(tmp_path) == name


def test_a_certificate_that_is_given_is_taken(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    own, another = folder / ".secrets", tmp_path_factory.mktemp("another")
    given = {"SHOP_TLS_CERTIFICATE": str(own / "tls_certificate"), "SHOP_TLS_KEY": str(own / "tls_key")}
    assert make(another, **given) == (0, "")
    assert {name: files(another)[name] for name in ("tls_certificate", "tls_key")} == {
        name: files(folder)[name] for name in ("tls_certificate", "tls_key")
    }


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("tls_certificate", None, "SHOP_TLS_CERTIFICATE and SHOP_TLS_KEY go together"),
        (None, "tls_key", "SHOP_TLS_CERTIFICATE and SHOP_TLS_KEY go together"),
        ("kafka_jaas", "tls_key", "SHOP_TLS_CERTIFICATE: {}/kafka_jaas holds no certificate"),
        ("no_such", "tls_key", "SHOP_TLS_CERTIFICATE: {}/no_such holds no certificate"),
        ("tls_certificate", "kafka_jaas", "SHOP_TLS_KEY: {}/kafka_jaas holds no key"),
        (
            "tls_certificate",
            "jwt_private_key",
            "SHOP_TLS_KEY: {0}/jwt_private_key is not the key of {0}/tls_certificate",
        ),
    ],
)
def test_a_certificate_that_can_not_be_used_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, certificate: str | None, key: str | None, said: str
) -> None:
    own, another = folder / ".secrets", tmp_path_factory.mktemp("another")
    given = {"SHOP_TLS_CERTIFICATE": certificate, "SHOP_TLS_KEY": key}
    code, refusal = make(another, **{name: str(own / file) for name, file in given.items() if file})
    assert (code, refusal) == (1, f"make-secrets: {said.format(own)}\n")
    assert list(another.iterdir()) == []
