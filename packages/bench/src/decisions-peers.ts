// The same rules in Cedar, json-logic and casbin. Each is prepared once and then asked for every request.
import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Schema, StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import { newEnforcer, newModelFromString } from "casbin";
import jsonLogic from "json-logic-js";
import { upwards } from "./decisions-rules.ts";
import type { Links, PlainRequest, Rules, Test } from "./decisions-rules.ts";

/** An engine that was told the rules: true for permit. */
export interface Peer<T> {
  readonly name: string;
  /** The request as the engine takes it, made ahead. */
  ready(request: PlainRequest): T;
  permits(ready: T): boolean;
}

const text = (value: string): string => JSON.stringify(value);
const joined = (parts: readonly string[], operator: string, empty: string): string =>
  parts.length === 0 ? empty : `(${parts.join(` ${operator} `)})`;

function cedarTest(test: Test): string {
  const purpose = (term: string): string => `Purpose::${text(term)}`;
  switch (test.kind) {
    case "all":
      return joined(test.tests.map(cedarTest), "&&", "true");
    case "any":
      return joined(test.tests.map(cedarTest), "||", "false");
    case "not":
      return `!${joined([cedarTest(test.test)], "&&", "true")}`;
    case "oneOf":
      if (test.values.length === 0) return "false";
      return `[${test.values.map(text).join()}].contains(context.${test.field})`;
    case "purpose":
      return joined(
        [
          ...(test.within.length > 0 ? [`context.purpose in [${test.within.map(purpose).join()}]`] : []),
          ...(test.exactly.length > 0 ? [`[${test.exactly.map(purpose).join()}].contains(context.purpose)`] : []),
        ],
        "||",
        "false",
      );
    case "hasRole":
      return `context.roles.containsAny([${test.values.map(text).join()}])`;
    case "clearance":
      return `(context.clearance ${test.compare} ${test.level})`;
  }
}

const cedarSchema: Schema = `
entity Principal; entity Data; entity Purpose in [Purpose];
action "use" appliesTo { principal: Principal, resource: Data, context: {
  operation: String, purpose: Purpose, org: String, principalKind: String, roles: Set<String>, clearance: Long, region: String } };
`;

const cedarIds = {
  principal: { type: "Principal", id: "p" },
  action: { type: "Action", id: "use" },
  resource: { type: "Data", id: "d" },
};

function cedarPolicies({ limits, permissions, prohibitions }: Rules): string {
  return [
    ...limits.map((test) => `forbid(principal, action, resource) unless { ${cedarTest(test)} };`),
    ...permissions.map((test) => `permit(principal, action, resource) when { ${cedarTest(test)} };`),
    ...prohibitions.map((test) => `forbid(principal, action, resource) when { ${cedarTest(test)} };`),
  ].join("\n");
}

type CedarCall = Pick<StatefulAuthorizationCall, "principal" | "action" | "resource" | "context" | "entities">;

let cedarCount = 0;

/** What Cedar is given of the purposes: the requested one alone, with all that are broader, or every term. */
export type GivenPurposes = "requested" | "all";

/** Cedar with a schema; policies and schema are parsed ahead. */
export function cedar(
  rules: Rules,
  links: Links,
  validateRequest: boolean,
  given: GivenPurposes = "requested",
): Peer<CedarCall> {
  const name = `rules-${(cedarCount += 1)}`;
  const parsed = preparsePolicySet(name, { staticPolicies: cedarPolicies(rules) });
  if (parsed.type === "failure") throw new TypeError(`cedar refuses the rules: ${JSON.stringify(parsed.errors)}`);
  const schema = preparseSchema("writ", cedarSchema);
  if (schema.type === "failure") throw new TypeError(`cedar refuses the schema: ${JSON.stringify(schema.errors)}`);
  const entity = (term: string): CedarCall["entities"][number] => ({
    uid: { type: "Purpose", id: term },
    attrs: {},
    parents: [...upwards(term, links)].filter((one) => one !== term).map((id) => ({ type: "Purpose", id })),
  });
  return {
    name: `cedar-wasm${validateRequest ? ", request validated" : ""}${given === "all" ? ", all of DPV given" : ""}`,
    ready: ({ purpose, roles, ...rest }) => {
      const purposes = given === "all" ? Object.keys(links) : [purpose];
      return {
        ...cedarIds,
        context: { ...rest, roles: [...roles], purpose: { __entity: { type: "Purpose", id: purpose } } },
        entities: purposes.map(entity),
      };
    },
    permits: (call) => {
      const answer = statefulIsAuthorized({
        ...call,
        preparsedPolicySetId: name,
        preparsedSchemaName: "writ",
        validateRequest,
      });
      if (answer.type === "failure") throw new TypeError(`cedar fails: ${JSON.stringify(answer.errors)}`);
      if (answer.response.diagnostics.errors.length > 0) throw new TypeError("cedar evaluates with errors");
      return answer.response.decision === "allow";
    },
  };
}

