"""What operators do to pages, groups and components."""

from pages.actions.components import create_component, delete_component, update_component
from pages.actions.groups import create_group, delete_group, update_group
from pages.actions.invalid import Conflict, Invalid
from pages.actions.pages import (
    archive_page,
    create_page,
    publish_page,
    unpublish_page,
    update_page,
)
from pages.actions.reclassify import reclassify, withdraw_reclassification

__all__ = [
    "Conflict",
    "Invalid",
    "archive_page",
    "create_component",
    "create_group",
    "create_page",
    "delete_component",
    "delete_group",
    "publish_page",
    "reclassify",
    "unpublish_page",
    "update_component",
    "update_group",
    "update_page",
    "withdraw_reclassification",
]
