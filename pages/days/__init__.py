"""Days in the page's zone: finished ones are stored, today is folded when asked for."""

from pages.days.finished import fold_finished_days, refold, refold_page, resum_page
from pages.days.reads import History, PageDays, ninety_days

__all__ = [
    "History",
    "PageDays",
    "fold_finished_days",
    "ninety_days",
    "refold",
    "refold_page",
    "resum_page",
]
