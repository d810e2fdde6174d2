"""Decisions (spec 4): the verdict of layers on a request, reasons, missing facts, obligations, until."""

import re

import request as requests
from logic import FALSE, TRUE, UNKNOWN, And, Leaf, Not, Or, known, missing
from refusal import need
from request import COUNTED, INCLUDES, LEVELS, OMITTED, OUTBOUND, Facts, expand, lies_within
from terms import Terms
from trust import instant, seconds

STALE = ("status", "consent", "counter", "approval")


def milliseconds(duration):
    """POL-13."""
    parts = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", duration).groups(default="0")
    return sum(int(part) * unit for part, unit in zip(parts, (86400000, 3600000, 60000, 1000)))


def put_in(value, parameters):
    """POL-14."""
    if isinstance(value, list):
        return [put_in(one, parameters) for one in value]
    if isinstance(value, dict):
        if list(value) == ["param"]:
            return parameters[value["param"]]
        return {key: put_in(one, parameters) for key, one in value.items()}
    return value


def fits(kind, value):
    if kind == "integer":
        return type(value) is int
    if kind == "boolean":
        return isinstance(value, bool)
    pattern = {"iri": requests.IRI, "instant": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")}.get(kind)
    return isinstance(value, str) and (pattern is None or pattern.fullmatch(value) is not None)


class Layer:
    def __init__(self, given, policies, brought):
        document = policies[given["policy"]]
        parameters, declared = given.get("parameters", {}), document.get("parameters", {})
        need(set(parameters) == set(declared), "policy-parameter")  # POL-15
        need(all(fits(declared[name], value) for name, value in parameters.items()), "policy-parameter")
        via = given.get("via", [])
        derive = document.get("derive", {})
        need(all(isinstance(derive.get(one), dict) and "add" in derive[one] for one in via), "policy-reference")
        self.name = given["policy"]
        self.grant = document["kind"] == "grant"
        self.terms = Terms(document, brought)
        document = put_in({key: value for key, value in document.items() if key != "parameters"}, parameters)
        self.permissions = document.get("permissions", [])
        self.prohibitions = document.get("prohibitions", [])
        self.duties = {duty["id"]: duty for duty in document.get("duties", [])}
        own = dict(document.get("limits", {}))
        if self.grant:
            own.setdefault("principals", ["service", "human"])  # PRN-4
        self.sets = [own] + [document["derive"][one]["add"] for one in via]
        self.least = max(one.get("minAssurance", 0) for one in self.sets)
        self.delete_by = min((seconds(one["deleteBy"]) for one in self.sets if "deleteBy" in one), default=None)
        self.keep_until = max((seconds(one["keepUntil"]) for one in self.sets if "keepUntil" in one), default=None)
        self.bounds = {}
        for kind in STALE:
            bounds = [milliseconds(one["maxStaleness"][kind]) for one in self.sets if kind in one.get("maxStaleness", {})]
            self.bounds[kind] = min(bounds, default=None)


class Reading:
    """A layer as it is read plainly, or by one permission that waives (EVL-9)."""

    def __init__(self, layer, asked, state, permission=None):
        self.layer, self.asked, self.state, self.permission = layer, asked, state, permission
        self.waived = permission["waives"] if permission else []
        self.permissions = [permission] if permission else [one for one in layer.permissions if "waives" not in one]
        self.operation = asked["operation"]
        self.purposes = list(dict.fromkeys(expand(one) for one in asked["purposes"]))
        self.now = seconds(state["now"])
        self.facts = Facts(asked, state, max(layer.least, 2) if permission else layer.least)
        self.training = Or([one for purpose in self.purposes for one in layer.terms.training(purpose)])
        self.conjuncts = self._for_delete() if self.operation == "delete" else self._for_use()
        self.expression = And(one for _, one in self.conjuncts)
        self.value = self.expression.value

    def all(self, member, judge):
        """The and over the sets of limits that have a member."""
        return And(judge(one[member]) for one in self.layer.sets if member in one)

    # what is looked up in the state

    def stale(self, kind, age):
        bound = None if "maxStaleness" in self.waived else self.layer.bounds[kind]
        return bound is not None and (age is None or age > bound)

    def consent(self, name):
        """LIM-7, EVL-4."""
        entry = self.state.get("consents", {}).get(name, {"value": "unknown"})
        if entry["value"] in ("refused", "withdrawn", "expired"):
            return known(False)
        if entry["value"] == "given" and not self.stale("consent", entry.get("ageMs")):
            return known(True)
        return Leaf(UNKNOWN, ["consent:" + name])

    def status(self):
        """LIM-8."""
        if "statusEntries" not in self.state:
            return Leaf(UNKNOWN, ["status"])
        read = {(one["uri"], one["index"]): one for one in self.state.get("status", [])}
        found = []
        for entry in self.state["statusEntries"]:
            one = read.get((entry["uri"], entry["index"]), {"value": "unknown"})
            if one["value"] in ("revoked", "suspended", "superseded"):
                found.append(known(False))
            elif one["value"] == "valid" and not self.stale("status", one.get("ageMs")):
                found.append(known(True))
            else:
                found.append(Leaf(UNKNOWN, ["status"]))
        return And(found)

    def uses(self, limits):
        """LIM-6."""
        found = []
        for counter, number in limits.items():
            one = self.state.get("counters", {}).get(counter)
            if one and one["uses"] >= number:
                found.append(known(False))
            elif one and not self.stale("counter", one.get("ageMs")):
                found.append(known(True))
            else:
                found.append(Leaf(UNKNOWN, ["counter:" + counter]))
        return And(found)

    def hold(self):
        """Whether a hold is in force (LIM-1)."""
        holds = self.state.get("holds")
        return Leaf(UNKNOWN, ["holds"]) if holds is None else known(bool(holds))

    # conditions (4.5)

    def fact(self, field, link, roles):
        kind, _, name = field.partition(".")
        if kind == "principal":
            if name == "roles":
                return roles
            value, path = link[name]
            return value, [path]
        if kind == "uses":
            one = self.state.get("counters", {}).get(name)
            if one is None or self.stale("counter", one.get("ageMs")):
                return OMITTED, ["counter:" + name]
            return one["uses"], []
        return self.facts.field(field), [field]

    def condition(self, condition, link, roles):
        found = []
        for name, member in condition.items():
            if name in ("all", "any"):
                found.append((And if name == "all" else Or)(self.condition(one, link, roles) for one in member))
            elif name == "not":
                found.append(Not(self.condition(member, link, roles)))
            else:
                value, lacking = self.fact(name, link, roles)
                found += [Leaf(compare(name, one, operand, value), lacking) for one, operand in member.items()]
        return And(found)

    def for_every_link(self, condition):
        """CND-2, PRN-3: in a permission, with the effective roles."""
        roles = self.facts.effective_roles()
        return And(self.condition(condition, link, roles) for link in self.facts.links)

    def for_some_link(self, condition):
        """In a prohibition, with own and with effective roles."""
        effective = self.facts.effective_roles()
        return Or(
            self.condition(condition, link, roles)
            for link in self.facts.links
            for roles in ((link["roles"][0], [link["roles"][1]]), effective))

    # operations and purposes

    def operation_hit(self, banned):
        """OPS-2, PUR-5."""
        if self.operation == "delete":
            return known("delete" in banned)

        def hits(operation):
            return "*" in banned or any(one == operation or one in INCLUDES.get(operation, "").split() for one in banned)

        return Or([known(hits(self.operation)), And([self.training, known(hits("train"))])])

    def passes(self, clause):
        """PUR-2: every purpose, in one clause."""
        return And(Or(self._passes_one(purpose, one) for one in clause) for purpose in self.purposes)

    def _passes_one(self, purpose, element):
        if isinstance(element, dict):
            if self.layer.terms.lacking:
                return Leaf(UNKNOWN, self.layer.terms.lacking)
            return known(purpose == expand(element["exactly"]))
        return self.layer.terms.below(purpose, expand(element))

    def banned(self, terms, too_broad):
        """PUR-3."""
        below = self.layer.terms.below
        return Or(
            below(expand(one), purpose, True) if too_broad else below(purpose, expand(one))
            for purpose in self.purposes for one in terms)

    def applies(self, permission, head_only=False):
        """EVL-7: head, `when`."""
        named = permission["operations"]
        head = [known("*" in named or self.operation in named),
                Or([Not(self.training), known("*" in named or "train" in named)])]
        if "purposes" in permission:
            head.append(self.passes(permission["purposes"]))
        if "when" in permission and not head_only:
            head.append(self.for_every_link(permission["when"]))
        return And(head)

    def permission_holds(self, permission):
        return And([self.applies(permission), *(self.consent(one) for one in permission.get("consents", []))])

    def prohibited(self, too_broad):
        """EVL-8."""
        found = []
        for one in self.layer.prohibitions:
            if too_broad and "purposes" not in one:
                continue
            parts = [self.operation_hit(one["operations"])]
            if "purposes" in one:
                parts.append(self.banned(one["purposes"], too_broad))
            if "when" in one:
                parts.append(self.for_some_link(one["when"]))
            found.append(And(parts))
        return Or(found)

    # the conjuncts of EVL-6

    def located(self, field, judge):
        value = self.facts.field(field)
        return Leaf(UNKNOWN, [field]) if value is OMITTED else known(value is not None and judge(value))

    def destinations(self, *fields):
        return fields if self.operation in OUTBOUND else fields[:1]

    def region(self, clauses):
        """LIM-2."""
        return And(
            self.located(field, lambda value, clause=clause: any(lies_within(value, one) for one in clause))
            for clause in clauses for field in self.destinations("region", "destination.region"))

    def parties(self, clause, listed):
        """LIM-3: the org of every link and, outbound, the destination's party."""
        found = []
        for link in self.facts.links:
            org, path = link["org"]
            found.append(Leaf(UNKNOWN, [path]) if org is OMITTED else known((org in clause) == listed))
        if self.operation in OUTBOUND:
            party = self.facts.field("destination.party")
            found.append(Leaf(UNKNOWN, ["destination.party"]) if party is OMITTED else known((party in clause) == listed))
        return And(found)

    def kinds(self, listed):
        """PRN-4."""
        found = []
        for link in self.facts.links:
            (kind, kind_path), (behind, behind_path) = link["kind"], link["actingFor"]
            if kind is OMITTED:
                found.append(Leaf(UNKNOWN, [kind_path]))
            elif kind not in listed or (kind == "agent" and behind is None and "autonomous" not in listed):
                found.append(known(False))
            elif kind == "agent" and behind is OMITTED and "autonomous" not in listed:
                found.append(Leaf(UNKNOWN, [behind_path]))
            else:
                found.append(known(True))
        return And(found)

    def custody(self, limit):
        """LIM-5."""
        found = []
        for member in ("origins", "managers", "regions"):
            if member not in limit:
                continue
            have = self.state.get("custody", {}).get(member)
            if not have:
                found.append(Leaf(UNKNOWN, ["custody." + member]))
                continue
            for one in have:
                found.append(known(any(
                    one == listed or (member == "regions" and listed.endswith("*") and one.startswith(listed[:-1]))
                    for listed in limit[member])))
        return And(found)

    def delete_due(self):
        """LIM-1."""
        layer = self.layer
        if layer.delete_by is None or self.now < layer.delete_by:
            return known(True)
        if self.operation == "store" and layer.keep_until is not None and self.now < layer.keep_until:
            return known(True)
        return self.hold()

    def anonymous(self, number):
        """LIM-4."""
        if self.operation not in COUNTED:
            return known(True)
        return self.located("output.k", lambda value: value >= number)

    def duty_types(self):
        """DUT-3: no evaluator here knows an extension type."""
        return And(
            Not(Or(self.applies(one) for one in self.layer.permissions if duty["id"] in one.get("duties", [])))
            for duty in self.layer.duties.values()
            if ":" in duty["type"] and duty.get("criticality", "required") == "required")

    def duties_before(self):
        """DUT-4."""
        found = []
        for duty in self.layer.duties.values():
            if duty["trigger"] != "before-use" or duty.get("criticality", "required") != "required":
                continue
            waived = any(
                one["policy"] == self.layer.name and one["waives"] == duty["id"]
                and not self.stale("approval", one.get("ageMs"))
                for one in self.state.get("approvals", []))
            approved = known(True) if waived else Leaf(UNKNOWN, ["approval:" + duty["id"]])
            naming = Or(self.applies(one) for one in self.layer.permissions if duty["id"] in one.get("duties", []))
            found.append(Or([Not(naming), approved]))
        return And(found)

    def _for_delete(self):
        """OPS-3."""
        kept = self.layer.keep_until is None or self.layer.keep_until <= self.now
        return [
            ("operation-prohibited", Not(self._not_operations())), ("prohibited", Not(self.prohibited(False))),
            ("purpose-too-broad", Not(self.prohibited(True))), ("keep-until", known(kept)), ("hold", Not(self.hold()))]

    def _not_operations(self):
        return Or(self.operation_hit(one["notOperations"]) for one in self.layer.sets if "notOperations" in one)

    def _for_use(self):
        layer, now = self.layer, self.now
        waives = self.waived.__contains__
        outbound = self.operation in OUTBOUND
        return [
            ("purpose-term", And(layer.terms.is_term(one) for one in self.purposes)),
            ("not-yet-valid", self.all("notBefore", lambda one: known(seconds(one) <= now))),
            ("expired", self.all("notAfter", lambda one: known(now < seconds(one)))),
            ("delete-due", self.delete_due()),
            ("operation-prohibited", Not(self._not_operations())),
            ("purpose", self.all("purposes", lambda clauses: And(self.passes(one) for one in clauses))),
            ("purpose-prohibited", self.all("notPurposes", lambda one: Not(self.banned(one, False)))),
            ("purpose-too-broad", self.all("notPurposes", lambda one: Not(self.banned(one, True)))),
            ("region", known(True) if waives("regions") else self.all("regions", self.region)),
            ("party", self.all("parties", lambda clauses: And(self.parties(one, True) for one in clauses))),
            ("party-prohibited", self.all("notParties", lambda one: self.parties(one, False))),
            ("principal-kind", self.all("principals", self.kinds)),
            ("destination", And(self.located(one, lambda _: True) for one in ("destination.party", "destination.region"))
             if outbound else known(True)),
            ("k-anonymity", self.all("kAnonymity", self.anonymous)),
            ("custody", self.all("custody", self.custody)),
            ("uses-exhausted", self.all("maxUses", self.uses)),
            ("consent", known(True) if waives("consents") else self.all(
                "consents", lambda names: And(self.consent(one) for one in names))),
            ("no-permission", Or(self.permission_holds(one) for one in self.permissions)
             if layer.grant else known(True)),
            ("prohibited", Not(self.prohibited(False))),
            ("purpose-too-broad", Not(self.prohibited(True))),
            ("duty-unknown-type", self.duty_types()),
            ("duty-undischarged", self.duties_before()),
            ("status", self.status())]


def compare(field, operator, operand, value):
    """CND-1: the value of an operator."""
    if value is OMITTED:
        return UNKNOWN
    if operator == "exists":
        return TRUE if (value is not None) == operand else FALSE
    if value is None:
        return TRUE if operator in ("ne", "notIn", "hasNone") else FALSE
    if operator in ("hasAny", "hasAll", "hasNone"):
        if not isinstance(value, list):
            return UNKNOWN
        inside = [one in value for one in operand]
        return TRUE if {"hasAny": any, "hasAll": all, "hasNone": lambda them: not any(them)}[operator](inside) else FALSE
    if operator in ("lt", "lte", "gt", "gte"):
        if field == "principal.clearance":
            value, operand = LEVELS.index(value), LEVELS.index(operand)
        if type(value) is not int or abs(value) >= 2**53:
            return UNKNOWN
        return TRUE if {"lt": value < operand, "lte": value <= operand, "gt": value > operand,
                        "gte": value >= operand}[operator] else FALSE
    elements = operand if operator in ("in", "notIn") else [operand]
    if type(value) is not type(elements[0]):
        return UNKNOWN
    same = lies_within if field in ("region", "destination.region") else lambda left, right: left == right
    hit = any(same(value, one) for one in elements)
    return TRUE if hit == (operator in ("eq", "in")) else FALSE


def evaluate(case):
    """EVL-1: verdict, reasons, missing facts, obligations and until, in the form of the vectors."""
    asked, state = case["request"], case["state"]
    answer = {"verdict": "deny", "reasons": [], "missing": [], "obligations": []}
    is_known = requests.check(asked)
    distinct = {repr((one["policy"], sorted(one.get("parameters", {}).items()), sorted(one.get("via", [])))): one
                for one in case["layers"]}
    layers = [Layer(one, case["policies"], case.get("taxonomies", [])) for one in distinct.values()]
    if not is_known:
        answer["reasons"] = ["operation-unknown"]  # REQ-5
        return answer
    readings = [
        [Reading(layer, asked, state)] + [
            Reading(layer, asked, state, one) for one in layer.permissions if "waives" in one and asked["operation"] != "delete"]
        for layer in layers]
    granted = known(any(layer.grant for layer in layers))
    verdict = And([*(Or(one.expression for one in its) for its in readings), granted])
    answer["verdict"] = {FALSE: "deny", UNKNOWN: "unknown", TRUE: "permit"}[verdict.value]
    reasons = {"no-grant"} if granted.value == verdict.value == FALSE else set()
    for its in readings:
        decided = next(one for one in its if one.value == max(other.value for other in its))
        if decided.value == verdict.value != TRUE:
            reasons |= {code for code, one in decided.conjuncts if one.value == verdict.value}
        elif verdict.value == TRUE and decided.permission:
            reasons.add("waived")
    answer["reasons"] = sorted(reasons)
    answer["missing"] = missing(verdict)
    if verdict.value != FALSE and asked["operation"] != "delete":
        answer["obligations"] = sorted(
            {f"{its[0].layer.name}/{duty}" for its in readings for one in its[0].layer.permissions
             if its[0].applies(one).value != FALSE for duty in one.get("duties", [])})  # DUT-1
    if verdict.value == TRUE:
        answer["until"] = until(layers, asked, state)
    return answer


def until(layers, asked, state):
    """DUT-5."""
    now = seconds(state["now"])
    if asked["operation"] == "store" and not state.get("holds"):
        kept_only = [one.delete_by for one in layers if one.delete_by is not None and one.keep_until is not None
                     and one.delete_by <= now < one.keep_until]
        if kept_only:
            return instant(min(kept_only))
    ends = [seconds(one[member]) for layer in layers for one in layer.sets
            for member in ("notAfter", "deleteBy") if member in one]
    ends = [one for one in ends if one > now]
    return instant(min(ends)) if ends and asked["operation"] != "delete" else None