type Logic = Parameters<typeof jsonLogic.apply>[0];

/** Terms that lie within one of these. */
function downwards(terms: readonly string[], links: Links): readonly string[] {
  const known = new Set([...Object.keys(links), ...terms]);
  return [...known].filter((term) => terms.some((broad) => upwards(term, links).has(broad)));
}

function logicTest(test: Test, links: Links): Logic {
  switch (test.kind) {
    case "all":
      return { and: [true, ...test.tests.map((part) => logicTest(part, links))] };
    case "any":
      return { or: [false, ...test.tests.map((part) => logicTest(part, links))] };
    case "not":
      return { "!": [logicTest(test.test, links)] };
    case "oneOf":
      return { in: [{ var: test.field }, test.values] };
    case "purpose":
      return { in: [{ var: "purpose" }, [...downwards(test.within, links), ...test.exactly]] };
    case "hasRole":
      return { some: [{ var: "roles" }, { in: [{ var: "" }, test.values] }] };
    case "clearance":
      return { [test.compare]: [{ var: "clearance" }, test.level] };
  }
}

/** json-logic with the hierarchy of purposes written out. */
export function logic({ limits, permissions, prohibitions }: Rules, links: Links): Peer<PlainRequest> {
  const of = (tests: readonly Test[]): Logic[] => tests.map((test) => logicTest(test, links));
  const rule: Logic = {
    and: [true, ...of(limits), { or: [false, ...of(permissions)] }, { "!": [{ or: [false, ...of(prohibitions)] }] }],
  };
  return {
    name: "json-logic",
    ready: (request) => request,
    permits: (request) => jsonLogic.apply(rule, request) === true,
  };
}

function casbinTest(test: Test): string {
  const list = (values: readonly string[]): string => `"${values.join(" ")}"`;
  switch (test.kind) {
    case "all":
      return joined(test.tests.map(casbinTest), "&&", "(1 == 1)");
    case "any":
      return joined(test.tests.map(casbinTest), "||", "(1 == 2)");
    case "not":
      return `!${joined([casbinTest(test.test)], "&&", "(1 == 1)")}`;
    case "oneOf":
      return `oneOf(r.req.${test.field}, ${list(test.values)})`;
    case "purpose":
      return `(within(r.req.purpose, ${list(test.within)}) || oneOf(r.req.purpose, ${list(test.exactly)}))`;
    case "hasRole":
      return `hasRole(r.req.roles, ${list(test.values)})`;
    case "clearance":
      return `(r.req.clearance ${test.compare} ${test.level})`;
  }
}

const casbinModel = `
[request_definition]
r = req
[policy_definition]
p = rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = eval(p.rule)
`;

/** casbin with a function for the hierarchy, whose lists are split once. */
export async function casbin(rules: Rules, links: Links): Promise<Peer<PlainRequest>> {
  const enforcer = await newEnforcer(newModelFromString(casbinModel));
  const lists = new Map<string, ReadonlySet<string>>();
  const setOf = (list: string, expand: (values: string[]) => readonly string[], kind: string): ReadonlySet<string> => {
    const key = `${kind} ${list}`;
    const known = lists.get(key) ?? new Set(expand(list === "" ? [] : list.split(" ")));
    lists.set(key, known);
    return known;
  };
  const same = (values: string[]): readonly string[] => values;
  await enforcer.addFunction("oneOf", (value: string, list: string) => setOf(list, same, "same").has(value));
  await enforcer.addFunction("within", (value: string, list: string) =>
    setOf(list, (values) => downwards(values, links), "within").has(value),
  );
  await enforcer.addFunction("hasRole", (values: readonly string[], list: string) =>
    values.some((value) => setOf(list, same, "same").has(value)),
  );
  const add = async (tests: readonly string[], effect: string): Promise<void> => {
    for (const test of tests) await enforcer.addPolicy(test, effect);
  };
  await add(
    rules.limits.map((test) => `!${casbinTest(test)}`),
    "deny",
  );
  await add(rules.permissions.map(casbinTest), "allow");
  await add(rules.prohibitions.map(casbinTest), "deny");
  return { name: "casbin", ready: (request) => request, permits: (request) => enforcer.enforceSync(request) };
}
