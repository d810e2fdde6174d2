// Generated requests and states, and cases of layers with both.
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { DecisionRequest, DecisionState, Evaluator, Operation, PolicyLayer } from "@writ/core";
import {
  compact,
  counter,
  fact,
  grant,
  layer,
  now,
  operations,
  ownTerm,
  parties,
  purposes,
  regions,
  restrict,
  roles,
} from "./arbitrary-layers.ts";

/** A layer, a request and a state. */
export interface Case {
  readonly layers: readonly PolicyLayer[];
  readonly request: DecisionRequest;
  readonly state: DecisionState;
}

function maybe<T>(value: Arbitrary<T>, present = 4): Arbitrary<T | null | undefined> {
  return fc.oneof(
    { weight: present, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const person = fc.record({
  id: fc.constantFrom("svc-1", "u-1"),
  roles: maybe(fc.subarray(roles)),
  org: maybe(fc.constantFrom(...parties, parties[0]!)),
  clearance: maybe(fc.constantFrom("public", "internal", "confidential", "restricted")),
});
const plainPrincipal = fc
  .tuple(person, fc.constantFrom("service", "human"))
  .map(([members, kind]) => compact({ ...members, kind }));
const { principal } = fc.letrec<{ principal: object }>((tie) => ({
  principal: fc.oneof(
    { maxDepth: 2 },
    { weight: 8, arbitrary: plainPrincipal },
    {
      weight: 2,
      arbitrary: fc
        .tuple(person, maybe(tie("principal")))
        .map(([members, actingFor]) => compact({ ...members, kind: "agent", actingFor })),
    },
  ),
}));

const factValue = fc.constantFrom<unknown>("yes", "no", 5, 10, true, false, 1.5, ["clinician"], [], ["clerk", 3], {
  deep: 1,
});

const requestParts = fc.record({
  operation: fc.constantFrom<Operation>(...operations, "read", "read", "aggregate", "delete", "declassify", "delegate"),
  purposes: fc.uniqueArray(fc.constantFrom(...purposes, purposes[0]!, ownTerm, "urn:test:ambulance"), {
    minLength: 1,
    maxLength: 2,
  }),
  /** Which permission of the first layer the request is about; none: it is about anything. */
  aim: fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 2, -1, -1),
  pick: fc.nat({ max: 7 }),
  principal,
  region: maybe(fc.constantFrom(...regions), 6),
  party: maybe(fc.constantFrom(...parties), 6),
  toRegion: maybe(fc.constantFrom(...regions), 6),
  destination: fc.constantFrom("given", "given", "given", "given", "null", "omitted"),
  k: maybe(fc.constantFrom(5, 10, 20)),
  rows: maybe(fc.constantFrom<unknown>(5, 10, "many")),
  output: fc.boolean(),
  fact: maybe(factValue),
  withoutPurposes: fc.boolean(),
});
type RequestParts = typeof requestParts extends Arbitrary<infer T> ? T : never;

interface AimedAt {
  readonly operations: readonly Operation[];
  readonly purposes?: readonly (string | { readonly exactly: string })[];
}

/** What a permission of the layer names, so that many requests are permitted. */
function aimed(parts: RequestParts, first: PolicyLayer | undefined): Pick<RequestParts, "operation" | "purposes"> {
  const permissions = (first?.document["permissions"] ?? []) as unknown as AimedAt[];
  const aim = permissions[parts.aim];
  if (!aim || parts.operation === "delete") return parts;
  const operation = aim.operations[parts.pick % aim.operations.length]!;
  const admitted = (aim.purposes ?? []).map((item) => (typeof item === "string" ? item : item.exactly));
  return {
    operation: (operation as string) === "*" ? parts.operation : operation,
    purposes: admitted.length > 0 ? admitted.slice(0, 1 + (parts.pick % 2)) : parts.purposes,
  };
}

function requestFrom(parts: RequestParts, first: PolicyLayer | undefined): DecisionRequest {
  const { operation, purposes: asked } = aimed(parts, first);
  const outbound = ["share", "transfer", "export", "disclose", "delegate"].includes(operation);
  const destination = parts.destination === "null" ? null : compact({ party: parts.party, region: parts.toRegion });
  return compact({
    operation,
    purposes: operation === "delete" && parts.withoutPurposes ? [] : asked,
    principal: parts.principal,
    region: parts.region,
    destination: outbound && parts.destination !== "omitted" ? destination : undefined,
    output: parts.output ? compact({ k: parts.k, rows: parts.rows }) : undefined,
    facts: parts.fact === undefined ? undefined : { "urn:test:fact": parts.fact },
  }) as unknown as DecisionRequest;
}

/** A request over the vocabulary of the documents. */
export const request: Arbitrary<DecisionRequest> = requestParts.map((parts) => requestFrom(parts, undefined));

const ageMs = fc.constantFrom(undefined, 0, 0, 1000, 7_200_000);
const assurance = fc
  .record({
    all: fc.constantFrom(undefined, 0, 2, 3, 3),
    paths: fc.subarray([
      "region",
      "principal.kind",
      "principal.org",
      "principal.actingFor",
      "output.k",
      "destination.party",
    ]),
  })
  .map(({ all, paths }) => {
    const every = [
      "region",
      "destination.party",
      "destination.region",
      "output.k",
      "output.rows",
      fact,
      ...["principal", "principal.actingFor", "principal.actingFor.actingFor"].flatMap((path) => [
        path,
        ...["id", "kind", "roles", "org", "clearance"].map((name) => `${path}.${name}`),
      ]),
    ];
    if (all === undefined) return undefined;
    return Object.fromEntries(
      every.map((path) => [path, paths.includes(path) ? 1 : all]),
    ) as DecisionState["assurance"];
  });
const consent = fc
  .tuple(fc.constantFrom("given", "given", "given", "refused", "withdrawn", "expired", "unknown"), ageMs)
  .map(([value, age]) => compact({ value, ageMs: age }));
const count = fc.tuple(fc.constantFrom(1, 5, 10, 15), ageMs).map(([uses, age]) => compact({ uses, ageMs: age }));
const entries = [
  { uri: "https://status.example/1", index: 1 },
  { uri: "https://status.example/1", index: 2 },
];
const statusOf = (entry: object): Arbitrary<object> =>
  fc
    .tuple(fc.constantFrom("valid", "valid", "valid", "valid", "revoked", "suspended", "superseded", "unknown"), ageMs)
    .map(([value, age]) => compact({ ...entry, value, ageMs: age }));
const mostly = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });

