"""Run every benchmark: each other module of this package that has a `main`."""

import importlib
import pkgutil
import subprocess
import sys

import tests.bench


def main() -> None:
    """Run them in the order of their names, each in a process of its own.

    Django's settings are read once a process, and each benchmark has a database of its own. The
    numbers behind the command are of requests, for the one that measures memory.
    """
    for found in pkgutil.iter_modules(tests.bench.__path__):
        name = f"tests.bench.{found.name}"
        if found.name != "__main__" and hasattr(importlib.import_module(name), "main"):
            print(f"{found.name}:", flush=True)
            subprocess.run([sys.executable, "-m", name, *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
