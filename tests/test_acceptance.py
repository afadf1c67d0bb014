"""docs/acceptance.md names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = re.findall(
    r"^\| ((?:M\d+(?:, )?)+) \| .+ \| (.+) \|$",
    (ROOT / "docs/acceptance.md").read_text(),
    flags=re.MULTILINE,
)
NAMED = [(line, test) for line, tests in ROWS for test in re.findall(r"`([^`]+)`", tests)]


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_the_table_is_read():
    assert len(ROWS) > 50


def test_no_line_stands_twice():
    lines = [line for lines, _ in ROWS for line in lines.split(", ")]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(("line", "test"), NAMED)
def test_a_named_test_exists(line, test):
    path, _, name = test.partition("::")
    assert (ROOT / path).is_file(), line
    assert not name or name in _tests_of(ROOT / path), line
