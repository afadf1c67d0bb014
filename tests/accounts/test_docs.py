"""docs/accounts.md says what the role table says."""

import re

from django.conf import settings

from accounts.roles import Action, Role, allows


def test_the_documented_table_is_the_table():
    text = (settings.BASE_DIR / "docs" / "accounts.md").read_text()
    documented = re.findall(r"^\| `([\w.]+)` \|(.*)\|(.*)\|(.*)\|$", text, re.MULTILINE)
    assert [
        (action, *(cell.strip() == "yes" for cell in cells)) for action, *cells in documented
    ] == [(str(action), *(allows(role, action) for role in Role)) for action in Action]
