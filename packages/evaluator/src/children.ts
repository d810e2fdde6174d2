// What becomes of the parents' layers in a derived artifact. Spec 4.12.
import type {
  ChildLayer,
  ChildLayers,
  DecisionReason,
  DecisionState,
  Digest,
  JsonObject,
  Operation,
  PolicyLayer,
} from "@writ/core";
import { operations } from "@writ/core";
import { byCodePoint } from "./code-point-order.ts";
import { judgeCondition } from "./condition.ts";
import type { Condition } from "./document.ts";
import { valueOf } from "./expression.ts";
import { readFacts } from "./facts.ts";
import { readLayer } from "./layer.ts";
import type { Policy } from "./policy.ts";
import type { AskedRequest } from "./request.ts";

/** Reads the document of a policy; throws PolicyError. */
export type ReadPolicy = (document: JsonObject) => Policy;

const noState: DecisionState = { now: 0 };

/** Whether `requires` holds of the attested output; unknown is no. Spec: INH-4. */
function isReleased(requires: Condition, output: JsonObject | undefined): boolean {
  const given = Object.entries(output ?? {}).map(([name, value]): [string, unknown] => [`output.${name}`, value]);
  const request: AskedRequest = {
    operation: "read",
    known: true,
    outbound: false,
    purposes: [],
    links: [],
    facts: new Map(given),
  };
  const nothing = { known: false, facts: [] } as const;
  const scope = {
    facts: readFacts(request, noState, 0),
    link: { path: "", autonomous: nothing, read: () => nothing },
    roles: nothing,
    counter: () => nothing,
  };
  return valueOf(judgeCondition(requires, scope)) === true;
}

/** Writes in the order of the operation table, each once. Spec: INH-3. */
function inTableOrder(via: Iterable<string>): readonly Operation[] {
  const named = new Set(via);
  return operations.filter((operation) => named.has(operation));
}

function keyOf({ policy, parameters, via }: ChildLayer): string {
  const values = Object.entries(parameters).sort(([a], [b]) => byCodePoint(a, b));
  return JSON.stringify([policy, values, via]);
}

interface Outcome {
  /** Absent where there is no child. */
  readonly layer?: ChildLayer;
  readonly forbiddenBy?: Digest;
  readonly release?: ChildLayers["releases"][number];
  readonly refused?: DecisionReason;
}

function released(old: PolicyLayer, from: Policy, to: Digest, policy: Policy | undefined): Outcome {
  const refuse = (subject: string): Outcome => ({
    refused: { code: "release-refused", policy: old.policy, rule: to, subject },
  });
  if (!policy) return refuse(to);
  const parameters = Object.create(null) as Record<string, string | number | boolean>;
  for (const [name, type] of Object.entries(policy.document.parameters ?? {})) {
    const declared = from.document.parameters ?? {};
    if (!Object.hasOwn(declared, name) || declared[name] !== type) return refuse(name);
    parameters[name] = old.parameters[name]!;
  }
  return { layer: { policy: to, parameters, via: [] }, release: { from: old.policy, to } };
}

function outcomeOf(
  old: PolicyLayer,
  policy: Policy,
  operation: Operation,
  output: JsonObject | undefined,
  lookup: (policy: Digest) => Policy | undefined,
): Outcome {
  const derive = policy.document.derive ?? {};
  const entry = Object.hasOwn(derive, operation) ? derive[operation] : undefined;
  const via =
    entry !== undefined && entry !== "forbid" && "inherit" in entry && entry.add ? [...old.via, operation] : old.via;
  const layer = { policy: old.policy, parameters: old.parameters, via: inTableOrder(via) };
  if (entry === "forbid") return { forbiddenBy: old.policy };
  if (entry === undefined || "inherit" in entry || !isReleased(entry.release.requires, output)) return { layer };
  const to = entry.release.policy as Digest;
  return released(old, policy, to, lookup(to));
}

function distinct<T>(items: readonly (T | undefined)[], key: (item: T) => string): readonly T[] {
  const found = new Map<string, T>();
  for (const item of items) if (item !== undefined) found.set(key(item), item);
  return [...found].sort(([a], [b]) => byCodePoint(a, b)).map(([, item]) => item);
}

/** The child's layers, in an order that doesn't depend on that of the parents. Throws PolicyError. Spec: INH-1 to INH-5. */
export function layersOfChild(
  parents: readonly (readonly PolicyLayer[])[],
  operation: Operation,
  output: JsonObject | undefined,
  lookup: (policy: Digest) => JsonObject | undefined,
  readPolicy: ReadPolicy,
): ChildLayers {
  const named = (digest: Digest): Policy | undefined => {
    const document = lookup(digest);
    return document && readPolicy(document);
  };
  const outcomes = parents.flat().map((old) => {
    const policy = readPolicy(old.document);
    readLayer(old, policy); // POL-15
    return outcomeOf(old, policy, operation, output, named);
  });
  return {
    layers: distinct(
      outcomes.map(({ layer }) => layer),
      keyOf,
    ),
    forbiddenBy: distinct(
      outcomes.map(({ forbiddenBy }) => forbiddenBy),
      String,
    ),
    releases: distinct(
      outcomes.map(({ release }) => release),
      JSON.stringify,
    ),
    refused: distinct(
      outcomes.map(({ refused }) => refused),
      JSON.stringify,
    ),
  };
}
