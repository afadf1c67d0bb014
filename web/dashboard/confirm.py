"""Questions before something is undone or hidden: a dialog with htmx, else a page."""

from dataclasses import dataclass

from django.http import HttpResponse

from web.dashboard.desk import Desk
from web.dashboard.shell import show_fragment, show_page


@dataclass(frozen=True, slots=True)
class Question:
    """`title` asks, `text` says what will happen, `verb` stands on the button."""

    title: str
    text: str
    verb: str
    back: str
    busy: str = "Working..."
    keep: str = "Keep"
    destroys: bool = True


def ask(desk: Desk, question: Question, *, tab: str) -> HttpResponse:
    context = {"question": question}
    if desk.request.htmx:
        return show_fragment(desk, "_confirm.html", context)
    return show_page(desk, "confirm.html", context, tab=tab)
