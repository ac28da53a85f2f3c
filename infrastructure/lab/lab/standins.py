"""Images that take the place of published ones of the same tag, on a machine that can't have those."""

import hashlib
import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lab import contents, machine
from lab.engine import Engine
from lab.errors import LabError
from lab.layout import ROOT

LABEL = "shop.stand-in"
"""The label that every stand-in carries, and what is built on one inherits. Its value says what is really inside."""

_RECIPE = "shop.stand-in.recipe"
_IMAGES = ROOT / "infrastructure" / "lab" / "images"


@dataclass(frozen=True)
class StandIn:
    """`fill` puts what the Dockerfile in `images/NAME` copies into the folder that it is given."""

    tag: str
    what: str
    version: Callable[[], str]
    fill: Callable[[Path], None]

    @property
    def folder(self) -> Path:
        return _IMAGES / self.tag.split(":")[0].split("/")[-1]

    def inside(self) -> str:
        """What it really holds, for people."""
        return f"{self.what} {self.version()}"


def published(engine: Engine, tag: str) -> bool:
    """Whether the published image is here, be it that it was pulled just now."""
    if _label(engine, tag, LABEL) == "":
        return True
    try:
        engine.docker("manifest", "inspect", tag, seconds=15)
        engine.docker("pull", "--quiet", tag, seconds=600)
    except LabError:
        return False
    return True


def ensure(engine: Engine) -> list[str]:
    """Have an image of every tag. Returns one line for each that is a stand-in.

    Raises LabError if one can neither be pulled nor made."""
    lines = []
    base = ""
    for image in STAND_INS:
        if published(engine, image.tag):
            continue
        recipe = _recipe(image, base)
        if _label(engine, image.tag, _RECIPE) != recipe:
            _make(engine, image, recipe)
        base = base or engine.docker("image", "inspect", "--format", "{{.Id}}", image.tag).strip()
        lines.append(f"stand-in for {image.tag} ({image.inside()}), since it can't be had here")
    return lines


STAND_INS = (
    StandIn("debian:bookworm-slim", "mmdebstrap's Debian", lambda: machine.RELEASE, contents.debian),
    StandIn("python:3.12.12-slim-bookworm", "Python", contents.python_version, contents.python),
    StandIn("node:22.21.1-bookworm-slim", "npm's Node.js", lambda: contents.NODE, contents.node),
    StandIn("nginx:1.28.0-bookworm", "Debian's nginx", lambda: "1.22.1", contents.nothing),
    StandIn("mongo:8.0.16", "SecantusDB", lambda: version("secantusdb"), contents.nothing),
    StandIn("apache/kafka:4.4.0", "Apache Kafka's jars", lambda: contents.KAFKA, contents.kafka),
)
"""Each may be built on those before it."""


@contextmanager
def _context(image: StandIn) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shop-lab-") as folder:
        context = Path(folder) / "context"
        shutil.copytree(image.folder, context)
        image.fill(context)
        yield context


def _make(engine: Engine, image: StandIn, recipe: str) -> None:
    with _context(image) as context:
        labels = {LABEL: image.inside(), _RECIPE: recipe}
        options = [word for name, value in labels.items() for word in ("--label", f"{name}={value}")]
        options += ["--build-arg", f"VERSION={image.version()}"]
        engine.docker("build", "--quiet", "--tag", image.tag, *options, context)


def _recipe(image: StandIn, base: str) -> str:
    """Changes whenever the image would be another one."""
    text = hashlib.sha256(f"{image.inside()} {base} {inspect.getsource(image.fill)}".encode())
    for path in sorted(image.folder.rglob("*")):
        if path.is_file():
            text.update(str(path.relative_to(image.folder)).encode() + path.read_bytes())
    return text.hexdigest()


def _label(engine: Engine, tag: str, label: str) -> str | None:
    """The image's label, empty if it has none; None if there is no such image."""
    try:
        return engine.docker("image", "inspect", "--format", f'{{{{index .Config.Labels "{label}"}}}}', tag).strip()
    except LabError:
        return None
