// Generated documents that can be signed, and layers of them, over a small vocabulary so that rules and requests meet.
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { Digest, Evaluator, JsonObject, Operation, PolicyLayer } from "@writ/core";
import { taxonomyDigest } from "@writ/evaluator";
import { digestOf } from "./vector-files.ts";

const health = {
  iri: "urn:test:health",
  version: "1",
  terms: {
    "urn:test:care": ["https://w3id.org/dpv#PublicBenefit"],
    "urn:test:ambulance": ["urn:test:care", "urn:writ:term:Emergency"],
  },
};

/** A second taxonomy that the evaluators of these tests hold. */
export const heldTaxonomy = { ...health, digest: taxonomyDigest(health) };
const dpvPin = {
  iri: "https://w3id.org/dpv",
  version: "2.3",
  digest:
    "sha384:29bee9a3048ab421bad0a43fadd72b234559f29186aa95ea4cf611fa06124512412b7e3aee719f8ba3c72285db2cdc39" as Digest,
};
const healthPin = { iri: heldTaxonomy.iri, version: heldTaxonomy.version, digest: heldTaxonomy.digest };
const lackingPin = { iri: "urn:test:lacking", version: "1", digest: digestOf("a taxonomy that nobody holds") };

export const now = Date.UTC(2026, 2, 1) / 1000;
const past = "2026-02-01T00:00:00Z";
const soon = "2026-03-01T01:00:00Z";
const late = "2026-04-01T00:00:00Z";

function rarely<T>(arbitrary: Arbitrary<T>, weight = 1): Arbitrary<T | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
}

function some<T>(items: readonly T[], maxLength = 3): Arbitrary<T[]> {
  return fc.subarray([...items], { minLength: 1, maxLength: Math.min(maxLength, items.length) });
}

export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function compactOrNone<T extends object>(value: T): object | undefined {
  const kept = compact(value);
  return Object.keys(kept).length > 0 ? kept : undefined;
}

export const purposes = [
  "dpv:AcademicResearch",
  "dpv:CommercialResearch",
  "dpv:ResearchAndDevelopment",
  "dpv:PublicBenefit",
  "dpv:Marketing",
  "dpv:Advertising",
  "dpv:ServiceProvision",
  "writ:ModelTraining",
  "writ:Emergency",
];
export const ownTerm = "urn:test:cardiac";
export const operations = [
  "read",
  "aggregate",
  "train",
  "infer",
  "store",
  "share",
  "transfer",
  "export",
  "disclose",
] as const;
export const parties = ["urn:org:acme", "urn:org:beta"];
export const regions = ["EU", "DE", "DE-BY", "US", "CH", "EEA"];
export const roles = ["clinician", "researcher", "clerk"];
export const counter = "urn:test:counter";
export const fact = "facts.urn:test:fact";

const term = fc.constantFrom(...purposes, purposes[0]!, purposes[2]!);
const clause = fc.uniqueArray(
  fc.oneof({ weight: 5, arbitrary: term }, { weight: 1, arbitrary: fc.record({ exactly: term }) }),
  {
    minLength: 1,
    maxLength: 3,
    selector: (item) => JSON.stringify(item),
  },
);
const consents = fc.subarray<string | { param: string }>(["c-1", "c-2", { param: "consent" }], {
  minLength: 1,
  maxLength: 2,
});
const instant = (...times: string[]): Arbitrary<string | { param: string }> =>
  fc.constantFrom<string | { param: string }>(...times, ...times, { param: "time" });

const equality = <T>(value: Arbitrary<T>): Arbitrary<object>[] => [
  fc.record({ eq: value }),
  fc.record({ ne: value }),
  fc.record({ in: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }) }),
  fc.record({ notIn: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }) }),
];
const order = <T>(value: Arbitrary<T>): Arbitrary<object>[] =>
  ["lt", "lte", "gt", "gte"].map((operator) => fc.record({ [operator]: value }));
const membership = ["hasAny", "hasAll", "hasNone"].map((operator) => fc.record({ [operator]: some(roles, 2) }));
const exists = fc.record({ exists: fc.boolean() });
const oneOf = (operators: readonly Arbitrary<object>[]): Arbitrary<object> => fc.oneof(...operators, exists);
const integers = fc.constantFrom(5, 10, 15);
const orParam = <T>(value: Arbitrary<T>, param: string): Arbitrary<T | { param: string }> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant({ param }) });

