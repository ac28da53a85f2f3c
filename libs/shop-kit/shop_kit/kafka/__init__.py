"""A thin layer over aiokafka: publishing with awaited acks, consuming with explicit commits, keeping topics."""

from shop_kit.kafka.consumer import Consumer
from shop_kit.kafka.delivery import Delivery
from shop_kit.kafka.history import history
from shop_kit.kafka.keeper import Topic, TopicKeeper
from shop_kit.kafka.publisher import Message, Publisher

__all__ = ["Consumer", "Delivery", "Message", "Publisher", "Topic", "TopicKeeper", "history"]
