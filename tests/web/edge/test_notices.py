import json

import pytest

from web.api import errors
from web.edge import notices


@pytest.mark.parametrize("status", [400, 408, 413, 415, 503])
def test_programs_are_refused_in_the_shape_of_the_api(status: int):
    notice = notices.refused(status, "A sentence.", as_json=True)
    headers = dict(notice.headers)
    assert headers["content-type"].startswith("application/json")
    assert headers["connection"] == "close"
    assert ("retry-after" in headers) == (status == 503)
    assert json.loads(notice.body) == {
        "error": notices.CODES[status],
        "message": "A sentence.",
    }


def test_the_codes_are_those_of_the_api():
    shared = notices.CODES.keys() & errors.CODES.keys()
    assert shared == notices.CODES.keys() - {408, 411, 414, 431}
    assert {status: notices.CODES[status] for status in shared} == {
        status: errors.CODES[status] for status in shared
    }
