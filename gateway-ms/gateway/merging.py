"""How the services' OpenAPI documents become one (https://spec.openapis.org/oas/v3.1.0)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.described import PROBLEM, REF, Json, complete, health_operation
from gateway.routes import Route, Who


def merge(documents: Mapping[str, Json], table: Iterable[Route]) -> Json:
    """The document of the routes in `table`, from each service's document by the service's name.

    What a service has and the table has not is left out, its schemas too, and so are the operators' routes. A schema
    whose name two services use gets the service's name in front.
    """
    schemas = {name: _schemas(document) for name, document in documents.items()}
    uses = Counter(name for found in schemas.values() for name in found)
    paths: Json = {}
    components: Json = {"Problem": PROBLEM}
    for route in table:
        described = _described(route, documents)
        if described is None or route.who is Who.OPS:
            continue
        operation, own = complete(route, described), schemas.get(route.upstream, {})
        names = {name: route.upstream.capitalize() + name if uses[name] > 1 else name for name in own}
        for name in _reachable(operation, own):
            components[names[name]] = _renamed(own[name], names)
        paths.setdefault(route.path, {})[route.verb.lower()] = _renamed(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1.0.0", "description": "The public API of the shop."},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _described(route: Route, documents: Mapping[str, Json]) -> Json | None:
    paths: Json = documents.get(route.upstream, {}).get("paths", {})
    operation: Json | None = paths.get(route.target, {}).get(route.verb.lower())
    return operation or health_operation(route)


def _schemas(document: Json) -> Json:
    # Every service describes the same Problem; it is in the merged document once.
    found: Json = document.get("components", {}).get("schemas", {})
    return {name: schema for name, schema in found.items() if name != "Problem"}


def _reachable(part: Any, schemas: Json) -> set[str]:
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for name in _references(waiting.pop()):
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def _references(part: Any) -> Iterator[str]:
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for value in values:
        if isinstance(value, str) and value.startswith(REF):
            yield value.removeprefix(REF)
        yield from _references(value)


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(value, names) for value in part]
    if isinstance(part, str) and part.startswith(REF):
        name = part.removeprefix(REF)
        return REF + names.get(name, name)
    return part
