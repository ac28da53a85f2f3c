.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := libs/shop-events libs/shop-kit infrastructure/local authentication-ms products-ms orders-ms gateway-ms

.PHONY: setup
setup: $(VENV)/.complete

$(VENV)/.complete: requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	touch $@

.PHONY: lock
lock:
	uv lock
	uv export --quiet --all-packages --no-emit-workspace --no-emit-project -o requirements.lock
	for s in authentication gateway orders products; do \
		uv export --quiet --package $$s-ms --no-dev --no-emit-workspace --no-emit-project -o $$s-ms/requirements.lock; done
