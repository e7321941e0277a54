"""The house stands as drawn: imports go one way, and the pure parts load no framework."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "apps"

# What each app may import beside itself.
_BELOW_PAGES = {"catalog", "decision", "money", "common", "editing", "plots"}
MAY_IMPORT = {
    "common": set[str](),
    "accounts": {"editing", "common"},
    "editing": {"decision", "common"},
    "plots": set[str](),
    "usage": {"money"},
    "money": set[str](),
    "decision": {"money"},
    "catalog": {"decision", "money", "common", "editing", "plots"},
    "prices": {"catalog", "decision", "money", "common", "editing"},
    "scores": {"prices", "catalog", "decision", "money", "common", "editing"},
    "rules": {"catalog", "decision", "money", "common", "editing"},
    "scenarios": {"rules", "catalog", "decision", "money", "common", "editing"},
    "engine": {"rules", "scenarios", "prices", *_BELOW_PAGES},
    "wizard": {"engine", "rules", "scenarios", *_BELOW_PAGES},
    "calculator": {"engine", "rules", "usage", *_BELOW_PAGES},
}
MODULES = sorted(APPS.glob("*/**/*.py"))


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    """Return the full name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_every_app_has_its_place() -> None:
    found = {path.name for path in APPS.iterdir() if (path / "__init__.py").exists()}
    assert found == set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APPS)))
def test_imports_go_one_way(path: Path) -> None:
    app = path.relative_to(APPS).parts[0]
    imported = {name.split(".")[1] for name in imported_modules(path) if name.startswith("apps.")}
    assert imported <= MAY_IMPORT[app] | {app}


def test_no_file_imports_itself_through_others() -> None:
    files = {name_of(path): path for path in MODULES}
    graph = {
        name: {n if n in files else n.rpartition(".")[0] for n in imported_modules(path)} - {name}
        for name, path in files.items()
    }
    # Raises where there is a circle, with the files that it goes through.
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("app", ["money", "usage", "plots", "decision"])
def test_the_engine_loads_no_django(app: str) -> None:
    names = [name_of(path) for path in (APPS / app).rglob("*.py")]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "found = sorted(n for n in sys.modules if n.split('.')[0] == 'django')\n"
        "sys.exit(', '.join(found) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
