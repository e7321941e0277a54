"""Run every benchmark: each other module of this package that has a `main`."""

import importlib
import pkgutil

import tests.bench


def main() -> None:
    """Run them in the order of their names."""
    for found in pkgutil.iter_modules(tests.bench.__path__):
        if found.name != "__main__":
            run = getattr(importlib.import_module(f"tests.bench.{found.name}"), "main", None)
            if run:
                print(f"{found.name}:")
                run()


if __name__ == "__main__":
    main()
