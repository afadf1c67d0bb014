"""CSV that spreadsheets take as text: RFC 4180, and no cell that they would calculate."""

import csv
import io
from collections.abc import Iterable, Sequence

# Some spreadsheets read the full-width forms as well.
_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8, lines ended by CR LF; a quote stands before what a spreadsheet would run."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_CALCULATED) else cell
