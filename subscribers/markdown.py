"""Markdown to safe HTML, the same for pages, mails and feeds.

Small texts stay small and quick: tables, which fill missing cells in, have a budget, and
link definitions, which repeat a long address at each use, are not read.
"""

import re
from html import escape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table

LIMIT = 25_000  # characters
HTML_LIMIT = 200_000
COLUMNS_LIMIT = 20
CELLS_LIMIT = 2_000  # of all tables of a text

_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s", "a", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
# What a mail, a feed and a page all understand: an address in full.
_LINK = re.compile(r"(?i)https?://[^/\\]|mailto:.")


def to_html(text: str) -> SafeString:
    """Renders at most LIMIT characters; raw HTML stays text, images become links.

    Only absolute links stay links. What would become larger than HTML_LIMIT stays plain.
    """
    text = text[:LIMIT]
    html = nh3.clean(
        _PARSER.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    if len(html) > HTML_LIMIT:
        html = f"<pre>{escape(text)}</pre>"
    return mark_safe(html)  # noqa: S308 (cleaned by nh3, or escaped, on the lines above)


def _is_absolute(url: str) -> bool:
    return _LINK.match(url) is not None


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """The parser's own rule, within the budget of cells that `state.env` counts."""
    columns = state.getLines(start, start + 1, 0, False).count("|")
    spent = state.env.get("cells", 0)
    if spent > CELLS_LIMIT or columns > COLUMNS_LIMIT + 1 or not table(state, start, end, True):
        return False
    cells = spent + columns * _rows(state, start, end)
    if cells > CELLS_LIMIT:
        # Counting again for each later line would take the square of the time.
        state.env["cells"] = cells
        return False
    if not silent:
        state.env["cells"] = cells
    return table(state, start, end, silent)


def _rows(state: StateBlock, start: int, end: int) -> int:
    """At most so many rows has a table that begins at `start`: it ends at an empty line."""
    line = start
    while line < end and not state.isEmpty(line):
        line += 1
    return line - start


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable(["image", "reference"])
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.validateLink = _is_absolute  # type: ignore[method-assign]  # its documented hook
    return parser


_PARSER = _make_parser()
