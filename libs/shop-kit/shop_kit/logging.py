"""Structured logs: JSON lines, or readable ones on a terminal, with the ids of the request and the order."""

import logging
import sys

import structlog

from shop_kit.repeats import Repeats
from shop_kit.settings import ServiceSettings


def configure_logging(service: str, settings: ServiceSettings) -> None:
    """Send everything, the libraries' own logging included, to standard error in one format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        render: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        # Its own way to show an error tells the values of all variables, and one may be a password or a token.
        plain = structlog.dev.plain_traceback
        render = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    level = logging.getLevelName(settings.log_level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    handler.addFilter(Repeats())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # What aiokafka says of itself in ordinary times is of no use to an operator.
    for chatty in ("aiokafka", "pymongo"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    # uvicorn brings handlers and a format of its own.
    for own in ("uvicorn", "uvicorn.access"):
        logging.getLogger(own).handlers.clear()
    logging.getLogger("uvicorn").propagate = True
    structlog.contextvars.bind_contextvars(service=service)
