"""The keywords of JSON Schema 2020-12 that the schemas of Writ use."""

import re


def same(left, right):
    return type(left) is type(right) and left == right


def _is(kind, value):
    return {
        "object": lambda: isinstance(value, dict),
        "array": lambda: isinstance(value, list),
        "string": lambda: isinstance(value, str),
        "boolean": lambda: isinstance(value, bool),
        "integer": lambda: not isinstance(value, bool) and isinstance(value, (int, float)) and value == int(value),
    }[kind]()


def fits(value, schema, whole):
    """Whether a value satisfies a schema."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema and not fits(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole):
        return False
    if "type" in schema and not _is(schema["type"], value):
        return False
    if "const" in schema and not same(value, schema["const"]):
        return False
    if "enum" in schema and not any(same(value, one) for one in schema["enum"]):
        return False
    if "anyOf" in schema and not any(fits(value, one, whole) for one in schema["anyOf"]):
        return False
    if "allOf" in schema and not all(fits(value, one, whole) for one in schema["allOf"]):
        return False
    if "if" in schema and not fits(value, schema.get("then" if fits(value, schema["if"], whole) else "else", True), whole):
        return False
    if isinstance(value, str):
        pattern = schema.get("pattern", "").replace("\\d", "[0-9]").replace("$", "\\Z")
        long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return long_enough and re.search(pattern, value) is not None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, list):
        if schema.get("uniqueItems") and any(
                same(one, other) for at, one in enumerate(value) for other in value[:at]):
            return False
        return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and all(
            fits(entry, schema.get("items", True), whole) for entry in value)
    if isinstance(value, dict):
        return _fits_object(value, schema, whole)
    return True


def _fits_object(value, schema, whole):
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return False
    if any(name not in value for name in schema.get("required", [])):
        return False
    for name, needed in schema.get("dependentRequired", {}).items():
        if name in value and any(one not in value for one in needed):
            return False
    return all(
        fits(name, schema.get("propertyNames", True), whole) and fits(member, known.get(name, others), whole)
        for name, member in value.items())