const field = fc.oneof(
  fc.record({ "principal.org": oneOf(equality(orParam(fc.constantFrom(...parties), "org"))) }),
  fc.record({ "principal.id": oneOf(equality(fc.constantFrom("svc-1", "u-1"))) }),
  fc.record({ "principal.kind": oneOf(equality(fc.constantFrom("service", "human", "agent"))) }),
  fc.record({ "principal.roles": oneOf(membership) }),
  fc.record({
    "principal.clearance": oneOf([
      ...equality(fc.constantFrom("internal", "confidential")),
      ...order(fc.constantFrom("internal", "confidential")),
    ]),
  }),
  fc.record({ region: oneOf(equality(fc.constantFrom(...regions))) }),
  fc.record({ "destination.region": oneOf(equality(fc.constantFrom(...regions))) }),
  fc.record({ "destination.party": oneOf(equality(fc.constantFrom(...parties))) }),
  fc.record({ "output.k": oneOf([...equality(integers), ...order(orParam(integers, "n"))]) }),
  fc.record({ "output.rows": oneOf([...equality(integers), ...order(integers)]) }),
  fc.record({ [`uses.${counter}`]: oneOf([...equality(integers), ...order(integers)]) }),
  fc.record({
    [fact]: oneOf([
      ...equality(fc.constantFrom("yes", "no")),
      ...equality(integers),
      ...equality(fc.boolean()),
      ...order(integers),
      ...membership,
    ]),
  }),
);

const { condition } = fc.letrec<{ condition: object; leaf: object }>((tie) => ({
  leaf: fc.array(field, { minLength: 1, maxLength: 2 }).map((fields) => Object.assign({}, ...fields) as object),
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 5, arbitrary: tie("leaf") },
    { weight: 1, arbitrary: fc.record({ all: fc.array(tie("condition"), { minLength: 1, maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ any: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ not: tie("condition") }) },
  ),
}));

/** Limits, each member now and then; undefined where none is there. */
export const limits: Arbitrary<object | undefined> = fc
  .record({
    purposes: rarely(fc.array(clause, { minLength: 1, maxLength: 2 }).map((list) => dedupe(list))),
    notPurposes: rarely(fc.uniqueArray(term, { minLength: 1, maxLength: 2 })),
    notOperations: rarely(some(["train", "disclose", "copy", "delete", "aggregate", "read"], 2)),
    regions: rarely(fc.array(some(regions, 2), { minLength: 1, maxLength: 2 }).map((list) => dedupe(list))),
    parties: rarely(
      fc.array(some<string | object>([...parties, { param: "org" }], 2), { minLength: 1, maxLength: 2 }).map(dedupe),
    ),
    notParties: rarely(some<string | object>([...parties, { param: "org" }], 1)),
    principals: rarely(some(["service", "human", "agent", "autonomous"], 4), 3),
    notBefore: rarely(instant(past, past, past, soon)),
    notAfter: rarely(instant(late, soon, late, past)),
    maxUses: rarely(fc.constantFrom({ [counter]: 10 }, { [counter]: 5, "urn:test:other": 3 })),
    deleteBy: rarely(instant(late, soon, past)),
    keepUntil: rarely(instant(late, past)),
    minAssurance: rarely(fc.constantFrom(1, 2, 3)),
    kAnonymity: rarely(integers),
    consents: rarely(consents),
    custody: rarely(
      fc.constantFrom<object>(
        { managers: ["customer"] },
        { origins: ["AWS_KMS", "AWS_CLOUDHSM"], regions: ["eu-*"] },
        { regions: ["eu-central-1", "us-*"] },
      ),
    ),
    maxStaleness: rarely(
      fc.constantFrom<object>(
        { counter: "PT1H" },
        { consent: "PT1H", status: "PT1H" },
        { approval: "PT1H", counter: "PT0S" },
      ),
    ),
  })
  .map(compactOrNone);

function dedupe<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** Duties by id: `rep` is what a waiver needs. */
const dutyTexts = {
  rep: { id: "rep", type: "report", trigger: "after-use", within: "P1D" },
  pre: { id: "pre", type: "review", trigger: "before-use" },
  ext: { id: "ext", type: "urn:test:duty", trigger: "each-use" },
  adv: {
    id: "adv",
    type: "urn:test:duty",
    trigger: "each-use",
    criticality: "advisory",
    by: "urn:role:x",
    proof: "receipt",
  },
};
type DutyName = keyof typeof dutyTexts;

const duties = fc.constantFrom<DutyName[] | undefined>(
  ...([undefined, undefined, undefined, undefined, ["rep"], ["rep"], ["adv"], ["rep", "adv"], ["pre"], ["ext"]] as (
    | DutyName[]
    | undefined
  )[]),
);

const plainPermission = fc.record({
  operations: fc.subarray([...operations], { minLength: 2 }),
  purposes: fc.oneof({ weight: 2, arbitrary: clause }, { weight: 1, arbitrary: fc.constant(undefined) }),
  when: rarely(condition, 6),
  duties,
  consents: rarely(consents),
  waives: fc.constant(undefined),
});
const freePermission = plainPermission.map((permission) => ({ ...permission, operations: ["*"], unrestricted: true }));
const waivingPermission = fc.record({
  operations: fc.subarray([...operations], { minLength: 3 }),
  purposes: fc.constant(["writ:Emergency"]),
  when: rarely(condition),
  duties: fc.constantFrom<DutyName[]>(["rep"], ["rep", "adv"]),
  consents: rarely(consents),
  waives: some(["consents", "maxStaleness", "regions"]),
});
const permission = fc.oneof(
  { weight: 8, arbitrary: plainPermission },
  { weight: 2, arbitrary: freePermission },
  { weight: 2, arbitrary: waivingPermission },
);
const prohibition = fc.record({
  operations: fc.oneof(
    { weight: 1, arbitrary: fc.constant(["*"]) },
    { weight: 2, arbitrary: some([...operations, "delete"], 2) },
  ),
  purposes: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some(purposes, 2) }),
  when: fc.oneof({ weight: 5, arbitrary: condition }, { weight: 1, arbitrary: fc.constant(undefined) }),
});
const add = fc.tuple(limits, fc.constantFrom("aggregate", "train", "share"));

