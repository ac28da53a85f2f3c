# `docker buildx bake` builds the five images, and `docker buildx bake test` what tests them as it is built.

variable "SHOP_REGISTRY" {
  default = "shop"
}

variable "SHOP_TAG" {
  default = "latest"
}

variable "REVISION" {
  default = ""
}

variable "SOURCE" {
  default = ""
}

group "default" {
  targets = ["images"]
}

group "test" {
  targets = ["tests"]
}

target "images" {
  name       = image
  matrix     = { image = ["gateway-ms", "authentication-ms", "products-ms", "orders-ms", "web-shop"] }
  dockerfile = image == "web-shop" ? "frontend/Dockerfile" : "${image}/Dockerfile"
  target     = "production"
  tags       = ["${SHOP_REGISTRY}/${image}:${SHOP_TAG}"]
  args       = { VERSION = SHOP_TAG, REVISION = REVISION, SOURCE = SOURCE }
}

target "tests" {
  name       = "test-${image}"
  matrix     = { image = ["gateway-ms", "authentication-ms", "products-ms", "orders-ms", "web-shop"] }
  dockerfile = image == "web-shop" ? "frontend/Dockerfile" : "${image}/Dockerfile"
  target     = "test"
  output     = ["type=cacheonly"]
}
