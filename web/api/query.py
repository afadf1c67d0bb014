"""Query strings, read as bodies are: both spellings, and nothing unknown."""

from typing import Any, TypeVar

import pydantic
from django.http import HttpRequest
from ninja.errors import ValidationError

from web.api.fields import Input

Asked = TypeVar("Asked", bound=Input)


def read_query(request: HttpRequest, shape: type[Asked]) -> Asked:
    """Raises ninja's ValidationError, which the door answers with 422 and the fields."""
    try:
        return shape.model_validate(request.GET.dict())
    except pydantic.ValidationError as error:
        wrong = [
            {"loc": ("query", "", *each["loc"]), "msg": each["msg"]} for each in error.errors()
        ]
        raise ValidationError(wrong) from None


def described(shape: type[Input]) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads `shape`."""
    schema = shape.model_json_schema()
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": part}
        for name, part in schema["properties"].items()
    ]
    return {"parameters": parameters}
