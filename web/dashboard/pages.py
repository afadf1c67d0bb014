"""The list of pages; making, publishing and archiving one."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.roles import Action
from incidents.actions import add_page
from pages import actions
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.page_forms import NewPageForm
from web.dashboard.page_list import count_archived, page_rows
from web.dashboard.projects import permitting
from web.dashboard.shell import done, failed, show


@operators_only
@require_GET
def page_list(request: OperatorRequest) -> HttpResponse:
    archived = request.GET.get("show") == "archived"
    context = {
        "rows": page_rows(request.user, archived=archived),
        "archived": archived,
        "archived_count": count_archived(request.user),
        "may_create": permitting(request.user, Action.PAGE_CREATE).exists(),
    }
    return show(request, "pages.html", context)


@operators_only
@require_http_methods(["GET", "POST"])
def page_new(request: OperatorRequest) -> HttpResponse:
    projects = list(permitting(request.user, Action.PAGE_CREATE))
    if not projects:
        raise PermissionDenied
    form = NewPageForm(request.POST or None, projects=projects)
    if request.method == "POST" and form.is_valid():
        try:
            page = add_page(**form.cleaned_data, actor=Actor.of(request.user), at=timezone.now())
        except actions.Invalid as refusal:
            refuse(form, refusal)
        else:
            url = reverse("dashboard:components", args=[page.id])
            return done(request, f"{page.name} is a draft. Add its first component.", url)
    return show(request, "page_new.html", {"form": form}, status=422 if form.errors else 200)


@operators_only
@require_POST
def page_publish(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.PAGE_PUBLISH)
    try:
        actions.publish_page(page=desk.page, actor=desk.actor, at=desk.at)
    except actions.Invalid as refusal:
        return failed(request, str(refusal), desk.url("overview"))
    return done(request, "Published: everybody can see it now.", desk.url("overview"))


@operators_only
@require_http_methods(["GET", "POST"])
def page_archive(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.PAGE_ARCHIVE)
    if request.method == "GET":
        question = Question(
            title="Archive this page?",
            text=f"Visitors of {desk.page.name} get “nothing here” at once, and nobody is told "
            "anything any more. Its history is kept.",
            verb="Archive",
            back=desk.url("overview"),
        )
        return ask(desk, question, tab="overview")
    try:
        actions.archive_page(page=desk.page, actor=desk.actor, at=desk.at)
    except actions.Invalid as refusal:
        return failed(request, str(refusal), desk.url("overview"))
    return done(request, f"{desk.page.name} is archived.", reverse("dashboard:pages"))