type StateParts = DecisionState & { readonly approve: readonly string[] };

/** A state; approvals are for layers that are known only later, so `approve` says for which duties. */
export const state: Arbitrary<StateParts> = fc
  .record({
    now: fc.constantFrom(now, now, now, now + 7200),
    assurance,
    custody: mostly(
      fc.constantFrom<object>(
        { origins: ["AWS_KMS"], managers: ["customer"], regions: ["eu-central-1"] },
        { origins: ["AWS_KMS"], managers: ["customer"], regions: ["eu-central-1", "eu-west-1"] },
        { origins: ["EXTERNAL"], managers: [], regions: ["us-east-1"] },
      ),
    ),
    statusEntries: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.constant(entries.slice(0, 1)) },
      { weight: 1, arbitrary: fc.constant(entries) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    status: mostly(fc.tuple(...entries.map(statusOf))),
    consents: mostly(fc.record({ "c-1": consent, "c-2": consent, "c-3": consent }, { requiredKeys: ["c-1"] })),
    counters: mostly(fc.record({ [counter]: count, "urn:test:other": count }, { requiredKeys: [counter] })),
    approve: fc.constantFrom([], ["pre"]),
    holds: mostly(fc.constantFrom([], [], ["case-7"])),
  })
  .map((parts) => compact(parts) as unknown as StateParts);

function withApprovals({ approve, ...rest }: StateParts, layers: readonly PolicyLayer[]): DecisionState {
  const approvals = layers.flatMap(({ policy }) => approve.map((waives) => ({ policy, waives })));
  return approvals.length > 0 ? { ...rest, approvals } : rest;
}

function layerLists(evaluator: Evaluator): Arbitrary<readonly PolicyLayer[]> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.tuple(layer(evaluator, grant)) },
    { weight: 4, arbitrary: fc.tuple(layer(evaluator, grant), layer(evaluator, restrict)) },
    { weight: 2, arbitrary: fc.tuple(layer(evaluator, grant), layer(evaluator, grant)) },
    { weight: 1, arbitrary: fc.array(layer(evaluator, restrict), { maxLength: 1 }) },
  );
}

function caseOf(layers: readonly PolicyLayer[], parts: RequestParts, known: StateParts): Case {
  return { layers, request: requestFrom(parts, layers[0]), state: withApprovals(known, layers) };
}

/** Layers with a request and a state. */
export function cases(evaluator: Evaluator): Arbitrary<Case> {
  return fc
    .tuple(layerLists(evaluator), requestParts, state)
    .map(([layers, parts, known]) => caseOf(layers, parts, known));
}

/** Cases of the same layers, which are dear to make. */
export function caseGroups(evaluator: Evaluator, count: number): Arbitrary<readonly Case[]> {
  const questions = fc.array(fc.tuple(requestParts, state), { minLength: count, maxLength: count });
  return fc
    .tuple(layerLists(evaluator), questions)
    .map(([layers, asked]) => asked.map(([parts, known]) => caseOf(layers, parts, known)));
}
