"""When a maintenance may take place, and its options."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.models import Incident
from incidents.schedule import LONGEST, MaintenanceOptions, check_span, read_options
from pages.actions import Invalid

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        (AT + HOUR, AT + HOUR, "scheduled_until"),
        (AT + 2 * HOUR, AT + HOUR, "scheduled_until"),
        (AT - 2 * HOUR, AT, "scheduled_until"),
        (AT + HOUR, AT + HOUR + LONGEST + timedelta(seconds=1), "scheduled_until"),
        (AT + timedelta(days=733), AT + timedelta(days=734), "scheduled_for"),
    ],
)
def test_an_impossible_span_is_refused_by_its_field(starts_at, ends_at, field):
    with pytest.raises(Invalid) as refusal:
        check_span(starts_at, ends_at, at=AT)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (AT + HOUR, AT + HOUR + LONGEST),
        (AT - HOUR, AT + HOUR),
        (AT + timedelta(days=732), AT + timedelta(days=733)),
    ],
)
def test_any_other_span_may_be_planned(starts_at, ends_at):
    check_span(starts_at, ends_at, at=AT)


@pytest.mark.parametrize("minutes", [(0,), (43_201,), tuple(range(1, 12))])
def test_reminders_have_bounds(minutes):
    with pytest.raises(Invalid) as refusal:
        MaintenanceOptions(remind_before=minutes)
    assert refusal.value.field == "remind_before"


def test_options_are_kept_under_the_names_of_their_columns():
    options = MaintenanceOptions(remind_before=(5, 60, 5), scheduled_auto_completed=False)
    columns = options.as_columns()
    assert columns["remind_before"] == [60, 5]
    assert set(columns) <= {field.name for field in Incident._meta.get_fields()}
    assert read_options(columns).as_columns() == columns


def test_the_defaults_are_those_of_the_columns():
    fresh = Incident()
    columns = MaintenanceOptions().as_columns()
    assert columns == {name: getattr(fresh, name) for name in columns}
    assert read_options({}) == MaintenanceOptions()
