"""What the last start of a DATA_DIR said, for commands run beside script/server."""

import json
from pathlib import Path

FILE_NAME = "last-start.json"


def remember(data_dir: Path, said: dict[str, str]) -> None:
    """Keeps PORT, and DATABASE_URL and REDIS_URL of engines that are ours, until the next start."""
    draft = data_dir / f"{FILE_NAME}.new"
    draft.write_text(json.dumps(said))
    draft.rename(data_dir / FILE_NAME)


def recall(data_dir: Path) -> dict[str, str]:
    """What `remember` kept; nothing before the first start."""
    try:
        said: dict[str, str] = json.loads((data_dir / FILE_NAME).read_text())
    except FileNotFoundError:
        return {}
    return said
