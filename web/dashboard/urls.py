"""The operators' routes. Whatever belongs to a page begins with its id."""

from django.urls import URLPattern, URLResolver, include, path

from web.dashboard.backfill import backfill
from web.dashboard.component_status import component_status
from web.dashboard.components import (
    component_delete,
    component_edit,
    component_list,
    component_new,
    group_new,
)
from web.dashboard.deliveries import delivery_detail, delivery_list
from web.dashboard.drafts import draft_dismiss, draft_edit, draft_publish
from web.dashboard.history import (
    component_history,
    component_reclassify,
    reclassification_withdraw,
)
from web.dashboard.incident_new import (
    incident_new,
    incident_new_mail,
    incident_new_preview,
    incident_new_test,
)
from web.dashboard.incident_settings import incident_delete, incident_settings
from web.dashboard.incidents import incident_detail, incident_list
from web.dashboard.maintenance_urls import routes as maintenance_routes
from web.dashboard.overview import overview
from web.dashboard.page_settings import page_settings
from web.dashboard.pages import page_archive, page_list, page_new, page_publish
from web.dashboard.postmortems import postmortem, postmortem_ignore, postmortem_revert
from web.dashboard.resolving import incident_resolve
from web.dashboard.subscribers import subscriber_list
from web.dashboard.templates import (
    template_delete,
    template_edit,
    template_list,
    template_new,
    template_preview,
)
from web.dashboard.text_preview import text_preview
from web.dashboard.undo import update_release, update_undo
from web.dashboard.update_edit import update_delete, update_edit
from web.dashboard.updates import update_mail, update_new, update_preview, update_test

app_name = "dashboard"

_component: list[URLPattern | URLResolver] = [
    path("delete", component_delete, name="component_delete"),
    path("status", component_status, name="component_status"),
    path("history", component_history, name="component_history"),
    path("history/reclassify", component_reclassify, name="component_reclassify"),
]
_update: list[URLPattern | URLResolver] = [
    path("edit", update_edit, name="update_edit"),
    path("delete", update_delete, name="update_delete"),
    path("undo", update_undo, name="update_undo"),
    path("release", update_release, name="update_release"),
]
_incident: list[URLPattern | URLResolver] = [
    path("update", update_new, name="update_new"),
    path("update/preview", update_preview, name="update_preview"),
    path("update/mail", update_mail, name="update_mail"),
    path("update/test", update_test, name="update_test"),
    path("updates/<uuid:update_id>/", include(_update)),
    path("settings", incident_settings, name="incident_settings"),
    path("delete", incident_delete, name="incident_delete"),
    path("resolve", incident_resolve, name="incident_resolve"),
    path("postmortem", postmortem, name="postmortem"),
    path("postmortem/revert", postmortem_revert, name="postmortem_revert"),
    path("postmortem/ignore", postmortem_ignore, name="postmortem_ignore"),
    path("edit", draft_edit, name="draft_edit"),
    path("publish", draft_publish, name="draft_publish"),
    path("dismiss", draft_dismiss, name="draft_dismiss"),
]
_page: list[URLPattern | URLResolver] = [
    path("publish", page_publish, name="page_publish"),
    path("archive", page_archive, name="page_archive"),
    path("components", component_list, name="components"),
    path("components/new", component_new, name="component_new"),
    path("components/<uuid:component_id>", component_edit, name="component_edit"),
    path("components/<uuid:component_id>/", include(_component)),
    path(
        "reclassifications/<uuid:reclassification_id>/withdraw",
        reclassification_withdraw,
        name="reclassification_withdraw",
    ),
    path("groups/new", group_new, name="group_new"),
    path("incidents", incident_list, name="incidents"),
    path("incidents/new", incident_new, name="incident_new"),
    path("incidents/new/preview", incident_new_preview, name="incident_new_preview"),
    path("incidents/new/mail", incident_new_mail, name="incident_new_mail"),
    path("incidents/new/test", incident_new_test, name="incident_new_test"),
    path("incidents/past", backfill, name="backfill"),
    path("incidents/<uuid:incident_id>", incident_detail, name="incident"),
    path("incidents/<uuid:incident_id>/", include(_incident)),
    *maintenance_routes,
    path("templates", template_list, name="templates"),
    path("templates/new/<slug:use>", template_new, name="template_new"),
    path("templates/preview/<slug:use>", template_preview, name="template_preview"),
    path("templates/<uuid:template_id>", template_edit, name="template_edit"),
    path("templates/<uuid:template_id>/delete", template_delete, name="template_delete"),
    path("text-preview", text_preview, name="text_preview"),
    path("subscribers", subscriber_list, name="subscribers"),
    path("deliveries", delivery_list, name="deliveries"),
    path("deliveries/<uuid:notification_id>", delivery_detail, name="delivery"),
    path("settings", page_settings, name="settings"),
]
urlpatterns = [
    path("status-pages", page_list, name="pages"),
    path("status-pages/new", page_new, name="page_new"),
    path("status-pages/<uuid:page_id>", overview, name="overview"),
    path("status-pages/<uuid:page_id>/", include(_page)),
]
