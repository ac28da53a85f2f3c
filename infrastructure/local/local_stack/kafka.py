"""Apache Kafka itself, fetched through Maven, as the broker on a bare machine."""

import fcntl
import secrets
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local_stack.errors import StackError
from local_stack.ports import LOOPBACK
from local_stack.program import Program

VERSION = "4.4.0"
_CACHE = Path(__file__).resolve().parents[3] / ".cache" / f"kafka-{VERSION}"
_LIBS = _CACHE / "libs"
_LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""


def missing() -> str | None:
    """What the machine lacks for Apache Kafka, in words; None if nothing."""
    lacking = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if lacking:
        return f"Apache Kafka needs {' and '.join(lacking)}. On Debian: apt-get install default-jre-headless maven"
    return None


def fetch() -> None:
    """Have Apache Kafka's jars in the cache. Raises StackError if that can't be done."""
    if lacking := missing():
        raise StackError(lacking)
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another one may be at it
        complete = _CACHE / "complete"
        if complete.exists() and complete.read_text() == _POM:
            return
        (_CACHE / "pom.xml").write_text(_POM)
        maven = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=libs"]
        done = subprocess.run(maven, cwd=_CACHE, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StackError(f"Maven can't fetch Apache Kafka {VERSION}:\n{done.stdout[-2000:]}")
        complete.write_text(_POM)


def data_folder(folder: Path) -> Path:
    """Where the broker of the stack in `folder` keeps its topics."""
    return folder / "data" / "kafka"


def cluster_id() -> str:
    """A new id: 16 bytes in base64. One with a dash at its head, as one in 64 would be, passes for an option."""
    return "S" + secrets.token_urlsafe(16)[1:]


def program(
    folder: Path, port: int, controller_port: int, listeners: Mapping[str, tuple[int, int]] | None = None
) -> Program:
    """One broker that is its own controller. Its data folder is formatted whenever it is new.

    `listeners` are further doors: by name, the port each listens on, and the one it tells its clients to come to.
    """
    data, settings = data_folder(folder), folder / "run" / "kafka.properties"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_settings(data, port, controller_port, listeners or {}))
    java = ["java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *_LOGGING, "-cp", str(_LIBS / "*")]
    format_ = [*java, "kafka.tools.StorageTool", "format", "-t", cluster_id(), "--standalone", "-c", str(settings)]
    return Program(
        "broker",
        "broker",
        [*java, "kafka.Kafka", str(settings)],
        port,
        prepare=f"[ -e {shlex.quote(str(data / 'meta.properties'))} ] || {shlex.join(format_)} || exit 1",
    )


def _settings(data: Path, port: int, controller_port: int, listeners: Mapping[str, tuple[int, int]]) -> str:
    doors = {"PLAINTEXT": (port, port), "CONTROLLER": (controller_port, controller_port), **listeners}
    return f"""process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers={LOOPBACK}:{controller_port}
listeners={",".join(f"{name}://{LOOPBACK}:{own}" for name, (own, _) in doors.items())}
advertised.listeners={",".join(f"{name}://{LOOPBACK}:{told}" for name, (_, told) in doors.items())}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map={",".join(f"{name}:PLAINTEXT" for name in doors)}
log.dirs={data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
"""
