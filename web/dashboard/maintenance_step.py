"""One question before something happens to a plan: what, and who is told of it."""

from dataclasses import dataclass

from django.http import HttpResponse

from accounts.roles import Action
from incidents.models import Incident
from web.dashboard.audience import Audience
from web.dashboard.confirm import Question
from web.dashboard.desk import Desk
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_sending import SendingForm
from web.dashboard.shell import show_fragment, show_page

FORM_REFUSED = 422


@dataclass(frozen=True, slots=True)
class Step:
    """`title`, `text` and `verb` are the question's, `done` is the toast.

    `silence` is what is said without a text; empty where no text can be given.
    """

    needs: Action
    title: str
    text: str
    verb: str
    busy: str
    done: str
    silence: str = ""
    destroys: bool = False


def ask_step(
    desk: Desk,
    step: Step,
    form: SendingForm,
    *,
    name: str,
    maintenance: Incident | None,
    audience: Audience,
    back: str,
) -> HttpResponse:
    """A dialog with htmx, else a page. `maintenance` is None for a whole series."""
    context = {
        "form": form,
        "name": name,
        "maintenance": maintenance,
        "audience": audience,
        "silence": step.silence,
        "question": Question(
            title=step.title,
            text=step.text,
            verb=step.verb,
            busy=step.busy,
            back=back,
            keep="Leave it as it is",
            destroys=step.destroys,
        ),
    }
    if desk.request.htmx:
        return show_fragment(desk, "_maintenance_step.html", context)
    status = FORM_REFUSED if form.is_bound else 200
    return show_page(desk, "maintenance_step.html", context, tab=TAB, status=status)
