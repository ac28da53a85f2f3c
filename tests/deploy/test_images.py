"""The images: small, of what the lock files name and nothing else, and at home in a container that is locked down."""

import re
import time
from collections.abc import Mapping

import pytest
from lab.engine import Engine
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.ports import LOOPBACK, free_ports

from tests.deploy.containers import answers, inside, inspected, running, said, waited

PACKAGES = {
    "gateway-ms": "gateway",
    "authentication-ms": "authentication",
    "products-ms": "products",
    "orders-ms": "orders",
}
MOST_MEGABYTES = {**dict.fromkeys(PACKAGES, 120), "web-shop": 10}
"""Over the base."""
MOST_SECONDS = 3.0
BASES = {**dict.fromkeys(PACKAGES, "python:3.12.12-slim-bookworm"), "web-shop": "nginx:1.28.0-bookworm"}

_DISTRIBUTIONS = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
_WRITES = """
import os
for folder in ('/app', '/opt/venv', '/etc', '/tmp'):
    try:
        open(folder + '/file', 'w')
    except OSError as error:
        print(folder, error.strerror)
print(os.getuid(), os.getgid())
"""


@pytest.fixture(params=BASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PACKAGES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_its_tests_pass_where_it_is_built(engine: Engine) -> None:
    """Each Dockerfile's stage `test`, all five at once. That this builds is that they pass."""
    engine.docker("buildx", "bake", "test", seconds=1800)


def test_what_it_says_of_itself(engine: Engine, images: Mapping[str, str], name: str) -> None:
    config = inspected(engine, images[name])["Config"]
    label = "org.opencontainers.image."
    told = {key.removeprefix(label): value for key, value in config["Labels"].items() if key.startswith(label)}
    assert told.keys() == {"title", "description", "source", "licenses", "version", "revision"}
    assert (told["title"], told["licenses"]) == (name, "MIT")
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"][0] == "CMD"


def test_how_large_it_is(engine: Engine, images: Mapping[str, str], name: str) -> None:
    over = inspected(engine, images[name])["Size"] - inspected(engine, BASES[name])["Size"]
    assert over / 1_000_000 < MOST_MEGABYTES[name]


def test_nothing_is_in_it_but_what_the_lock_file_names(engine: Engine, images: Mapping[str, str], service: str) -> None:
    locked = set(re.findall(r"^(\S+==\S+)", (ROOT / service / "requirements.lock").read_text(), re.MULTILINE))
    found = {one.lower().replace("_", "-") for one in inside(engine, images[service], _DISTRIBUTIONS).split()}
    own = {f"{service}==1.0.0", "shop-kit==1.0.0"} | ({"shop-events==1.0.0"} & found)
    assert found - own <= locked
    assert found >= own
    which = "import shutil; print([t for t in ('gcc', 'cc', 'make', 'uv', 'git', 'pytest') if shutil.which(t)])"
    assert inside(engine, images[service], which) == "[]"


def test_it_writes_to_tmp_only_and_as_nobody(engine: Engine, images: Mapping[str, str], service: str) -> None:
    refused = [f"{folder} Read-only file system" for folder in ("/app", "/opt/venv", "/etc")]
    assert inside(engine, images[service], _WRITES).splitlines() == [*refused, "10001 10001"]


def test_it_starts_soon_and_ends_when_it_is_told(
    engine: Engine, images: Mapping[str, str], service: str, mongo_uri: str, kafka_bootstrap: str
) -> None:
    environment = {
        "MONGODB_URI": mongo_uri,
        "DB_NAME": f"images-{service}",
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_REPLICATION_FACTOR": "1",
        "KAFKA_MIN_INSYNC_REPLICAS": "1",
        "JWT_KEYS_FOLDER": "/tmp/keys",
    }
    port = free_ports(1)
    with running(engine, images[service], "--host", LOOPBACK, "--port", str(port), **environment) as container:
        took = answers(f"http://{LOOPBACK}:{port}/health/live", 60)
        # The machine may be busy with the other tests.
        assert took - waited(engine, container) < MOST_SECONDS
        answers(f"http://{LOOPBACK}:{port}/health", 60)
        told = time.monotonic()
        engine.docker("stop", "--time", "20", container)
        assert time.monotonic() - told < 10
        assert inspected(engine, container)["State"]["ExitCode"] == 0
        assert "Finished server process [1]" in said(engine, container)


def test_a_weak_secret_stops_it_with_one_line(engine: Engine, images: Mapping[str, str], service: str) -> None:
    weak = {"JWT_TOKEN_ALG": "HS256", "JWT_ACCESS_TOKEN_SECRET_KEY": "changeme"}
    if service == "authentication-ms":
        weak["JWT_REFRESH_TOKEN_SECRET_KEY"] = "fd0c9a61b2e84705fd0c9a61b2e84705"
    with running(engine, images[service], **weak) as container:
        assert engine.docker("wait", container).strip() == "78"
        assert said(engine, container).splitlines() == [
            "Can't start, the settings are wrong:",
            "  JWT_ACCESS_TOKEN_SECRET_KEY: shorter than 32 bytes, and ENVIRONMENT is production",
        ]


def test_the_web_shop_serves_its_bundle(engine: Engine, images: Mapping[str, str]) -> None:
    port = free_ports(1)
    with running(engine, images["web-shop"], SHOP_LISTEN=f"{LOOPBACK}:{port}") as container:
        assert answers(f"http://{LOOPBACK}:{port}/", 20) < MOST_SECONDS
        with pytest.raises(LabError, match="Read-only file system"):
            engine.docker("exec", container, "touch", "/usr/share/nginx/html/file")
        engine.docker("stop", container)
        assert inspected(engine, container)["State"]["ExitCode"] == 0
