"""Seals every address and token again, under the newest of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from subscribers import crypto, rotation, vault


class Command(BaseCommand):
    help = (
        "Seals addresses and tokens again under the highest key of ENCRYPTION_KEYS. "
        "Once it is through, older keys can be taken out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for column in vault.COLUMNS:
            total, done = rotation.count_outdated(column), 0
            for size in rotation.rotate(column):
                done += size
                self.stdout.write(f"{column}: {done} of {total}")
        self.stdout.write(f"Everything is sealed under key {crypto.current_key()}.")
