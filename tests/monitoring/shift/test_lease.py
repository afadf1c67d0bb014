"""A place belongs to one process for as long as it renews."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from monitoring.models import CheckLease
from monitoring.shift.lease import LEASE_S, Lease

pytestmark = pytest.mark.django_db(transaction=True)


def take(places: int = 1) -> Lease:
    lease = Lease.take(places=places)
    assert lease is not None
    return lease


def test_a_place_is_taken_once():
    take()
    assert Lease.take(places=1) is None


def test_there_are_as_many_places_as_processes():
    assert [take(2).place, take(2).place] == [0, 1]
    assert Lease.take(places=2) is None


def test_a_released_place_is_free():
    take().release()
    take()


def test_a_place_that_was_not_renewed_is_free_and_lost_to_its_holder():
    first = take()
    CheckLease.objects.update(until=now() - timedelta(seconds=1))
    assert first.renew() is None
    take()
    assert first.renew() is None


def test_releasing_a_lost_place_leaves_its_new_holder_alone():
    first = take()
    CheckLease.objects.update(until=now() - timedelta(seconds=1))
    second = take()
    first.release()
    assert second.renew() is not None


def test_renewing_moves_the_end():
    lease = take()
    CheckLease.objects.update(until=now() + timedelta(seconds=1))
    at = lease.renew()
    assert at is not None
    assert CheckLease.objects.get().until == at + timedelta(seconds=LEASE_S)


def test_an_end_beyond_any_lease_comes_from_a_clock_set_back():
    take()
    CheckLease.objects.update(until=now() + timedelta(hours=1))
    take()
