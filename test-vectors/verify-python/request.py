"""Requests and facts (REQ-3 to REQ-6), principals (4.4), regions and operations (3.3, 3.6)."""

import re

from refusal import Refused, need

OMITTED = object()
LEVELS = ["public", "internal", "confidential", "restricted"]
INCLUDES = {  # OPS-1: the closure
    "transform": "read", "derive": "read", "aggregate": "derive read transform", "infer": "derive read",
    "profile": "derive infer read", "train": "derive read", "store": "read", "log": "read store", "copy": "read store",
    "disclose": "read", "share": "copy disclose read store", "transfer": "copy read store",
    "export": "copy disclose read store transfer", "anonymise": "read transform", "pseudonymise": "read transform"}
OPERATIONS = [*INCLUDES, "read", "delete", "declassify", "delegate"]
OUTBOUND = ("disclose", "share", "transfer", "export", "delegate")
COUNTED = ("aggregate", "disclose", "share", "transfer", "export", "anonymise")
IRI = re.compile(r"(urn:|https://|http://|did:|tag:)[^\s<>\"{}|\\^`]+")
PREFIXES = {"dpv": "https://w3id.org/dpv#", "eu-ehds": "https://w3id.org/dpv/legal/eu/ehds#", "writ": "urn:writ:term:",
            **{"sector-" + name: f"https://w3id.org/dpv/sector/{name}#"
               for name in ("education", "finance", "health", "infra", "law", "publicservices")}}
# `taxonomies/regions.json` isn't part of the spec's text; these are the members as everybody knows them.
EU = set("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())
GROUPS = {"EU": EU, "EEA": EU | {"IS", "LI", "NO", "EU"}}


def expand(term):
    """POL-5."""
    if IRI.fullmatch(term):
        return term
    prefix, _, name = term.partition(":")
    need(prefix in PREFIXES and name, "request-unknown-term")
    return PREFIXES[prefix] + name


def lies_within(region, outer):
    """REQ-1."""
    if region == outer or region in GROUPS.get(outer, ()):
        return True
    return bool(re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", region)) and lies_within(region[:2], outer)


def form(holds):
    need(holds, "request-schema")


def typed(holds):
    """REQ-3: a JSON type that the field doesn't allow."""
    need(holds, "TypeError")


def _text(value, null=False):
    typed(isinstance(value, str) or (null and value is None))
    form(value is None or 1 <= len(value) <= 512)


def _region(value):
    typed(value is None or isinstance(value, str))
    form(value is None or re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]{0,31}", value))


def _principal(value, links):
    typed(isinstance(value, dict))
    form(links <= 8 and "id" in value and "kind" in value)
    form(set(value) <= {"id", "kind", "roles", "org", "clearance", "actingFor"})
    _text(value["id"])
    typed(isinstance(value["kind"], str))
    form(value["kind"] in ("service", "human", "agent"))
    _text(value.get("org"), True)
    roles, level, behind = value.get("roles"), value.get("clearance"), value.get("actingFor")
    typed(roles is None or isinstance(roles, list))
    for role in roles or []:
        _text(role)
    form(len(roles or []) <= 64)
    typed(level is None or isinstance(level, str))
    form(level is None or level in LEVELS)
    if behind is not None:
        typed(isinstance(behind, dict))
        form(value["kind"] == "agent")
        _principal(behind, links + 1)


def check(request):
    """REQ-3, REQ-5; gives whether the operation is one of the 19."""
    form(set(request) <= {"operation", "purposes", "principal", "region", "destination", "output", "facts"})
    form(all(member in request for member in ("operation", "purposes", "principal")))
    operation, purposes = request["operation"], request["purposes"]
    typed(isinstance(operation, str) and isinstance(purposes, list))
    form(operation in OPERATIONS or IRI.fullmatch(operation))
    form(len(purposes) <= 8 and (purposes or operation == "delete"))
    for purpose in purposes:
        _text(purpose)
        form(re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", purpose))
    _principal(request["principal"], 1)
    _region(request.get("region"))
    if "destination" in request:
        form(operation in OUTBOUND)
        destination = request["destination"]
        typed(destination is None or isinstance(destination, dict))
        if destination:
            form(set(destination) <= {"party", "region"})
            _text(destination.get("party"), True)
            _region(destination.get("region"))
    for member in ("output", "facts"):
        typed(isinstance(request.get(member, {}), dict))
        form(len(request.get(member, {})) <= 64)
    k = request.get("output", {}).get("k")
    typed(k is None or (isinstance(k, (int, float)) and not isinstance(k, bool)))
    for purpose in purposes:
        expand(purpose)
    return operation in OPERATIONS


class Facts:
    """The request as one layer reads it: what is proven worse than `least` is omitted (EVL-5)."""

    def __init__(self, request, state, least):
        self.request = request
        self.assurance = state.get("assurance", {})
        self.least = least
        self.links = self._links()

    def masked(self, path, value):
        return OMITTED if self.assurance.get(path, 0) < self.least else value

    def field(self, path):
        """A field of the request that isn't the principal's."""
        first, _, second = path.partition(".")
        if first == "destination":
            if self.request["operation"] not in OUTBOUND:
                return None  # REQ-4
            whole = self.request.get("destination", OMITTED)
            value = None if whole is None else OMITTED if whole is OMITTED else whole.get(second, OMITTED)
        elif first in ("output", "facts"):
            value = self.request.get(first, {}).get(second, OMITTED)
        else:
            value = self.request.get(path, OMITTED)
        return OMITTED if value is OMITTED else self.masked(path, value)

    def _links(self):
        """PRN-1: fields by name, each a value or OMITTED, with the path that is missing."""
        links, one, path = [], self.request["principal"], "principal"
        while True:
            link = {}
            for name in ("id", "kind", "roles", "org", "clearance", "actingFor"):
                value = one.get(name, OMITTED)
                full = f"{path}.{name}"
                value = value if value is OMITTED else self.masked(full, value)
                link[name] = (([] if value is None and name == "roles" else value), full)
            links.append(link)
            behind = link["actingFor"][0]
            if behind is OMITTED or behind is None:
                break
            one, path = behind, path + ".actingFor"
        kind, behind = link["kind"], link["actingFor"]
        lack = kind[1] if kind[0] is OMITTED else behind[1] if kind[0] == "agent" and behind[0] is OMITTED else None
        if lack:
            links.append({name: (OMITTED, lack) for name in ("id", "kind", "roles", "org", "clearance", "actingFor")})
        return links

    def effective_roles(self):
        """PRN-3: the roles that all links have, or OMITTED with what is lacking."""
        known = [set(link["roles"][0]) for link in self.links if link["roles"][0] is not OMITTED]
        lacking = [link["roles"][1] for link in self.links if link["roles"][0] is OMITTED]
        if any(not one for one in known):
            return [], ()
        return (OMITTED, lacking) if lacking else (sorted(set.intersection(*known)), ())
