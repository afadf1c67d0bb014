from datetime import timedelta

import pytest

from subscribers.retry import delay, rest


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(1, 0.5), (2, 2), (3, 10), (4, 30), (5, 60), (6, 120), (7, 240), (9, 240)],
)
def test_waits_grow_and_spread_by_a_fifth(attempts: int, minutes: float):
    middle = timedelta(minutes=minutes)
    assert delay(attempts, chance=0.5) == middle
    assert delay(attempts, chance=0) == middle * 0.8
    assert delay(attempts, chance=1) == middle * 1.2


def test_a_channel_rests_from_a_second_to_a_minute():
    rests = [rest(strikes).total_seconds() for strikes in (1, 2, 3, 6, 7, 1000)]
    assert rests == [1, 2, 4, 32, 60, 60]
