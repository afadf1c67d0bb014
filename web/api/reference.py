"""The reference of all routes, drawn from the OpenAPI description without a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

_MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    what: str
    needs_token: bool
    takes: list[Field]
    gives: list[Field]
    status: str


class Reference(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        context = {"routes": list(routes(api.get_openapi_schema()))}
        return render(request, "api/reference.html", context)


def routes(description: Mapping[str, Any]) -> Iterator[Route]:
    """Every route of an OpenAPI 3 description; that HEAD goes where GET goes needs no words."""
    schemas = description["components"]["schemas"]
    for path, operations in description["paths"].items():
        for method in operations.keys() - {"head"}:
            operation = operations[method]
            (status, answer), *_ = operation["responses"].items()
            yield Route(
                method=method.upper(),
                path=path,
                what=operation.get("description", ""),
                needs_token="security" in operation,
                takes=[
                    *_query(operation, schemas),
                    *_fields(operation.get("requestBody"), schemas),
                ],
                gives=_fields(answer, schemas),
                status=status,
            )


def _query(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Field]:
    return [
        Field(
            name=f"?{part['name']}", kind=_kind(part["schema"], schemas), required=part["required"]
        )
        for part in operation["parameters"]
        if part["in"] == "query"
    ]


def _fields(holder: Mapping[str, Any] | None, schemas: Mapping[str, Any]) -> list[Field]:
    """None of a body or an answer that is empty."""
    if holder is None or "content" not in holder:
        return []
    schema = holder["content"]["application/json"]["schema"]
    # A body that may be left out stands first, null second.
    schema = _resolved(schema.get("anyOf", [schema])[0], schemas)
    required = schema.get("required", [])
    return [
        Field(name=name, kind=_kind(part, schemas), required=name in required)
        for name, part in schema["properties"].items()
    ]


def _resolved(part: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = part.get("$ref")
    resolved: Mapping[str, Any] = schemas[reference.rpartition("/")[2]] if reference else part
    return resolved


def _kind(part: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """A few words: "string (date-time)", "MINOR | MAJOR", "list of {id, name}"."""
    if choices := part.get("anyOf"):
        return " or ".join(_kind(choice, schemas) for choice in choices)
    if names := part.get("enum"):
        return " | ".join(names)
    if items := part.get("items"):
        return f"list of {_kind(items, schemas)}"
    resolved = _resolved(part, schemas)
    if properties := resolved.get("properties"):
        more = [", …"] if len(properties) > _MOST_NAMES else []
        return "".join(["{", ", ".join(list(properties)[:_MOST_NAMES]), *more, "}"])
    return f"{resolved['type']} ({part['format']})" if "format" in part else str(resolved["type"])
