"""Text that people wrote, as it stands on a page."""

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from subscribers.markdown import to_html

SUMMARY_CHARACTERS = 280
# Our own headings end above this level.
_HIGHEST = 3
_HEADING = re.compile(r"(?<=<h)[1-6](?=>)|(?<=</h)[1-6](?=>)")


def prose(markdown: str) -> SafeString:
    """Safe HTML whose headings stand below those of the page, without a step left out."""
    html = to_html(markdown)
    levels = {level: min(6, _HIGHEST + step) for step, level in enumerate(_levels(html))}
    shifted = _HEADING.sub(lambda found: str(levels[found[0]]), html)
    return mark_safe(shifted)  # noqa: S308 (a digit for a digit)


def summary(markdown: str) -> str:
    """The first paragraph without markup, cut."""
    first = markdown.strip().split("\n\n", 1)[0]
    return Truncator(strip_tags(to_html(first)).strip()).chars(SUMMARY_CHARACTERS)


def _levels(html: str) -> list[str]:
    return sorted(set(_HEADING.findall(html)))
