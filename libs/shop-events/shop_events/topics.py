"""Topic names: `<prefix>.<EventName>`, and one dead-letter topic for each reader of a topic."""

from shop_events.envelope import Event


def topic(prefix: str, event: type[Event]) -> str:
    """The topic that carries `event`, for example `shop.OrderCreate`."""
    return f"{prefix}.{event.__name__}"


def dead_letter_topic(topic_name: str, group: str) -> str:
    """Where `group` puts what it could not use of `topic_name`, for example `shop.OrderCreate.products-ms.dlq`."""
    return f"{topic_name}.{group}.dlq"
