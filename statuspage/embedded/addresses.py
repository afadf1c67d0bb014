"""Where the embedded engines of a DATA_DIR listen, for commands run beside script/server."""

import json
from pathlib import Path

FILE_NAME = "engines.json"


def remember(data_dir: Path, addresses: dict[str, str]) -> None:
    """Keeps `addresses` (DATABASE_URL, REDIS_URL) until the next start."""
    draft = data_dir / f"{FILE_NAME}.new"
    draft.write_text(json.dumps(addresses))
    draft.rename(data_dir / FILE_NAME)


def recall(data_dir: Path) -> dict[str, str]:
    """The addresses of the last start; none where the engines were not ours."""
    try:
        addresses: dict[str, str] = json.loads((data_dir / FILE_NAME).read_text())
    except FileNotFoundError:
        return {}
    return addresses
