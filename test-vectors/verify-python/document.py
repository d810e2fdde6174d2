"""Policy documents (spec 3): the stages of POL-18 in their order, and the expanded document.

Pointers aren't made.
"""

import calendar
import json
import pathlib
import re

import request
import schema
from decide import milliseconds
from logic import TRUE
from refusal import Refused, need
from request import LEVELS
from terms import EMERGENCY, Terms, dpv, shipped

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "policy.schema.json"
EMERGENCIES = [
    EMERGENCY, "https://w3id.org/dpv/sector/health#EmergencyCareManagement",
    "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement",
    "https://w3id.org/dpv/sector/infra#RoadEmergencyResponseManagement"]
INSTANTS = ("notBefore", "notAfter", "deleteBy", "keepUntil")
LISTS = ("in", "notIn", "hasAny", "hasAll", "hasNone")
FIELDS = {"principal.id": "text", "principal.org": "text", "destination.party": "text", "principal.kind": "kind",
          "principal.roles": "list", "principal.clearance": "level", "region": "region", "destination.region": "region",
          "output.k": "integer"}
EQUAL, ORDER, HAS = ("eq", "ne", "in", "notIn", "exists"), ("lt", "lte", "gt", "gte"), ("hasAny", "hasAll", "hasNone")
OPERATORS = {"text": EQUAL, "kind": EQUAL, "region": EQUAL, "list": (*HAS, "exists"), "level": EQUAL + ORDER,
             "integer": EQUAL + ORDER, "open": EQUAL + ORDER + HAS}


def parse(data):
    """POL-1, POL-2: the text."""
    need(len(data) <= 65536, "policy-too-large")
    need(not data.startswith(b"\xef\xbb\xbf"), "json-invalid")

    def members(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "policy-duplicate-member")
        return dict(pairs)

    def integer(token):
        need(token != "-0" and len(token) < 20 and abs(int(token)) < 2**53, "policy-number")
        return int(token)

    def fraction(_):
        raise Refused("policy-number")

    def constant(_):
        raise Refused("json-invalid")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=members, parse_int=integer,
                           parse_float=fraction, parse_constant=constant)
    except (ValueError, RecursionError):
        raise Refused("json-invalid") from None
    for text in _texts(value):
        need(not text.startswith("\ufeff") and not re.search("[\ud800-\udfff]", text), "json-invalid")
    return value


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def limits_of(document):
    """Every set of limits: the document's, each `add`, `atMost`."""
    found = [document["limits"]] if "limits" in document else []
    found += [one["add"] for one in document.get("derive", {}).values() if isinstance(one, dict) and "add" in one]
    return found + ([document["declassify"]["atMost"]] if "declassify" in document else [])


def conditions_of(document):
    """(condition, whether it may name output alone)"""
    rules = document.get("permissions", []) + document.get("prohibitions", [])
    found = [(one["when"], False) for one in rules if "when" in one]
    return found + [(one["release"]["requires"], True) for one in document.get("derive", {}).values()
                    if isinstance(one, dict) and "release" in one]


def operators_of(condition):
    """(field, operator, operand) of a condition, and None for each `all`, `any`, `not`."""
    for name, member in condition.items():
        if name in ("all", "any", "not"):
            yield None
            for one in [member] if name == "not" else member:
                yield from operators_of(one)
        else:
            for operator, operand in member.items():
                yield name, operator, operand


def check_dates(document):
    """POL-13."""
    for limits in limits_of(document):
        for member in INSTANTS:
            if isinstance(limits.get(member), str):
                year, month, day, hour, minute, second = map(int, re.findall(r"\d+", limits[member]))
                exists = 1970 <= year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
                need(exists and hour < 24 and minute < 60 and second < 60, "policy-date")
        for duration in limits.get("maxStaleness", {}).values():
            need(milliseconds(duration) <= 36500 * 86400000, "policy-date")
    for duty in document.get("duties", []):
        need(milliseconds(duty.get("within", "PT0S")) <= 36500 * 86400000, "policy-date")


def check_sizes(document):
    """POL-4."""
    need(depth(document) <= 16, "policy-too-large")
    conditions = [one for one, _ in conditions_of(document)]
    need(all(depth(one) <= 8 for one in conditions), "policy-too-large")
    need(sum(1 for one in conditions for _ in operators_of(one)) <= 256, "policy-too-large")


def check_references(document):
    """POL-11."""
    ids = [one["id"] for kind in ("permissions", "prohibitions", "duties") for one in document.get(kind, [])]
    need(len(set(ids)) == len(ids), "policy-reference")
    duties = {one["id"] for one in document.get("duties", [])}
    named = {one for permission in document.get("permissions", []) for one in permission.get("duties", [])}
    need(named == duties, "policy-reference")


def field_type(field):
    if field in FIELDS:
        return FIELDS[field]
    kind, _, name = field.partition(".")
    if kind == "output" and re.fullmatch("[a-z][A-Za-z0-9_]{0,63}", name):
        return "open"
    if kind in ("facts", "uses") and request.IRI.fullmatch(name):
        return "open" if kind == "facts" else "integer"
    return None


def _kinds_for(field, operator):
    """The types of parameters that fit an operand."""
    kind = field_type(field)
    if kind in ("kind", "level", "region"):
        return ()
    if kind == "integer" or (kind == "open" and operator in ORDER):
        return ("integer",)
    if kind == "open" and operator in EQUAL:
        return ("string", "iri", "integer", "boolean")
    return ("string", "iri")


