"""What MongoDB's filters and updates mean, as far as the services use them; the rest raises NotImplementedError.

Source: the operators' pages of MongoDB's manual. `test_store.py` compares with a real database.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]
_MISSING = object()
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {"$lt": operator.lt, "$lte": operator.le, "$gt": operator.gt}


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path through embedded documents; a missing one is a value of its own."""
    found: Any = document
    for name in path.split("."):
        if isinstance(found, list):
            raise NotImplementedError(f"a path through an array: {path}")
        found = found.get(name, _MISSING) if isinstance(found, dict) else _MISSING
    return found


def matches(document: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(_fits(value_at(document, path), condition) for path, condition in wanted.items())


def _fits(value: Any, condition: Any) -> bool:
    if isinstance(value, list):
        raise NotImplementedError("a condition on an array")
    if not isinstance(condition, dict):
        # In a filter null also means missing.
        return value is _MISSING if condition is None and value is not None else bool(value == condition)
    return all(_holds(value, name, operand) for name, operand in condition.items())


def _holds(value: Any, name: str, operand: Any) -> bool:
    if name == "$in":
        return any(_fits(value, each) for each in operand)
    if name == "$exists":
        return bool((value is not _MISSING) == operand)
    if name in _ORDERED:
        return type(value) is type(operand) and _ORDERED[name](value, operand)
    raise NotImplementedError(f"the operator {name}")


def updated(document: Document, changes: Mapping[str, Mapping[str, Any]]) -> Document:
    """The document after an update by `$set`, `$inc` and `$unset` of fields at its top."""
    after = dict(document)
    for name, fields in changes.items():
        for field, operand in fields.items():
            if "." in field or field == "_id":
                raise NotImplementedError(f"an update of {field}")
            if name == "$set":
                after[field] = operand
            elif name == "$inc":
                after[field] = after.get(field, 0) + operand
            elif name == "$unset":
                after.pop(field, None)
            else:
                raise NotImplementedError(f"the operator {name}")
    return after


def upserted(wanted: Mapping[str, Any]) -> Document:
    """The new document that an upsert starts from: what the filter says by equality."""
    if any("." in path for path in wanted):
        raise NotImplementedError(f"an upsert by {wanted}")
    return {path: value for path, value in wanted.items() if not isinstance(value, dict)}
