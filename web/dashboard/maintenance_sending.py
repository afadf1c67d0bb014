"""What every step of a maintenance asks beside its own: a text, whether to tell, once only."""

from datetime import timedelta
from typing import TypedDict

from django import forms

from accounts.ids import new_id
from incidents.models import Incident
from incidents.once import KEY_LIMIT
from web.dashboard.desk import Desk
from web.dashboard.fields import Line
from web.dashboard.incident_forms import body_field
from web.dashboard.posting import hold_of


class Sending(TypedDict):
    deliver: bool
    key: str


class Holding(Sending):
    hold: timedelta


class SendingForm(forms.Form):
    """`key` is one per form that was shown, so that a double click has one effect."""

    body = body_field()
    notify = forms.BooleanField(required=False, initial=True, label="Notify")
    key = Line(limit=KEY_LIMIT, required=False, initial=new_id, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def new_key(self) -> str:
        """For the form as it is shown now: one that was refused made nothing."""
        return str(new_id())


def sending(form: forms.Form) -> Sending:
    """How the news of a valid form goes out: at once, or to nobody."""
    return {"deliver": form.cleaned_data["notify"], "key": form.cleaned_data["key"]}


def holding(desk: Desk, form: forms.Form) -> Holding:
    """Like `sending`, after the page's hold: for what can be taken back."""
    return {**sending(form), "hold": hold_of(desk)}


def version(maintenance: Incident) -> str:
    """The maintenance as the author of a form knows it."""
    return maintenance.updated_at.isoformat()
