// A layer's verdict through its readings, and the decision of all layers. Spec 4.1, 4.8 to 4.11.
import type { DecisionReason, DecisionState, Digest, Evaluation, MissingFact, Obligation } from "@writ/core";
import { byCodePoint } from "./code-point-order.ts";
import { conjunctHolds } from "./conjunct.ts";
import type { Conjunct } from "./conjunct.ts";
import type { Duty, Permission } from "./document.ts";
import { and, known, missingFacts, or, valueOf } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { readFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { endsAfter, keptOnlySince } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { judgeDeletion, judgeLimits, judgeStatus, operationBans } from "./limits.ts";
import type { AskedRequest } from "./request.ts";
import { applies, judgeDuties, judgePermissions, judgeProhibitions } from "./rules.ts";
import type { Situation } from "./situation.ts";
import { parseDuration } from "./time.ts";

/** One way to read a layer: the plain one, or one through a permission that waives. Spec: EVL-9. */
interface LayerReading {
  readonly conjuncts: readonly Conjunct[];
  readonly holds: Expression;
  /** The permission by which it is read; absent in the plain reading. */
  readonly waiver?: string;
}

interface JudgedLayer {
  readonly layer: Layer;
  readonly readings: readonly LayerReading[];
  readonly holds: Expression;
  readonly obligations: readonly Obligation[];
}

/** What one evaluation knows: facts are read once for each assurance. */
interface Case {
  readonly request: AskedRequest;
  readonly state: DecisionState;
  readonly factsAt: (minAssurance: number) => Facts;
}

function judgeConjuncts(situation: Situation, permissions: readonly Permission[]): readonly Conjunct[] {
  const [prohibited, tooBroad] = judgeProhibitions(situation);
  if (situation.request.operation === "delete") {
    const bans: Conjunct = { code: "operation-prohibited", parts: operationBans(situation) };
    return [bans, prohibited, tooBroad, ...judgeDeletion(situation)]; // OPS-3
  }
  return [
    ...judgeLimits(situation),
    judgePermissions(situation, permissions),
    prohibited,
    tooBroad,
    ...judgeDuties(situation),
    judgeStatus(situation),
  ];
}

function read(situation: Situation, permissions: readonly Permission[], waiver?: string): LayerReading {
  const conjuncts = judgeConjuncts(situation, permissions); // EVL-3: all of them, whatever the first ones say
  return { conjuncts, holds: and(conjuncts.map(conjunctHolds)), ...(waiver !== undefined && { waiver }) };
}

function judgeLayer(layer: Layer, { request, state, factsAt }: Case): JudgedLayer {
  const permissions = layer.document.permissions ?? [];
  const plain: Situation = { layer, request, state, facts: factsAt(layer.minAssurance), waived: new Set() };
  const readings = [
    read(
      plain,
      permissions.filter(({ waives }) => !waives),
    ),
  ];
  for (const permission of permissions.filter(({ waives }) => waives)) {
    const facts = factsAt(Math.max(2, layer.minAssurance));
    readings.push(read({ ...plain, facts, waived: new Set(permission.waives) }, [permission], permission.id));
  }
  return { layer, readings, holds: or(readings.map(({ holds }) => holds)), obligations: obligationsOf(plain) };
}

/** Duties of every permission that may apply, named by policy and duty; the key of a record adds artifact, actor and trigger instance. Spec: DUT-1, DUT-2. */
function obligationsOf(situation: Situation): readonly Obligation[] {
  const { document, policy } = situation.layer;
  if (situation.request.operation === "delete") return [];
  const binding = (document.permissions ?? []).filter(
    (permission) => permission.duties && valueOf(applies(situation, permission)) !== false,
  );
  const named = new Set(binding.flatMap(({ duties = [] }) => duties));
  return (document.duties ?? []).filter(({ id }) => named.has(id)).map((duty) => obligationOf(policy, duty));
}

/** A duty of a policy as a decision returns it. Spec: DUT-1. */
export function obligationOf(policy: Digest, duty: Duty): Obligation {
  const { id, type, trigger, within, by, proof, criticality = "required" } = duty;
  return {
    policy,
    duty: id,
    type,
    trigger,
    ...(within !== undefined && { withinSeconds: parseDuration(within)! }),
    ...(by !== undefined && { by }),
    ...(proof !== undefined && { proof }),
    criticality,
  };
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const keys = new Set<string>();
  return items.filter((item) => keys.size < keys.add(keyOf(item)).size);
}

/** Reasons of a layer for the value that the decision has. Spec: RSN-1. */
function reasonsOf({ layer, readings }: JudgedLayer, value: boolean | undefined): readonly DecisionReason[] {
  const reading = readings.find(({ holds }) => valueOf(holds) === value);
  return (reading?.conjuncts ?? []).flatMap(({ code, parts }) =>
    valueOf(and(parts.map(({ holds }) => holds))) !== value
      ? []
      : parts
          .filter(({ holds }) => valueOf(holds) === value)
          .map(({ rule, subject }) => ({
            code,
            policy: layer.policy,
            ...(rule !== undefined && { rule }),
            ...(subject !== undefined && { subject }),
          })),
  );
}

/** Layers that are true only through a waiver. Spec: EVL-9. */
function waivedReasons(judged: readonly JudgedLayer[]): readonly DecisionReason[] {
  return judged.flatMap(({ layer, readings }) => {
    const rule = readings.find(({ holds }) => valueOf(holds) === true)?.waiver;
    return rule === undefined ? [] : [{ code: "waived", policy: layer.policy, rule }];
  });
}

function supplierOf(fact: string): MissingFact["suppliedBy"] {
  if (fact.startsWith("principal.")) return "principal-token";
  if (fact.startsWith("taxonomy:")) return "taxonomy";
  if (fact.startsWith("counter:")) return "counter-store";
  if (fact.startsWith("consent:")) return "consent-source";
  if (fact.startsWith("approval:")) return "approver";
  if (fact.startsWith("custody.")) return "custody";
  return fact === "status" || fact === "holds" ? "status-source" : "caller";
}

function allReasons(
  judged: readonly JudgedLayer[],
  granted: boolean,
  value: boolean | undefined,
): readonly DecisionReason[] {
  const decisive = judged.filter(({ holds }) => valueOf(holds) === value);
  const refused = value === false && !granted ? [{ code: "no-grant" }] : [];
  const reasons =
    value === true ? waivedReasons(judged) : [...refused, ...decisive.flatMap((layer) => reasonsOf(layer, value))];
  return distinct(reasons, (reason) => JSON.stringify(reason));
}

/** Spec: DUT-5. */
function untilOf(layers: readonly Layer[], { operation }: AskedRequest, state: DecisionState): number | null {
  const ends = operation === "delete" ? [] : layers.flatMap((layer) => endsAfter(layer, state.now));
  const past = operation === "store" ? layers.map((layer) => keptOnlySince(layer, state) ?? Infinity) : [];
  const until = Math.min(...ends, ...past);
  return until === Infinity ? null : until;
}

const verdicts = new Map<boolean | undefined, Evaluation["verdict"]>([
  [true, "permit"],
  [false, "deny"],
  [undefined, "unknown"],
]);

function byName(a: Obligation, b: Obligation): number {
  return byCodePoint(a.policy, b.policy) || byCodePoint(a.duty, b.duty);
}

/** Obligations by policy and duty, each once: the first where several layers have it. */
export function sortObligations(obligations: readonly Obligation[]): readonly Obligation[] {
  const sorted = obligations.length > 1 ? obligations.toSorted(byName) : obligations;
  return sorted.filter((item, index) => index === 0 || byName(sorted[index - 1]!, item) !== 0);
}

/** The decision of all layers. Spec: EVL-1 to EVL-9, RSN-1, RSN-2. */
export function decideLayers(layers: readonly Layer[], request: AskedRequest, state: DecisionState): Evaluation {
  if (!request.known && layers.length > 0) {
    const reasons = layers.map(({ policy }) => ({ code: "operation-unknown", policy, subject: request.operation }));
    return { verdict: "deny", reasons: distinct(reasons, JSON.stringify), missing: [], obligations: [], until: null }; // REQ-5
  }
  const byAssurance = new Map<number, Facts>();
  const factsAt = (minAssurance: number): Facts => {
    const facts = byAssurance.get(minAssurance) ?? readFacts(request, state, minAssurance);
    byAssurance.set(minAssurance, facts);
    return facts;
  };
  const judged = layers.map((layer) => judgeLayer(layer, { request, state, factsAt }));
  const granted = layers.some(({ document }) => document.kind === "grant");
  const holds = and([...judged.map((layer) => layer.holds), known(granted)]);
  const value = valueOf(holds);
  const missing = value === undefined ? missingFacts(holds) : [];
  const obligations = value === false ? [] : judged.flatMap((layer) => layer.obligations);
  return {
    verdict: verdicts.get(value)!,
    reasons: allReasons(judged, granted, value),
    missing: missing.map((fact) => ({ fact, suppliedBy: supplierOf(fact) })),
    obligations: sortObligations(obligations),
    until: value === true ? untilOf(layers, request, state) : null,
  };
}

/** Whether anything but a denial is possible for this request in every layer; for pre-checks. */
export function isDenied(layer: Layer, request: AskedRequest, state: DecisionState): boolean {
  const facts = readFacts(request, state, 0);
  return valueOf(judgeLayer(layer, { request, state, factsAt: () => facts }).holds) === false;
}
