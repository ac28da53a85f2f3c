"""What orders-ms reads from its environment."""

from shop_kit.settings import KafkaSettings, MongoSettings, ServiceSettings, TokenSettings


class Settings(ServiceSettings, MongoSettings, KafkaSettings, TokenSettings):
    kafka_group: str = "orders-ms"
