"""The schema of Terraform's google provider, read out of bindings that were generated from it.

The provider itself is in no package registry. The bindings (PyPI: cdktn-provider-google) are, and they carry a
description of their own types in JSON, a jsii assembly: for each resource a structure of its arguments, and a class
with what the provider computes. From these comes the document that `terraform providers schema -json` would print.

Where the provider's documentation lists the possible values of an argument, that sentence is its description here.

What the bindings don't say: whether a list is a set, and whether an optional argument that is left out is computed.
So sets are lists here, and every optional argument may be computed. A structure that holds itself ends there.
"""

import re
from typing import Any

Json = dict[str, Any]

PROVIDER = "registry.terraform.io/hashicorp/google"
_TITLE = re.compile(r"providers/hashicorp/google/(?P<version>[\d.]+)/docs\S* (?P<name>\w+)}")
_ARGUMENT = re.compile(r"/docs\S*#(?P<name>\w+) ")
_POSSIBLE = re.compile(r'Possible values: \["[^\]]+"\]')
_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool"}
# A computed truth value is a token, since it is not known before the provider was asked.
_NAMED: dict[str, Any] = {
    "cdktn.IResolvable": "bool",
    "cdktn.StringMap": ["map", "string"],
    "cdktn.NumberMap": ["map", "number"],
    "cdktn.BooleanMap": ["map", "bool"],
    "cdktn.AnyMap": ["map", "string"],
}


def provider_schema(assembly: Json) -> tuple[str, Json]:
    """The provider's version, and its schemas as Terraform prints them.

    `assembly` is the content of a package's file .jsii. Raises KeyError where it has another form.
    """
    reader = _Reader(assembly["types"])
    version, provider = "", {}
    resources: Json = {}
    data_sources: Json = {}
    for fqn, found in assembly["types"].items():
        match found.get("base"):
            case "cdktn.TerraformResource":
                resources[_title(found)["name"]] = reader.schema(fqn)
            case "cdktn.TerraformDataSource":
                # As google_project: the bindings' own classes say data_google_project.
                data_sources[_title(found)["name"].removeprefix("data_")] = reader.schema(fqn)
            case "cdktn.TerraformProvider":
                version, provider = _title(found)["version"], reader.schema(fqn, computes=False)
    schemas = {"provider": provider, "resource_schemas": resources, "data_source_schemas": data_sources}
    return version, {"format_version": "1.0", "provider_schemas": {PROVIDER: schemas}}


def _title(found: Json) -> re.Match[str]:
    title = _TITLE.search(found["docs"]["summary"])
    if title is None:
        raise KeyError(f"{found['fqn']} does not say which resource it is of")
    return title


class _Reader:
    def __init__(self, types: Json) -> None:
        self._types = types

    def schema(self, fqn: str, computes: bool = True) -> Json:
        config = self._types[fqn]["initializer"]["parameters"][-1]["type"]["fqn"]
        return {"version": 0, "block": self._block(config, computed_by=fqn if computes else "")}

    def _block(self, struct: str, computed_by: str, outer: tuple[str, ...] = ()) -> Json:
        attributes: Json = {}
        blocks: Json = {}
        given: set[str] = set()
        for argument in self._types[struct].get("properties", []):
            given.add(argument["name"])
            name, must = _name(argument), not argument.get("optional")
            inner, many = _unwrapped(argument["type"])
            if isinstance(inner, str):
                if inner not in outer:
                    blocks[name] = self._nested(inner, must, many, (*outer, struct))
            else:
                attributes[name] = {"type": inner["type"]} | (
                    {"required": True} if must else {"optional": True, "computed": True}
                )
                if possible := _POSSIBLE.search(_told(argument)):
                    attributes[name]["description"] = possible[0]
        for found in self._types.get(computed_by, {}).get("properties", []):
            plain = found["name"].removesuffix("Input")
            if found.get("immutable") and not found.get("static") and not {found["name"], plain} & given:
                attributes[_snake(found["name"])] = {"type": self._computed(found["type"]), "computed": True}
        return {"attributes": attributes, "block_types": blocks}

    def _nested(self, struct: str, must: bool, many: bool, outer: tuple[str, ...]) -> Json:
        block = self._block(struct, f"{struct}OutputReference", outer)
        if struct.endswith("Timeouts"):
            return {"nesting_mode": "single", "block": block}
        nested: Json = {"nesting_mode": "list", "block": block}
        if must:
            nested["min_items"] = 1
        if not many:
            nested["max_items"] = 1
        return nested

    def _computed(self, of: Json) -> Any:
        inner, _ = _unwrapped(of)
        if not isinstance(inner, str):
            return inner["type"]
        if inner in _NAMED:
            return _NAMED[inner]
        item = inner.removesuffix("List")
        if item in _NAMED:
            return ["list", _NAMED[item]]
        reference = self._types[f"{item}OutputReference"]
        shape = {
            _snake(found["name"]): self._computed(found["type"])
            for found in reference["properties"]
            if found.get("immutable") and not found["name"].endswith("Input")
        }
        return ["list", ["object", shape]]


def _unwrapped(of: Json) -> tuple[str | Json, bool]:
    """A structure's name, or {"type": a type of Terraform's}; and whether there may be many."""
    if "union" in of:
        # Of something and of a token that stands for it.
        return _unwrapped(next(one for one in of["union"]["types"] if one.get("fqn") != "cdktn.IResolvable"))
    if "primitive" in of:
        return {"type": _PRIMITIVES.get(of["primitive"], "dynamic")}, False
    if "collection" in of:
        inner, _ = _unwrapped(of["collection"]["elementtype"])
        if isinstance(inner, str):
            return inner, True
        kind = {"array": "list", "map": "map"}[of["collection"]["kind"]]
        return {"type": [kind, inner["type"]]}, True
    return of["fqn"], False


def _name(argument: Json) -> str:
    told = _ARGUMENT.search(_told(argument))
    return told["name"] if told else _snake(argument["name"])


def _told(argument: Json) -> str:
    return " ".join(argument["docs"].get(key, "") for key in ("summary", "remarks"))


def _snake(camel: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", camel).lower()
