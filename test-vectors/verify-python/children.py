"""What becomes of layers in a child (INH-1 to INH-4), and why nothing is permitted (INH-7)."""

from decide import Layer, Reading, fits, put_in
from logic import FALSE, TRUE
from request import GROUPS, lies_within
from trust import instant, seconds

TABLE = ("read transform derive aggregate infer profile train store log copy disclose share transfer export "
         "anonymise pseudonymise delete declassify delegate").split()


def _required(document, parameters, operation, output):
    """Whether `requires` is true of the output: it names `output` fields alone (POL-17)."""
    asked = {"operation": operation, "purposes": [], "output": output, "principal": {"id": "x", "kind": "service"}}
    plain = Layer({"policy": "p"}, {"p": {"kind": "restrict"}}, [])
    reading = Reading(plain, asked, {"now": "1970-01-01T00:00:00Z"})
    return reading.for_every_link(put_in(document["derive"][operation]["release"]["requires"], parameters)).value == TRUE


def children(case):
    """INH-1: layers, forbiddenBy and refused, in the form of the vectors."""
    operation, policies = case["operation"], case["policies"]
    layers, forbidden, refused = [], set(), set()
    for layer in (one for parent in case["parents"] for one in parent):
        name, parameters, via = layer["policy"], layer.get("parameters", {}), layer.get("via", [])
        document = policies[name]
        entry = document.get("derive", {}).get(operation, {"inherit": True})
        if entry == "forbid":  # INH-2
            forbidden.add(name)
            continue
        if "release" in entry and _required(document, parameters, operation, case.get("output", {})):  # INH-4
            name, old = entry["release"]["policy"], name
            declared = policies.get(name, {}).get("parameters", {})
            held = all(one in parameters and fits(kind, parameters[one]) for one, kind in declared.items())
            same_type = all(document.get("parameters", {}).get(one) == kind for one, kind in declared.items())
            if name not in policies or not held or not same_type:
                refused.add(old)
                continue
            parameters, via = {one: parameters[one] for one in declared}, []
        elif "add" in entry:  # INH-3
            via = sorted({*via, operation}, key=TABLE.index)
        child = {"policy": name, "parameters": parameters, "via": via}
        if child not in layers:
            layers.append(child)
    return {"layers": _sorted(layers), "forbiddenBy": sorted(forbidden), "refused": sorted(refused)}


def _sorted(layers):
    return sorted(layers, key=repr)


def expected_children(expected):
    return dict(expected, layers=_sorted([{key: one[key] for key in ("policy", "parameters", "via")}
                                          for one in expected["layers"]]))


def empty_meet(case):
    """INH-7."""
    layers = [Layer(one, case["policies"], []) for one in case["layers"]]
    sets = [one for layer in layers for one in layer.sets]
    if not any(layer.grant for layer in layers):
        return "no-grant"
    start = [seconds(one["notBefore"]) for one in sets if "notBefore" in one]
    end = [seconds(one[member]) for one in sets for member in ("notAfter", "deleteBy") if member in one]
    if start and end and max(start) >= min(end):
        return "empty-time"
    clauses = [clause for layer in layers if not any("regions" in one.get("waives", []) for one in layer.permissions)
               for one in layer.sets for clause in one.get("regions", [])]
    names = {name for clause in clauses for name in clause}
    names |= {country for name in names for country in GROUPS.get(name, ())}
    if clauses and not any(all(any(lies_within(name, one) for one in clause) for clause in clauses) for name in names):
        return "empty-regions"
    clauses = [set(clause) for one in sets for clause in one.get("parties", [])]
    banned = {party for one in sets for party in one.get("notParties", [])}
    if clauses and not set.intersection(*clauses) - banned:
        return "empty-parties"
    if any(layer.terms.lacking for layer in layers):
        return None
    return None if _any_pair(layers, start, end) else "empty-pairs"


def _any_pair(layers, start, end):
    """Whether for some operation and some term that every layer knows the verdict isn't deny."""
    now = max(start) if start else min(end) - 1 if end else 0
    state = {"now": instant(now)}
    known_terms = set.intersection(*(set(layer.terms.links) for layer in layers))
    for term in sorted(known_terms):
        for operation in TABLE:
            asked = {"operation": operation, "purposes": [term], "principal": {}}
            if operation != "delete" and all(_may_hold(layer, asked, state) for layer in layers):
                return True
    return False


def _may_hold(layer, asked, state):
    waiving = [one for one in layer.permissions if "waives" in one]
    return any(Reading(layer, asked, state, one).value != FALSE for one in (None, *waiving))