def check_parameters(document):
    """POL-14."""
    declared, used = document.get("parameters", {}), set()

    def take(value, *kinds):
        if isinstance(value, dict):
            need(value["param"] in declared and declared[value["param"]] in kinds, "policy-parameter")
            used.add(value["param"])

    for limits in limits_of(document):
        for member in INSTANTS:
            take(limits.get(member), "instant")
        clauses = [limits.get("consents", []), limits.get("notParties", []), *limits.get("parties", [])]
        for one in (element for clause in clauses for element in clause):
            take(one, "string", "iri")
    for permission in document.get("permissions", []):
        for one in permission.get("consents", []):
            take(one, "string", "iri")
    for condition, _ in conditions_of(document):
        for one in operators_of(condition):
            if one:
                for operand in one[2] if isinstance(one[2], list) else [one[2]]:
                    take(operand, *_kinds_for(one[0], one[1]))
    need(used == set(declared), "policy-parameter")


def check_conditions(document):
    """REQ-1, REQ-2, POL-17."""
    for condition, output_only in conditions_of(document):
        for one in operators_of(condition):
            if one is None:
                continue
            field, operator, operand = one
            kind = field_type(field)
            need(kind and (not output_only or field.startswith("output.")), "policy-unknown-operand")
            need(operator in OPERATORS[kind], "policy-operand")
            if operator != "exists":
                _check_operand(kind, operator, operand)


def _check_operand(kind, operator, operand):
    values = [one for one in (operand if operator in LISTS else [operand]) if not isinstance(one, dict)]
    for one in values:
        if kind == "integer" or (kind == "open" and operator in ORDER):
            need(type(one) is int, "policy-operand")
        elif kind != "open" or operator in HAS:
            need(isinstance(one, str), "policy-operand")
        need(kind != "kind" or one in ("service", "human", "agent"), "policy-operand")
        need(kind != "level" or one in LEVELS, "policy-operand")
        need(kind != "region" or re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]{0,31}", one), "policy-operand")
    need(len({type(one) for one in values}) <= 1, "policy-operand")


def purposes_of(document):
    """Every list of purposes of a document."""
    for limits in limits_of(document):
        yield from limits.get("purposes", [])
        yield limits.get("notPurposes", [])
    for rule in document.get("permissions", []) + document.get("prohibitions", []):
        yield rule.get("purposes", [])


def _expand(term):
    try:
        return request.expand(term)
    except Refused:
        raise Refused("policy-unknown-term") from None


def expanded(document):
    """POL-5, POL-6."""
    def purposes(value):
        if isinstance(value, list):
            return [purposes(one) for one in value]
        return {"exactly": _expand(value["exactly"])} if isinstance(value, dict) else _expand(value)

    def limits(value):
        return {key: purposes(one) if key in ("purposes", "notPurposes") else one for key, one in value.items()}

    new = dict(document)
    if "terms" in new:
        new["terms"] = {_expand(term): purposes(broader) for term, broader in new["terms"].items()}
        need(len(new["terms"]) == len(document["terms"]), "policy-duplicate-member")
    if "limits" in new:
        new["limits"] = limits(new["limits"])
    for kind in ("permissions", "prohibitions"):
        if kind in new:
            new[kind] = [dict(one, purposes=purposes(one["purposes"])) if "purposes" in one else one for one in new[kind]]
    if "derive" in new:
        new["derive"] = {
            key: dict(one, add=limits(one["add"])) if isinstance(one, dict) and "add" in one else one
            for key, one in new["derive"].items()}
    if "declassify" in new:
        new["declassify"] = dict(new["declassify"], atMost=limits(new["declassify"]["atMost"]))
    new.setdefault("taxonomies", [dpv()])
    return new


def check_terms(document, from_artifact):
    """TAX-2 to TAX-4."""
    pinned = document.get("taxonomies", [])
    need(len({one["iri"] for one in pinned}) == len(pinned), "policy-taxonomy")
    for one in pinned:
        held = shipped().get(one["digest"], {})
        right = held.get("iri") == one["iri"] and held.get("version") == one["version"]
        need(right or from_artifact, "policy-taxonomy")
    terms = Terms(document, [])
    if terms.lacking:
        return terms
    own = expanded(document).get("terms", {})
    base = Terms({key: one for key, one in document.items() if key != "terms"}, [])
    for term in own:
        need(base.is_term(term).value != TRUE, "policy-taxonomy")
    used = [one for broader in own.values() for one in broader]
    for clause in purposes_of(document):
        used += [_expand(one["exactly"] if isinstance(one, dict) else one) for one in clause]
    for term in used:
        need(terms.is_term(term).value == TRUE, "policy-unknown-term")
    for term in own:
        need(all(one != term and terms.below(one, term).value != TRUE for one in own[term]), "policy-taxonomy-cycle")
    return terms


def check_waives(document, terms):
    """POL-16."""
    duties = {one["id"]: one for one in document.get("duties", [])}
    for permission in document.get("permissions", []):
        if "waives" not in permission:
            continue
        for purpose in permission["purposes"]:
            term = _expand(purpose["exactly"] if isinstance(purpose, dict) else purpose)
            need(terms.lacking or any(terms.below(term, one).value == TRUE for one in EMERGENCIES), "policy-waives")
        named = [duties[one] for one in permission["duties"]]
        need(any(one["type"] == "report" and one.get("criticality", "required") == "required" for one in named),
             "policy-waives")


def check(document, from_artifact=False):
    """POL-18: the first failing stage; gives the expanded document."""
    whole = json.loads(SCHEMA.read_text())
    need(schema.fits(document, whole, whole), "policy-schema")
    if from_artifact:
        need("taxonomies" in document and expanded(document) == document, "policy-schema")  # POL-7
    check_dates(document)
    check_sizes(document)
    check_references(document)
    check_parameters(document)
    check_conditions(document)
    need("crit" not in document, "policy-crit")  # POL-12: this version has no handlers
    new = expanded(document)
    check_waives(document, check_terms(document, from_artifact))
    return new
