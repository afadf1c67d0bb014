"""Who may do what. Pure: no query, no clock, no settings."""

from enum import StrEnum


class Role(StrEnum):
    """A project role, strongest first."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Action(StrEnum):
    """Everything that can be permitted or refused, named `<noun>.<verb>`."""

    ORGANIZATION_CREATE = "organization.create"
    USER_CREATE = "user.create"
    PAGE_VIEW = "page.view"
    PAGE_CREATE = "page.create"
    PAGE_UPDATE = "page.update"
    PAGE_PUBLISH = "page.publish"
    PAGE_ARCHIVE = "page.archive"
    COMPONENT_CREATE = "component.create"
    COMPONENT_UPDATE = "component.update"
    COMPONENT_DELETE = "component.delete"
    COMPONENT_SET_STATUS = "component.set_status"
    INCIDENT_CREATE = "incident.create"
    INCIDENT_UPDATE = "incident.update"
    INCIDENT_PUBLISH = "incident.publish"
    INCIDENT_DISMISS = "incident.dismiss"
    INCIDENT_DELETE = "incident.delete"
    UPDATE_EDIT = "update.edit"
    UPDATE_DELETE = "update.delete"
    UPDATE_UNDO = "update.undo"
    MAINTENANCE_SCHEDULE = "maintenance.schedule"
    MAINTENANCE_RESCHEDULE = "maintenance.reschedule"
    MAINTENANCE_CANCEL = "maintenance.cancel"
    SERIES_CREATE = "series.create"
    SERIES_UPDATE = "series.update"
    SERIES_END = "series.end"
    TEMPLATE_CREATE = "template.create"
    TEMPLATE_UPDATE = "template.update"
    TEMPLATE_DELETE = "template.delete"
    POSTMORTEM_WRITE = "postmortem.write"
    POSTMORTEM_PUBLISH = "postmortem.publish"
    UPTIME_RECLASSIFY = "uptime.reclassify"
    MONITOR_CREATE = "monitor.create"
    MONITOR_UPDATE = "monitor.update"
    MONITOR_DELETE = "monitor.delete"
    SUBSCRIBER_VIEW = "subscriber.view"
    MEMBER_UPDATE = "member.update"
    TOKEN_CREATE = "token.create"
    TOKEN_REVOKE = "token.revoke"


_VIEWER = frozenset(
    {
        Action.PAGE_VIEW,
        Action.SUBSCRIBER_VIEW,
        Action.TOKEN_CREATE,
        Action.TOKEN_REVOKE,
    }
)
_EDITOR = _VIEWER | {
    Action.PAGE_CREATE,
    Action.PAGE_UPDATE,
    Action.COMPONENT_CREATE,
    Action.COMPONENT_UPDATE,
    Action.COMPONENT_DELETE,
    Action.COMPONENT_SET_STATUS,
    Action.INCIDENT_CREATE,
    Action.INCIDENT_UPDATE,
    Action.INCIDENT_PUBLISH,
    Action.INCIDENT_DISMISS,
    Action.INCIDENT_DELETE,
    Action.UPDATE_EDIT,
    Action.UPDATE_DELETE,
    Action.UPDATE_UNDO,
    Action.MAINTENANCE_SCHEDULE,
    Action.MAINTENANCE_RESCHEDULE,
    Action.MAINTENANCE_CANCEL,
    Action.SERIES_CREATE,
    Action.SERIES_UPDATE,
    Action.SERIES_END,
    Action.TEMPLATE_CREATE,
    Action.TEMPLATE_UPDATE,
    Action.TEMPLATE_DELETE,
    Action.POSTMORTEM_WRITE,
    Action.POSTMORTEM_PUBLISH,
    Action.UPTIME_RECLASSIFY,
    Action.MONITOR_CREATE,
    Action.MONITOR_UPDATE,
    Action.MONITOR_DELETE,
}
PERMITTED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.OWNER: frozenset(Action),
}


def allows(role: Role | None, action: Action) -> bool:
    """Whether `role` may do `action`; no role may do nothing."""
    return role is not None and action in PERMITTED[role]
