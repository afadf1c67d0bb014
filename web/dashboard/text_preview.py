"""A text as the page will show it."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from subscribers.markdown import to_html
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.incident_forms import body_field
from web.dashboard.shell import show_fragment


class _TextForm(forms.Form):
    body = body_field()


@operators_only
@require_POST
def text_preview(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    """Changes nothing. A text that is wrong shows as nothing: the form says why."""
    desk = open_desk(request, page_id)
    form = _TextForm(request.POST)
    html = to_html(form.cleaned_data["body"] if form.is_valid() else "")
    return show_fragment(desk, "_text_preview.html", {"html": html})
