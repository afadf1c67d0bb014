"""What operators write, as HTML: safe, and of a size and cost that nobody can blow up."""

from time import process_time

import pytest

from subscribers.markdown import CELLS_LIMIT, COLUMNS_LIMIT, HTML_LIMIT, LIMIT, to_html

BOMBS = {
    "a wide table": "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * LIMIT,
    "a table of short rows": "|a" * 20 + "|\n" + "|-" * 20 + "|\n" + "x\n" * LIMIT,
    "many tables": ("|a" * 20 + "|\n" + "|-" * 20 + "|\n" + "x\n" * 90 + "\n") * 100,
    "tables that might begin": "a|b\n-|-\n" * LIMIT,
    "a link defined once": f"[a]: http://x/{'u' * 12_000}\n\n" + "[a]" * LIMIT,
    "open brackets": "[" * LIMIT,
    "nested brackets": "[" * 12_000 + "]" * 12_000,
    "open links": "[a](" * LIMIT,
    "open emphasis": "*a _b " * LIMIT,
    "crossing emphasis": "*a __b* " * LIMIT,
    "backticks": "".join("`" * length + "a" for length in range(1, 300)),
    "quotes in quotes": ("> " * 50 + "a\n") * LIMIT,
    "quoted brackets": ">[" * LIMIT,
    "lists in lists": "".join("  " * (line % 9) + "- a\n" for line in range(9_000)),
    "angle brackets": "<" * LIMIT,
    "mail addresses": "<a@b.c>" * LIMIT,
    "ampersands": "&" * LIMIT,
    "line breaks": "*\n" * LIMIT,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_text_costs_or_becomes_much(text: str) -> None:
    """A quarter of a second at worst; the bound leaves room for a slow machine."""
    began = process_time()
    html = to_html(text[:LIMIT])
    assert process_time() - began < 1
    assert len(html) <= HTML_LIMIT


def test_a_table_is_a_table() -> None:
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert html.count("<th>") == html.count("<td>") == 2


def test_tables_end_where_the_budget_ends() -> None:
    wide, too_wide = (
        "|a" * columns + "|\n" + "|-" * columns + "|\n"
        for columns in (COLUMNS_LIMIT, COLUMNS_LIMIT + 1)
    )
    assert "<table>" in to_html(wide)
    assert "<table>" not in to_html(too_wide)
    assert "<table>" not in to_html("|a|\n|-|\n" + "x\n" * CELLS_LIMIT)


def test_what_would_grow_too_large_stays_plain() -> None:
    text = "<a@b.c>" * (LIMIT // 7)
    assert to_html(text).startswith("<pre>&lt;a@b.c&gt;")


@pytest.mark.parametrize(
    "address",
    [
        *("//evil.test", "/accounts/logout/", "#top", "page", "?a=b", "&#x2f;/evil.test"),
        *("https:evil.test", "http:/evil.test", "http:///evil.test", "http:/\\evil.test"),
        *("javascript:alert(1)", "data:text/html,x", "ftp://a.test", "mailto:"),
    ],
)
def test_only_addresses_in_full_are_links(address: str) -> None:
    assert "<a" not in to_html(f"[text]({address}) ![image]({address})")


@pytest.mark.parametrize(
    "address", ["https://a.test/b?c#d", "http://a.test", "mailto:a@b.test", "HTTPS://A.test"]
)
def test_addresses_in_full_are_links(address: str) -> None:
    html = to_html(f"[text]({address})")
    assert f'href="{address}"' in html
    assert "nofollow" in html
