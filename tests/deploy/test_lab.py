"""The lab itself: what everything else here stands on."""

from lab import standins
from lab.engine import Engine


def test_an_image_is_built_and_runs(engine: Engine) -> None:
    dockerfile = "FROM python:3.12.12-slim-bookworm\nUSER 10001:10001\n"
    image = engine.docker("build", "--quiet", "-", stdin=dockerfile).strip()
    script = (
        "import os, ssl, sqlite3; print(os.getuid(), os.path.exists('/usr/local/lib/python3.12/site-packages/pip'))"
    )
    assert engine.docker("run", "--rm", "--network", "none", image, "python", "-c", script) == "10001 True\n"
    engine.docker("image", "rm", image)


def test_a_stand_in_says_what_is_inside(engine: Engine) -> None:
    for image in standins.STAND_INS:
        if not standins.published(engine, image.tag):
            label = engine.docker(
                "image", "inspect", "--format", f'{{{{index .Config.Labels "{standins.LABEL}"}}}}', image.tag
            )
            assert label.strip() == image.inside()
