# Everything is typed from here: `make run`, `make test`. `make help` lists the rest.
# Written for the make of a bare machine (GNU make 3.81 and later) and paths with spaces.

SHELL := /bin/sh
.NOTPARALLEL:
.DEFAULT_GOAL := help

PORT ?= 8000
PYTHON ?=
UV ?= uv
VISITORS ?= 500
SECONDS ?= 300
PY := .venv/bin/python

# The local server has no TLS in front; its secret key is made on the first run.
LOCAL := SECRET_KEY_FILE=var/secret_key HTTPS=off SECOND_FACTOR=off LOG_REQUESTS=off
# Tools that read the settings need a key and a database, but keep nothing in either.
NO_SITE := SECRET_KEY_FILE= SECRET_KEY=nothing-is-signed-with-this-key-it-only-lets-settings-load HTTPS=off DATABASE_URL=sqlite://:memory:

NEEDS_UV = command -v "$(UV)" >/dev/null || { echo "make $@ needs uv: install it, or name it with UV=/path/to/uv." >&2; exit 1; }

export PORT PYTHON

# Answers 0 for a Python that can make an environment, 3 where only its venv module is missing.
define SUITABLE
import sys
if sys.version_info < (3, 12):
    sys.exit(2)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(3)
endef
export SUITABLE

# A pyenv shim can be on the PATH and still refuse to run: each candidate is run, not looked up.
define FIND_PYTHON
find_python() {
    without_venv=
    if [ -n "$$PYTHON" ]; then
        set -- "$$PYTHON"
    else
        set -- python3.13 python3.14 python3.12 python3 python "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python
    fi
    for candidate in "$$@"; do
        status=0
        "$$candidate" -c "$$SUITABLE" >/dev/null 2>&1 || status=$$?
        if [ "$$status" -eq 0 ]; then
            found=$$candidate
            return
        elif [ "$$status" -eq 3 ]; then
            without_venv=$$candidate
        fi
    done
    if [ -n "$$without_venv" ]; then
        echo "$$without_venv has no venv module: install it (Debian and Ubuntu: python3-venv) and try again." >&2
    elif [ -n "$$PYTHON" ]; then
        echo "PYTHON=$$PYTHON is not a working Python 3.12 or newer." >&2
    else
        echo "OpenWeigh needs Python 3.12 or newer: install one, or name it with PYTHON=/path/to/python3." >&2
    fi
    exit 1
}
endef

# Brings .venv to a lock file. The mark is taken away first and written last, so that whatever is
# interrupted half-way is made anew by the next try.
define INSTALL
$(FIND_PYTHON)
lock=$$1
set -eu
if cmp -s "requirements/$$lock.txt" ".venv/$$lock.lock" && $(PY) -c "" 2>/dev/null; then
    exit 0
fi
if ! { [ -f .venv/app.lock ] && $(PY) -c "$$SUITABLE" 2>/dev/null; }; then
    # It may be in use from another checkout, which makes it itself.
    if [ -L .venv ]; then
        echo ".venv is a link, and what it leads to is not whole: make it there." >&2
        exit 1
    fi
    find_python
    echo "Making .venv with $$("$$found" -V)"
    "$$found" -m venv --clear .venv
