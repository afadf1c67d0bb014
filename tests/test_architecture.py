"""The house rules that a reader may rely on, read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Lower layers first: a package imports itself and what stands before it.
LAYERS = ("accounts", "pages", "subscribers", "incidents", "monitoring", "web", "statuspage")
DOORS = ("web.public", "web.dashboard", "web.api")
HTTP = ("django.http", "django.shortcuts", "django.views")
PURE = (
    "accounts/roles.py",
    "pages/status.py",
    "pages/reclassified.py",
    "pages/uptime.py",
    "incidents/lifecycle.py",
    "incidents/maintenance_wording.py",
    "incidents/schedule.py",
    "incidents/series/dates.py",
    "incidents/series/rules.py",
    "incidents/series/wording.py",
    "incidents/walltime.py",
    "monitoring/verdict.py",
    "statuspage/timetable.py",
)
IMPURE = ("django", "celery", "time", "random", "os", "pathlib")
HTTP_CLIENTS = ("pycurl", "requests", "urllib3", "httpx", "aiohttp", "http.client")
LONGEST = 400


def sources(*packages: str) -> list[Path]:
    return [
        path
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(node: ast.AST) -> Iterator[str]:
    """Every imported name below `node`, in full: `a.b` for `from a import b`."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module:
            yield from (f"{found.module}.{alias.name}" for alias in found.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in LAYERS


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def offences(paths: list[Path], is_wrong) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(tree(path))
        if is_wrong(path, name)
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_down(layer):
    above = LAYERS[LAYERS.index(layer) + 1 :]
    assert offences(sources(layer), lambda _, name: name.split(".")[0] in above) == []


@pytest.mark.parametrize("door", DOORS)
def test_the_doors_do_not_know_each_other(door):
    others = [other for other in DOORS if other != door]
    wrong = offences(
        sources(door.replace(".", "/")),
        lambda _, name: any(within(name, other) for other in others),
    )
    assert wrong == []


def test_what_the_doors_share_knows_no_door():
    wrong = offences(
        sources("web/page", "web/edge", "web/demo"),
        lambda _, name: any(within(name, door) for door in DOORS),
    )
    assert wrong == []


def test_nothing_imports_tasks():
    wrong = offences(
        sources(*LAYERS), lambda _, name: is_ours(name) and "tasks" in name.split(".")[1:]
    )
    assert wrong == []


def test_no_import_hides_in_a_function():
    wrong = [
        f"{path.relative_to(ROOT)}: {name} in {function.name}()"
        for path in sources(*LAYERS)
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for name in imports(function)
        if is_ours(name)
    ]
    assert wrong == []


def test_only_the_doors_speak_http():
    below = LAYERS[: LAYERS.index("web")]
    assert (
        offences(sources(*below), lambda _, name: any(within(name, module) for module in HTTP))
        == []
    )


def test_no_signals_of_our_own():
    wrong = offences(
        sources(*LAYERS),
        lambda _, name: "dispatch" in name or within(name, "django.db.models.signals"),
    )
    assert wrong == []


def with_ours(path: Path, known: set[Path] | None = None) -> set[Path]:
    """`path` and everything of ours that it needs, directly or not."""
    known = known if known is not None else set()
    if path not in known:
        known.add(path)
        for name in filter(is_ours, imports(tree(path))):
            parts = name.split(".")
            for length in (len(parts), len(parts) - 1):
                needed = ROOT.joinpath(*parts[:length]).with_suffix(".py")
                if needed.exists():
                    with_ours(needed, known)
    return known


@pytest.mark.parametrize("path", PURE)
def test_pure_modules_are_pure(path):
    """No Django, no clock, no file; and what they import of ours is as pure."""
    wrong = [
        f"{needed.relative_to(ROOT)}: {name}"
        for needed in with_ours(ROOT / path)
        for name in imports(tree(needed))
        if any(within(name, module) for module in IMPURE)
    ]
    assert wrong == []
    for needed in with_ours(ROOT / path):
        assert ".now(" not in needed.read_text()
        assert ".today(" not in needed.read_text()


def test_imports_are_written_in_full():
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(*LAYERS, "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def test_one_place_speaks_to_other_servers():
    clients = {
        name_of(path).rpartition(".")[0]
        for path in sources(*LAYERS)
        for name in imports(tree(path))
        if any(within(name, client) for client in HTTP_CLIENTS) or name == "urllib.request"
    }
    assert clients <= {"monitoring.probes"}


def test_no_model_saves_with_consequences():
    wrong = [
        f"{path.relative_to(ROOT)}: {node.name}.save"
        for path in sources(*LAYERS)
        if path.name == "models.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.FunctionDef) and member.name in {"save", "delete"}
    ]
    assert wrong == []


def test_no_drawer_for_odds_and_ends():
    names = {path.stem for path in sources(*LAYERS)} | {
        part for path in sources(*LAYERS) for part in path.relative_to(ROOT).parts[:-1]
    }
    assert names.isdisjoint({"utils", "helpers", "common", "core", "misc"})


def test_files_stay_readable():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in [*sources(*LAYERS, "bench", "tests"), *(ROOT / "templates").rglob("*.html")]
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
