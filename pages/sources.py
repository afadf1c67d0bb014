"""Who can claim a status of a component. Pure: no query, no clock, no settings."""

from uuid import UUID

MANUAL = "manual"
CHECKS = "checks"
MAINTENANCE = "maintenance:"


def incident_source(incident_id: UUID) -> str:
    return f"incident:{incident_id}"


def maintenance_source(maintenance_id: UUID) -> str:
    return f"{MAINTENANCE}{maintenance_id}"


def is_maintenance(source: str) -> bool:
    return source.startswith(MAINTENANCE)