fi
rm -f .venv/app.lock .venv/dev.lock
echo "Installing requirements/$$lock.txt"
$(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "requirements/$$lock.txt"
# What tests need includes what the server needs.
if [ "$$lock" = dev ]; then
    cp requirements/dev.txt .venv/dev.lock
fi
cp requirements/app.txt .venv/app.lock.new
mv .venv/app.lock.new .venv/app.lock
endef
export INSTALL

define CHECK_PORT
import os, socket, sys

text = os.environ["PORT"]
if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
    sys.exit(f"PORT must be a whole number from 1 to 65535, not {text!r}.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(text)))
        probe.listen()
    except PermissionError:
        sys.exit(f"Port {text} may not be opened by this user: choose one above 1023, as in make run PORT=8001.")
    except OSError:
        sys.exit(f"Port {text} is taken: choose another, as in make run PORT=8001.")
endef
export CHECK_PORT

.PHONY: help run editor test lint fuzz audit load bench lock install install-dev port database static-files

help:
	@echo "make run     install, fill the database and serve on http://127.0.0.1:$$PORT (PORT= changes it)"
	@echo "make editor  create an account for /admin/"
	@echo "make test    install what tests need and run all of them (CHROMIUM= names a browser)"
	@echo "make lint    check style, formatting and types"
	@echo "make fuzz    ask the site 100,000 things that nobody would (REQUESTS=\"1000 7\": how many, which)"
	@echo "make load    have 500 visitors walk for five minutes (VISITORS=500 SECONDS=300)"
	@echo "make audit   ask whether any pinned package has a known weakness (needs uv)"
	@echo "make bench   print how long the engine takes and what it keeps (REQUESTS=\"5000 20000\")"
	@echo "make lock    compile requirements/ anew from pyproject.toml (needs uv)"

install:
	@sh -c "$$INSTALL" install app

install-dev:
	@sh -c "$$INSTALL" install dev

port: install
	@$(PY) -c "$$CHECK_PORT"

var/secret_key:
	@umask 077 && mkdir -p var && $(PY) -c "import secrets; print(secrets.token_urlsafe(60))" > $@.new && mv $@.new $@

database: install var/secret_key
	@$(LOCAL) $(PY) manage.py migrate --verbosity 0
	@$(LOCAL) $(PY) manage.py seed

# Compressing takes seconds, so it is done again only for other files or other packages.
static-files: install var/secret_key
	@{ cat .venv/app.lock; find static apps -type f -path '*static/*' -exec cksum {} + | sort; } > var/static.new
	@if ! { [ -f staticfiles/staticfiles.json ] && cmp -s var/static.new var/static; }; then \
		rm -f var/static && \
		$(LOCAL) $(PY) manage.py collectstatic --noinput --verbosity 0 && \
		mv var/static.new var/static; \
	fi

# On Ctrl-C a worker is told twice to stop, by the terminal and by the server, and at times waits
# for ever: it is given two seconds.
run: port database static-files
	@echo
	@echo "OpenWeigh is at http://127.0.0.1:$$PORT"
	@echo "To create an editor for http://127.0.0.1:$$PORT/admin/, run: make editor"
	@echo "Ctrl-C stops the server."
	@$(LOCAL) exec $(PY) -m granian --interface wsgi --no-ws --blocking-threads 8 \
		--log-level warning --workers-kill-timeout 2 --host 127.0.0.1 --port "$$PORT" config.wsgi:application

editor: database
	@$(LOCAL) $(PY) manage.py createsuperuser

test: install-dev
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: install-dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	find templates apps -name '*.html' -exec .venv/bin/djade --check --target-version 6.1 {} +
	$(NO_SITE) $(PY) -m mypy

# What is compared with is installed beside the product and not into it.
var/bench/lock: requirements/bench.txt
	@rm -rf var/bench && mkdir -p var/bench
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --target var/bench/packages -r requirements/bench.txt
	@cp requirements/bench.txt $@

bench: install-dev var/bench/lock
	@$(NO_SITE) PYTHONPATH=var/bench/packages $(PY) -m tests.bench $(REQUESTS)

fuzz: install-dev
	@$(NO_SITE) $(PY) -m tests.fuzz $(REQUESTS)

# On a site of its own, over the loopback.
load: install-dev
	@$(NO_SITE) $(PY) -m tests.load $(VISITORS) $(SECONDS)

# What finds weaknesses is no package of the product: uv fetches it for this one run.
audit:
	@$(NEEDS_UV)
	$(UV) tool run pip-audit --require-hashes --disable-pip --progress-spinner off -r requirements/dev.txt

lock:
	@$(NEEDS_UV)
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements/app.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev pyproject.toml -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --constraint requirements/dev.txt --group bench -o requirements/bench.txt
