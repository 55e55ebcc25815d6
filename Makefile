# trailmill: two commands are enough: `make run` shows it at work, `make test` proves it.

PREFIX ?= /usr/local
SHARE = $(PREFIX)/share
BINARY := .build/release/trailmill
SWIFT_BUILD := swift build -c release --static-swift-stdlib --product trailmill
export AUDIT_WEBHOOK_SECRET ?= fixture-secret

.PHONY: all setup build run test lint sanitize fuzz oracle torture readers browser bench docs docs-check install clean

all: build

# The C libraries that the toolchain does not bring: zlib, and libcrypto of OpenSSL.
setup:
	@scripts/setup

build: setup
	$(SWIFT_BUILD)

# The nightly job over the fixtures, and a look at what it leaves.
run: build
	@scripts/demo $(BINARY)

test: setup
	swift build --build-tests
	swift test --skip-build --parallel
	.build/debug/trailmill check pipelines/*.json5
	PSEUDONYMS=audit-pseudonyms .build/debug/trailmill check fixtures/attribution/*.json5
	@Tests/Page/run.sh

lint:
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests

# Reads and writes beside what was allocated, which unsafe pointers can do unseen. Left out is what starts the tool
# some thousand times, and what a process holds at its end (the runtime's own tables are no leaks). There is no such
# target for undefined behaviour: swiftc has no `-sanitize=undefined` for Linux.
sanitize: setup
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build/address --skip EndToEnd

fuzz: setup
	Tests/Fuzz/run.sh 60

# What slow and obvious programs make of the contract, for random events: some minutes.
oracle: build
	Tests/Oracle/run.sh $(BINARY)

# Kills and faults at every system call, full disks, a year of nights: some ten minutes.
torture: build
	Tests/Torture/run.sh $(BINARY)

# Other programs (DuckDB, Polars, pyarrow, Spark, ClickHouse), from PyPI, read archives as docs/readers.md says.
readers: build
	Tests/Readers/run.sh $(BINARY)

# Reports in a headless Chromium, where there is one; what it saw goes to out/browser.
browser: build
	python3 Tests/Browser/report.py out/browser

bench: build
	python3 bench/run.py

# Runs what the pages show and renews what it prints; docs/stages.md is made from the stages' own tables.
docs: build
	scripts/docs --binary $(BINARY)

# The same, but only compares.
docs-check: build
	scripts/docs --check --binary $(BINARY)

# The binary, its manual page, and completions for bash, zsh and fish.
install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/trailmill
	install -d $(DESTDIR)$(SHARE)/man/man1 $(DESTDIR)$(SHARE)/bash-completion/completions
	install -d $(DESTDIR)$(SHARE)/zsh/site-functions $(DESTDIR)$(SHARE)/fish/vendor_completions.d
	$(BINARY) help --man > $(DESTDIR)$(SHARE)/man/man1/trailmill.1
	$(BINARY) completions bash > $(DESTDIR)$(SHARE)/bash-completion/completions/trailmill
	$(BINARY) completions zsh > $(DESTDIR)$(SHARE)/zsh/site-functions/_trailmill
	$(BINARY) completions fish > $(DESTDIR)$(SHARE)/fish/vendor_completions.d/trailmill.fish

clean:
	rm -rf .build out
