"""What products-ms reads from its environment."""

from shop_kit.settings import KafkaSettings, MongoSettings, ServiceSettings, TokenSettings


class Settings(ServiceSettings, MongoSettings, KafkaSettings, TokenSettings):
    kafka_group: str = "products-ms"
    product_lap_seconds: float = 3600
