SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
SHOP_PORT ?= 8080
BROKER ?= embedded
REQUESTS ?= 100000
VENV := .venv
BIN := $(VENV)/bin
WEB := $(BIN)/python -m local_stack.web
MEMBERS := libs/shop-events libs/shop-kit infrastructure/local infrastructure/lab authentication-ms products-ms orders-ms gateway-ms

.PHONY: help
help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: up
up: setup ## Run the shop until Ctrl-C (SHOP_PORT=8080, and the nine ports after it; BROKER=embedded or kafka)
	@$(BIN)/python -m local_stack up --port "$(SHOP_PORT)" --broker "$(BROKER)"

.PHONY: down
down: ## Stop the shop that runs from this folder
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local_stack down; else echo "The shop was never set up."; fi

.PHONY: dev
dev: ## Run the shop in containers, with reload (SHOP_PORT=8080; COMPOSE_PROFILES=panels)
	@SHOP_PORT="$(SHOP_PORT)" infrastructure/compose/up dev

.PHONY: dev-down
dev-down: ## Stop what make dev has started; its data stays
	@COMPOSE_PROFILES=panels docker compose --file docker-compose-dev.yaml down

.PHONY: secrets
secrets: ## Make .env and .secrets for make prod, or a cluster's (CLUSTER=namespace); nothing is overwritten
	@$(if $(CLUSTER),infrastructure/helm/make-secrets "$(CLUSTER)" $(SHOP_HOST),infrastructure/compose/make-secrets)

.PHONY: prod
prod: ## Run the shop in containers as in production, behind TLS
	@infrastructure/compose/up prod

.PHONY: prod-down
prod-down: ## Stop what make prod has started; its data stays
	@docker compose --file docker-compose-prod.yaml down

.PHONY: clean
clean: down ## Stop the shop; remove its data, keys, environment and caches
	rm -rf .shop .cache $(VENV) frontend/node_modules frontend/dist frontend/test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: test
test: setup lint ## Check and test everything
	@$(WEB) test
	@$(BIN)/pytest --numprocesses=2 --dist=loadgroup

.PHONY: test-deploy
test-deploy: setup ## Try the deployment for real: images, compose, Kubernetes, Terraform
	@$(BIN)/pytest -rfE tests/deploy

.PHONY: push
push: ## Push the images of `make images SHOP_TAG=...` to the registry that Terraform made
	@SHOP_TAG="$(SHOP_TAG)" infrastructure/deploy/push

.PHONY: deploy
deploy: ## Install or upgrade the shop in the cluster that Terraform made, with what was pushed
	@SHOP_TAG="$(SHOP_TAG)" infrastructure/deploy/deploy

.PHONY: browser
browser: setup ## Test the web shop in a browser (frontend/e2e)
	@$(BIN)/pytest tests/browser

.PHONY: pictures
pictures: setup ## Take the README's pictures of the web shop anew
	@SHOP_PICTURES="$(CURDIR)/docs/pictures" $(BIN)/pytest tests/browser -k pictures

.PHONY: lint
lint: setup ## Check format, style, types and imports
	@$(WEB) lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@# One run a folder, since their tests have modules of the same names.
	@set -e; for folder in $(MEMBERS) $(sort $(dir $(wildcard tests/*.py bench/*.py))); do \
		MYPYPATH=$$folder/tests $(BIN)/mypy $$folder; done
	@$(BIN)/lint-imports

.PHONY: format
format: setup ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(WEB) format

.PHONY: bench
bench: setup ## Measure the shop (BROKER=embedded or kafka; PARTS="orders gateway catalogue", or some)
	@$(BIN)/python -m bench "$(BROKER)" $(PARTS)

.PHONY: lighthouse
lighthouse: setup ## Measure the web shop in a browser (nine runs of Lighthouse)
	@$(BIN)/python -m bench.lighthouse

.PHONY: model
model: setup ## Search the model of the saga, and each rule's removal (some minutes)
	@$(BIN)/python -m tests.model

.PHONY: faults
faults: setup ## Break the running shop and check it (SECONDS=60, SEED=any, BROKER=embedded or kafka)
	@$(BIN)/python -m tests.faults --seconds "$(or $(SECONDS),60)" $(if $(SEED),--seed "$(SEED)") --broker "$(BROKER)"

.PHONY: fuzz
fuzz: setup ## Send the shop bad requests (REQUESTS=100000, SEED=, BROKER=embedded or kafka)
	@$(BIN)/python -m tests.fuzz --requests "$(REQUESTS)" --broker "$(BROKER)" $(if $(SEED),--seed "$(SEED)")

.PHONY: images
images: ## Build the five images (SHOP_REGISTRY=shop, SHOP_TAG=latest), and say how large they are
	@REVISION="$(shell git rev-parse HEAD)" docker buildx bake
	@docker image ls --format 'table {{.Repository}}:{{.Tag}}\t{{.Size}}' --filter "reference=$(or $(SHOP_REGISTRY),shop)/*:$(or $(SHOP_TAG),latest)"

.PHONY: setup
setup: $(VENV)/.complete ## Make the Python environment, from the lock file

.PHONY: machine
machine:
	@PYTHON="$(PYTHON)" infrastructure/local/check-machine

$(VENV)/.complete: requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS)) | machine
	@echo "Setting up the Python environment: a minute or two, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch $@

.PHONY: lock
lock: setup ## Choose the newest versions anew and write the lock files
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --all-packages --no-emit-workspace --no-emit-project -o requirements.lock
	$(BIN)/uv export --quiet --only-group images --no-emit-project -o infrastructure/images/requirements.lock
	for s in authentication gateway orders products; do \
		$(BIN)/uv export --quiet --package $$s-ms --no-dev --no-emit-workspace --no-emit-project -o $$s-ms/requirements.lock; done