/** Adds ids, the duties that are named and the parameters that are used. */
function finish(parts: {
  readonly permissions: readonly { duties?: DutyName[] | undefined }[];
  readonly [member: string]: unknown;
}): JsonObject {
  const withIds = (list: readonly object[] | undefined, letter: string): object[] | undefined =>
    list && list.length > 0
      ? list.map((item, index) => ({ id: `${letter}${index + 1}`, ...compact(item) }))
      : undefined;
  const named = new Set(parts.permissions.flatMap((item) => item.duties ?? []));
  const document = compact({
    version: 1,
    id: "urn:test:policy",
    authority: "urn:test:office",
    ...parts,
    permissions: withIds(parts.permissions, "p"),
    prohibitions: withIds(parts["prohibitions"] as object[], "f"),
    duties: named.size > 0 ? [...named].map((name) => dutyTexts[name]) : undefined,
  }) as unknown as JsonObject;
  const text = JSON.stringify(document);
  const types = { consent: "string", org: "iri", time: "instant", n: "integer" };
  const used = Object.entries(types).filter(([name]) => text.includes(`{"param":"${name}"}`));
  return used.length > 0 ? { ...document, parameters: Object.fromEntries(used) } : document;
}

/** Values for every parameter a document can declare; `forLayer` picks those it does. */
const parameterValues = fc.record({
  consent: fc.constantFrom("c-1", "c-3"),
  org: fc.constantFrom(...parties),
  time: fc.constantFrom(late, past),
  n: integers,
});

const taxonomies = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  [dpvPin],
  [dpvPin, healthPin],
  [dpvPin, healthPin],
);

/** A document as an author writes it, ready to be prepared. */
export const grant: Arbitrary<JsonObject> = fc
  .record({
    kind: fc.constant("grant"),
    taxonomies,
    terms: rarely(fc.constant({ [ownTerm]: ["dpv:AcademicResearch"] }), 3),
    limits,
    permissions: fc.array(permission, { minLength: 1, maxLength: 3 }),
    prohibitions: rarely(fc.array(prohibition, { minLength: 1, maxLength: 2 }), 5),
    add: rarely(add, 3),
  })
  .map(({ add: entry, ...rest }) => finish({ ...rest, derive: deriveOf(entry) }));

/** A document that only narrows. */
export const restrict: Arbitrary<JsonObject> = fc
  .record({
    kind: fc.constant("restrict"),
    taxonomies,
    limits,
    permissions: fc.constant([]),
    prohibitions: rarely(fc.array(prohibition, { minLength: 1, maxLength: 2 }), 5),
    add: rarely(add, 3),
  })
  .map(({ add: entry, ...rest }) => finish({ ...rest, derive: deriveOf(entry) }));

function deriveOf(entry: [object | undefined, string] | undefined): object | undefined {
  if (!entry) return undefined;
  const [limitsOfAdd, operation] = entry;
  return { [operation]: limitsOfAdd ? { inherit: true, add: limitsOfAdd } : { inherit: true } };
}

/** A layer: a prepared document, values for its parameters, its `add` in force or not. */
export function layerFrom(
  evaluator: Evaluator,
  written: JsonObject,
  values: Readonly<Record<string, string | number>>,
  isVia: boolean,
  lacks: boolean,
): PolicyLayer {
  const prepared = evaluator.prepare(JSON.stringify(written)).document;
  const pins = prepared["taxonomies"] as JsonObject[];
  const document = lacks ? { ...prepared, taxonomies: [...pins, lackingPin] } : prepared;
  const declared = Object.keys((prepared["parameters"] ?? {}) as object);
  const adding = Object.entries((prepared["derive"] ?? {}) as Record<string, JsonObject>).filter(
    ([, entry]) => entry["add"],
  );
  return {
    policy: digestOf(JSON.stringify(document)),
    document,
    parameters: Object.fromEntries(declared.map((name) => [name, values[name]!])),
    via: isVia ? adding.map(([operation]) => operation as Operation) : [],
  };
}

/** A layer of a generated document. */
export function layer(evaluator: Evaluator, documents: Arbitrary<JsonObject>): Arbitrary<PolicyLayer> {
  return fc
    .tuple(documents, parameterValues, fc.boolean(), fc.integer({ min: 0, max: 19 }))
    .map(([written, values, isVia, dice]) => layerFrom(evaluator, written, values, isVia, dice === 0));
}
