"""What the style sheet and the script of the public page may weigh."""

import re
from pathlib import Path

import brotli
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static/public"


def minified(css: str) -> str:
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    bare = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", bare))
    return bare.replace(": ", ":").replace(";}", "}")


def test_the_style_sheet_keeps_its_budget() -> None:
    css = (FOLDER / "page.css").read_text()

    assert len(minified(css)) <= 7000
    assert len(brotli.compress(css.encode())) <= 2500


def test_what_history_adds_is_small() -> None:
    assert len(brotli.compress((FOLDER / "history.css").read_bytes())) <= 600


def test_the_script_is_below_two_kilobytes_on_the_wire() -> None:
    assert len(brotli.compress((FOLDER / "page.js").read_bytes())) < 2000


def test_neither_asks_anything_of_another_host() -> None:
    for name in ("page.css", "history.css", "page.js"):
        assert not re.search(r"https?://|//[a-z]|@import|url\(", (FOLDER / name).read_text())
