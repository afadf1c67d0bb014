"""The operators' routes. Whatever belongs to a page begins with its id."""

from django.urls import URLPattern, URLResolver, include, path

from web.dashboard.component_status import component_status
from web.dashboard.components import (
    component_delete,
    component_edit,
    component_list,
    component_new,
    group_new,
)
from web.dashboard.deliveries import delivery_detail, delivery_list
from web.dashboard.incident_new import incident_new, incident_new_preview
from web.dashboard.incidents import (
    draft_dismiss,
    draft_publish,
    incident_detail,
    incident_list,
)
from web.dashboard.overview import overview
from web.dashboard.page_settings import page_settings
from web.dashboard.pages import page_archive, page_list, page_new, page_publish
from web.dashboard.subscribers import subscriber_list
from web.dashboard.updates import update_new, update_preview

app_name = "dashboard"

_component: list[URLPattern | URLResolver] = [
    path("delete", component_delete, name="component_delete"),
    path("status", component_status, name="component_status"),
]
_incident: list[URLPattern | URLResolver] = [
    path("update", update_new, name="update_new"),
    path("update/preview", update_preview, name="update_preview"),
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
    path("groups/new", group_new, name="group_new"),
    path("incidents", incident_list, name="incidents"),
    path("incidents/new", incident_new, name="incident_new"),
    path("incidents/new/preview", incident_new_preview, name="incident_new_preview"),
    path("incidents/<uuid:incident_id>", incident_detail, name="incident"),
    path("incidents/<uuid:incident_id>/", include(_incident)),
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
