"""New passwords: whoever asks is answered at once, and a worker writes the mail.

Asking is the same work for every address, known or not. No key is kept: it is made when
its mail is sent.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import PasswordReset, User

log = logging.getLogger(__name__)

# Nobody waits longer for a mail; a new one is asked for.
GIVEN_UP_AFTER = timedelta(hours=1)
# Longer than an attempt takes, of which each step waits settings.EMAIL_TIMEOUT at most.
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=16)
_TEMPLATE = "account/email/password_reset_key"


def ask(*, email: str, at: datetime) -> None:
    PasswordReset.objects.create(email=email.lower(), asked_at=at, next_attempt_at=at)


def send_due(*, seconds: float) -> None:
    """Sends what is due for about `seconds`, or until the mail server fails once."""
    until = monotonic() + seconds
    _give_up_old(at=now())
    while monotonic() < until and (reset := _claim(at=now())):
        user = User.objects.filter(email=reset.email, is_active=True).first()
        try:
            if user:
                _send(user)
        except OSError as error:
            log.warning("password reset not sent, attempt %d: %s", reset.attempts, error)
            return
        reset.delete()


def link(user: User) -> str:
    """The address, of the main host, at which `user` chooses a new password."""
    key = default_token_generator.make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.MAIN_URL + reverse("account_reset_password_from_key", kwargs=parts)


def _send(user: User) -> None:
    """Raises OSError, which smtplib's errors are, when the mail is not accepted."""
    context = {"password_reset_url": link(user)}
    send_mail(
        subject=render_to_string(f"{_TEMPLATE}_subject.txt").strip(),
        message=render_to_string(f"{_TEMPLATE}_message.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )


@transaction.atomic
def _claim(*, at: datetime) -> PasswordReset | None:
    """The next one, put off: it comes back by itself when this attempt fails or dies."""
    reset = (
        PasswordReset.objects.select_for_update(skip_locked=True)
        .filter(next_attempt_at__lte=at)
        .order_by("next_attempt_at")
        .first()
    )
    if reset:
        reset.next_attempt_at = at + min(FIRST_PAUSE * 2**reset.attempts, LONGEST_PAUSE)
        reset.attempts += 1
        reset.save(update_fields=["attempts", "next_attempt_at"])
    return reset


def _give_up_old(*, at: datetime) -> None:
    count, _ = PasswordReset.objects.filter(asked_at__lt=at - GIVEN_UP_AFTER).delete()
    if count:
        log.error("%d password resets given up: the mail server did not accept them", count)
