"""An error in the log says where it happened, and no value of any variable: one may be a password."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from shop_kit.logging import configure_logging
from shop_kit.settings import ServiceSettings


@pytest.fixture(params=["json", "console"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root, text = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", text)
    configure_logging("test", ServiceSettings(log_format=request.param))
    structlog.configure(cache_logger_on_first_use=False)
    yield text
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_an_error_tells_no_values(told: io.StringIO) -> None:
    def fail(password: str) -> None:
        raise ZeroDivisionError(len(password))

    for log in (structlog.get_logger(), logging.getLogger("shop")):
        try:
            fail("s3" + "cret")
        except ZeroDivisionError:
            log.exception("it failed")
    assert told.getvalue().count("ZeroDivisionError: 6") == 2
    assert "in fail" in told.getvalue()
    assert "s3cret" not in told.getvalue()
