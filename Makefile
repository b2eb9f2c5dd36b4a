# Everything one does with Millrun. `make` prints what there is.
#
# Nothing has to be installed first but Python 3.11 or newer (PYTHON=/path/to/python3 names one).
# A word behind "##" is what `make` prints; an option is given as NAME=value behind the target.

MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

VENV := .venv/bin
PY := $(VENV)/python
CODE := $(wildcard services shared e2e deploy)
GEN := gen/.stamp
JOBS ?= 3
BASELINE := protos/baseline.txtpb

export PYTHONPATH := $(CURDIR):$(CURDIR)/gen
export PATH := $(CURDIR)/$(VENV):$(PATH)
# Sixteen processes start here at once: each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Print this.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2} /^## / {printf "%18s%s\n", "", substr($$0, 4)}' Makefile

.PHONY: up
up: venv $(GEN) ## Start Millrun here: portal and API on 127.0.0.1:8080, console on :8090. Ctrl-C stops it.
## BUS=rabbitmq: one process per service and a broker, as in a cluster. DEMO=0: start empty.
	@$(PY) -m deploy.local up

.PHONY: demo
demo: venv $(GEN) ## Fill a running Millrun with enterprises, products and orders to look at.
	@$(PY) -m deploy.local demo

.PHONY: status
status: venv ## Say what of Millrun runs here.
	@$(PY) -m deploy.local status

.PHONY: stop
stop: venv ## Stop the Millrun that runs here, as Ctrl-C would.
	@$(PY) -m deploy.local stop

.PHONY: test
test: dev $(GEN) ## Run every test on real PostgreSQL and RabbitMQ; both are started when missing.
## BUS=local: leave the broker out. ARGS="-k signature": anything pytest understands.
## JOBS=4: so many at once; JOBS=0: in one process, as a debugger needs it.
	@$(PY) -m pytest --numprocesses $(JOBS) $(ARGS)

.PHONY: check
check: dev $(GEN) ## Read everything without running it: style, types, imports, protos.
	@echo "==> ruff: style"; ruff check --quiet .
	@echo "==> ruff: format"; ruff format --check --quiet . || { echo "make format mends that"; exit 1; }
	@echo "==> mypy: types"; mypy --no-error-summary $(CODE)
	@echo "==> import-linter: who knows whom"; lint-imports --no-logo --cache-dir .cache/imports
	@echo "==> buf: proto style"; buf lint && buf format protos --diff --exit-code
	@echo "==> buf: promises kept"; buf breaking protos --against $(BASELINE) || \
		{ echo "partners rely on that; if nobody does yet: make baseline"; exit 1; }

.PHONY: bench
bench: dev $(GEN) ## Measure Millrun beside what this machine can do at most; writes .state/bench.json.
## ARGS="--only submit --orders 300": a part of it; ARGS=--help: which parts there are.
	@$(PY) -m e2e.load.bench $(ARGS)

.PHONY: charts
charts: venv $(GEN) ## Render and lint every chart in every variant it names (needs helm).
	@$(PY) -m deploy.charts

.PHONY: format
format: dev ## Bring the code into shape.
	@ruff check --quiet --fix-only . ; ruff format --quiet . ; buf format --write protos

.PHONY: protos
protos: venv $(GEN) ## Generate Python from protos/ into gen/ (every target that needs it does so itself).

.PHONY: baseline
baseline: dev $(GEN) ## Promise today's protos, with a release: `make check` refuses to break them afterwards.
	@buf build protos --exclude-source-info -o $(BASELINE)

.PHONY: assets
assets: ## Renew the pages' style and script from npm (needs node; what it makes is committed).
	@cd shared/web/assets && npm ci --silent && node build.mjs

.PHONY: lock
lock: dev ## Make the locks follow pyproject.toml. ARGS=--upgrade: take the newest versions allowed.
	@echo uv | $(COMPILE) - --output-file requirements-uv.lock
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: clean
clean: ## Throw away what can be made again; keeps .state, where a running Millrun stores its data.
	@rm -rf .venv gen .cache

# ---------------------------------------------------------------------------------------------------

.PHONY: venv
venv:
	@deploy/bootstrap

.PHONY: dev
dev:
	@deploy/bootstrap dev

# One lock for every platform and Python; no addresses in it, so any index with the same files will do.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url $(ARGS)

# Folders are prerequisites too: a deleted proto must not leave its code behind. Generated beside and
# moved in place, so a reader never meets half of it. googleapis/ is for buf, which reads no wheels.
SITE = $(shell $(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
$(GEN): $(shell find protos -mindepth 1 -type d -o -name '*.proto') requirements.lock | venv
	@echo "==> generating code from protos"
	@rm -rf .cache/gen && mkdir -p .cache/gen/googleapis/google
	@$(PY) -m grpc_tools.protoc -I protos -I $(SITE) \
		--python_out=.cache/gen --grpc_python_out=.cache/gen \
		--mypy_out=quiet:.cache/gen --mypy_grpc_out=quiet,only_sync:.cache/gen \
		--descriptor_set_out=.cache/gen/millrun.binpb --include_imports --include_source_info \
		$(filter %.proto,$^)
	@cd $(SITE)/google && find api rpc type longrunning -name '*.proto' | \
		tar -cf - -T - | tar -xf - -C $(CURDIR)/.cache/gen/googleapis/google
	@touch .cache/gen/.stamp && rm -rf gen && mv .cache/gen gen
