"""The operators' routes of maintenances, below those of a page."""

from django.urls import URLPattern, URLResolver, include, path

from web.dashboard.maintenance import maintenance_list
from web.dashboard.maintenance_detail import maintenance_detail
from web.dashboard.maintenance_edit import maintenance_edit
from web.dashboard.maintenance_move import maintenance_move, maintenance_move_preview
from web.dashboard.maintenance_new import (
    maintenance_new,
    maintenance_new_mail,
    maintenance_new_preview,
    maintenance_new_test,
)
from web.dashboard.maintenance_steps import (
    maintenance_cancel,
    maintenance_extend,
    maintenance_finish,
    maintenance_start,
)
from web.dashboard.maintenance_update import maintenance_update, maintenance_update_preview
from web.dashboard.series import series_detail
from web.dashboard.series_edit import series_edit, series_edit_preview
from web.dashboard.series_steps import series_end, series_skip

_one: list[URLPattern | URLResolver] = [
    path("edit", maintenance_edit, name="maintenance_edit"),
    path("move", maintenance_move, name="maintenance_move"),
    path("move/preview", maintenance_move_preview, name="maintenance_move_preview"),
    path("update", maintenance_update, name="maintenance_update"),
    path("update/preview", maintenance_update_preview, name="maintenance_update_preview"),
    path("extend", maintenance_extend, name="maintenance_extend"),
    path("start", maintenance_start, name="maintenance_start"),
    path("finish", maintenance_finish, name="maintenance_finish"),
    path("cancel", maintenance_cancel, name="maintenance_cancel"),
]
_series: list[URLPattern | URLResolver] = [
    path("edit", series_edit, name="series_edit"),
    path("edit/preview", series_edit_preview, name="series_edit_preview"),
    path("end", series_end, name="series_end"),
    path("skip/<uuid:maintenance_id>", series_skip, name="series_skip"),
]
routes: list[URLPattern | URLResolver] = [
    path("maintenance", maintenance_list, name="maintenances"),
    path("maintenance/new", maintenance_new, name="maintenance_new"),
    path("maintenance/new/preview", maintenance_new_preview, name="maintenance_new_preview"),
    path("maintenance/new/mail", maintenance_new_mail, name="maintenance_new_mail"),
    path("maintenance/new/test", maintenance_new_test, name="maintenance_new_test"),
    path("maintenance/<uuid:maintenance_id>", maintenance_detail, name="maintenance"),
    path("maintenance/<uuid:maintenance_id>/", include(_one)),
    path("series/<uuid:series_id>", series_detail, name="series"),
    path("series/<uuid:series_id>/", include(_series)),
]
