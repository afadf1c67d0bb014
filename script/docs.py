"""Whether docs/ and README.md are fresh: their links lead somewhere, no setting is missing.

Prints what is wrong; ends 1 when anything is.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
VARIABLE = re.compile(r"""(?:env(?:\.\w+)?|_number|environment\.get)\(\s*"([A-Z_]+)\"""")
# Told by Celery, Django or the shell, not by the operator.
INTERNAL = {"DATABASE_POOL_SIZE"}


def main() -> int:
    wrong = [*_dead_links(), *_untold_variables(), *_untold_dependencies()]
    for line in wrong:
        sys.stdout.write(f"{line}\n")
    return 1 if wrong else 0


def _pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _dead_links() -> list[str]:
    return [
        f"{page.relative_to(ROOT)} links to {link}, which is not there"
        for page in _pages()
        for link in LINK.findall(page.read_text())
        if not (page.parent / link).exists()
    ]


def _untold_variables() -> list[str]:
    told = (ROOT / "docs" / "operating.md").read_text()
    sources = [*(ROOT / "statuspage").rglob("*.py"), ROOT / "web" / "first_start.py"]
    read = {name for source in sources for name in VARIABLE.findall(source.read_text())}
    return [
        f"docs/operating.md does not tell of {name}"
        for name in sorted(read - INTERNAL)
        if not re.search(rf"\b{name}\b", told)
    ]


def _untold_dependencies() -> list[str]:
    told = (ROOT / "docs" / "dependencies.md").read_text().lower()
    block = (ROOT / "pyproject.toml").read_text()
    names = re.findall(r'^  "([a-z0-9-]+)(?:\[[a-z,-]+\])?[><=]', block, flags=re.MULTILINE)
    return [f"docs/dependencies.md does not tell of {name}" for name in names if name not in told]


if __name__ == "__main__":
    sys.exit(main())
