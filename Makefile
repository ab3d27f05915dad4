# The targets that people use; `make help` lists them.
GO      ?= go
BINDIR  ?= bin

# A plain 'go build' gives the same programs, only larger. From Go 1.27 on its
# linker takes the runtime's entry point unless ours is named, which only a flag can.
goenv := $(shell $(GO) env GOVERSION GOOS GOARCH)
named := $(if $(filter go1.26 go1.26.%,$(goenv)),,$(and $(filter linux,$(goenv)),$(filter amd64 arm64,$(goenv))))
entry = $(if $(named),-E $(1))
flags = -trimpath -ldflags '-s -w $(call entry,pitrack_entry)' \
	-ldflags 'pi-track/cmd/pi-track-shim=-s -w $(call entry,pitrack_shimEntry)'

.PHONY: help build install setup test
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

build: ## the release binaries into BINDIR (default: bin)
	CGO_ENABLED=0 $(GO) build $(flags) -o '$(BINDIR)/' ./cmd/...

install: ## the release binaries into GOBIN
	CGO_ENABLED=0 $(GO) install $(flags) ./cmd/...

setup: ## install what the tests need (Debian packages)
	scripts/setup

test: setup ## every test of the project
	node extensions/test/run.mjs
	$(GO) test -timeout 20m ./...
	test/report-duckdb/run

.PHONY: check mutants
check: ## format, vet, staticcheck, modules, dead code, the short tests; under a minute on a warm cache
	scripts/check

mutants: ## deliberate faults in eight packages: which do the tests of the package notice (up to an hour)
	$(GO) run ./test/mutants $(ARGS)

.PHONY: report-duckdb bench-report
report-duckdb: setup ## every figure of the report against DuckDB's SQL (npm; cached)
	test/report-duckdb/run

bench-report: ## the report's speed beside wc, DuckDB, jq and encoding/json (4 GB in TMPDIR)
	test/bench-report/run $(ARGS)

.PHONY: dist dist-check
dist: ## a release of VERSION into dist/: archives, npm, deb, rpm, apk, sums
	scripts/dist '$(VERSION)'

dist-check: ## make a release and install it from npm, archive and deb as users do
	test/dist/run

.PHONY: portal
portal: ## the pages of publish, by Debian's nginx, in headless Chromium
	test/portal/run

.PHONY: bundle
bundle: ## extensions/dist/pi-track.cjs, after a change of the extension's sources (npm; cached)
	node extensions/test/run.mjs bundle

.PHONY: e2e-pi
e2e-pi: setup ## the scenarios against both versions of Pi (npm, tmux; cached)
	test/e2e-pi/run

.PHONY: conformance
conformance: setup ## what a program can tell of its shim: table and score
	$(GO) run ./test/conformance $(ARGS)

.PHONY: conformance-arm64
conformance-arm64: setup ## the same of the programs for linux/arm64, under QEMU (Linux 6.7)
	$(GO) run ./test/conformance --columns arm64,arm64-pty -v $(ARGS)

.PHONY: suites
suites: setup ## public test suites and scripts, bare and through shims (CPython's, npm packages'; ARGS=--gate for a part)
	test/suites/run $(ARGS)

.PHONY: fleet
fleet: ## four hosts ship to ClickHouse and a directory while all are killed; sets and figures compared (npm; cached)
	test/fleet/run $(ARGS)
	test/fleet/old

.PHONY: bench-fleet
bench-fleet: ## what a report over ClickHouse costs, beside one over a log (npm; cached); RUNS=500000,5000000,40000000
	test/fleet/run --bench $(RUNS)
bench-fleet: RUNS ?= 500000,5000000

.PHONY: bench-shim
bench-shim: ## what a shim costs, beside the bare program and other wrappers
	scripts/bench-shim

.PHONY: stress bench-log fuzz
stress: setup ## the log under 64 writers, rotation, thousands of kills and a full disk
	PI_TRACK_STRESS=1 $(GO) test -count=1 -timeout 60m -v ./test/stress

bench-log: ## what an append and a black box cost, beside a bare write and SQLite
	cd test/bench-log && $(GO) run . $(ARGS)

FUZZTIME ?= 30s
fuzz: ## every fuzz target for FUZZTIME
	@for target in $$(grep -rlE '^func Fuzz' --include='*_test.go' cmd internal | xargs grep -oHE '^func Fuzz[A-Za-z0-9_]+' | sed 's/:func /:/'); do \
		dir=$$(dirname "$${target%%:*}") && name="$${target##*:}" && echo "$$dir $$name" && \
		$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "./$$dir" || exit 1; done

.PHONY: pictures
pictures: build ## the README's pictures of the report, from fixed data (Chromium)
	$(GO) run ./test/pictures "$(BINDIR)/pi-track" docs/pictures
