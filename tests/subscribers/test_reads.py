"""What operators see of mail that rests."""

from django.utils.timezone import now

from pages.models import Page
from subscribers import pauses
from subscribers.reads import resting
from tests.factories import PageFactory


def test_a_channel_rests_for_every_page_until_it_accepts(page: Page):
    pauses.pause("email", page=PageFactory(), only_this_page=False, reason="535 wrong password")
    (rest,) = resting(page)
    assert (rest.channel, rest.reason) == ("email", "535 wrong password")
    assert rest.until > now()
    pauses.accepted("email", page)
    assert resting(page) == []


def test_a_page_that_rests_is_named_to_itself_only(page: Page):
    pauses.pause("email", page=page, only_this_page=True, reason="554 looks like spam")
    assert [rest.reason for rest in resting(page)] == ["554 looks like spam"]
    assert resting(PageFactory()) == []
