// What one reading of a layer is judged in: the request, the facts it may believe, the state and how old that may be.
import type { DecisionState } from "@writ/core";
import type { ConditionScope } from "./condition.ts";
import { judgeCondition } from "./condition.ts";
import type { Condition } from "./document.ts";
import { and, known, lookup, or } from "./expression.ts";
import type { Expression } from "./expression.ts";
import type { Facts, Link, Reading } from "./facts.ts";
import { trainingTerms } from "./generated/vocabulary.ts";
import type { Layer } from "./layer.ts";
import type { AskedRequest } from "./request.ts";

/** A layer, read in one way, before one request. */
export interface Situation {
  readonly layer: Layer;
  readonly request: AskedRequest;
  readonly state: DecisionState;
  readonly facts: Facts;
  /** Members of the limits that a waiver leaves out. Spec: EVL-9. */
  readonly waived: ReadonlySet<string>;
}

/** Seconds for which a reading of the layer believes this kind of state; undefined where nothing bounds them. */
export function staleAfter(layer: Layer, waived: ReadonlySet<string>, kind: string): number | undefined {
  return waived.has("maxStaleness") ? undefined : layer.maxStaleness.get(kind);
}

/** Whether an age is beyond a bound in seconds; an age that isn't known is beyond every bound. Spec: EVL-4. */
export function isBeyond(bound: number | undefined, ageMs: number | undefined): boolean {
  return bound !== undefined && (ageMs === undefined || !(ageMs <= bound * 1000));
}

/** Whether a value of this age is too old to let a use pass. Spec: EVL-4. */
export function isStale({ layer, waived }: Situation, kind: string, ageMs: number | undefined): boolean {
  return isBeyond(staleAfter(layer, waived, kind), ageMs);
}

type Counter = NonNullable<DecisionState["counters"]>[string];

/** A counter of the state, or undefined where it doesn't tell a number of uses. */
export function counterOf({ counters }: DecisionState, iri: string): Counter | undefined {
  if (counters === undefined || !Object.hasOwn(counters, iri)) return undefined;
  const counter = counters[iri];
  return Number.isSafeInteger(counter?.uses) ? counter : undefined;
}

/** A counter of the state, as a reading. */
export function readCounter(situation: Situation, iri: string): { readonly reading: Reading; readonly stale: boolean } {
  const counter = counterOf(situation.state, iri);
  if (!counter) return { reading: { known: false, facts: [`counter:${iri}`] }, stale: false };
  return { reading: { known: true, value: counter.uses }, stale: isStale(situation, "counter", counter.ageMs) };
}

/** A counter as a condition reads it: too old is not known. Spec: EVL-4. */
function freshCounter(situation: Situation, iri: string): Reading {
  const { reading, stale } = readCounter(situation, iri);
  return stale ? { known: false, facts: [`counter:${iri}`] } : reading;
}

const refusals = ["refused", "withdrawn", "expired"];

/** Whether a consent is given, by a state that is believed for `bound` seconds; undefined for unknown. Spec: LIM-7. */
export function consentHolds({ consents }: DecisionState, id: string, bound: number | undefined): boolean | undefined {
  const consent = consents !== undefined && Object.hasOwn(consents, id) ? consents[id] : undefined;
  if (consent?.value === "given") return isBeyond(bound, consent.ageMs) ? undefined : true;
  return consent !== undefined && refusals.includes(consent.value) ? false : undefined;
}

/** A consent of the state. Spec: LIM-7. */
export function judgeConsent(situation: Situation, id: string): Expression {
  const { layer, waived, state } = situation;
  const holds = consentHolds(state, id, staleAfter(layer, waived, "consent"));
  return holds === undefined ? lookup(`consent:${id}`) : known(holds);
}

/** A relation between purposes, unknown where a pinned taxonomy is lacking. Spec: TAX-5, PUR-4. */
export function relation({ layer }: Situation, holds: () => boolean): Expression {
  const { lacking } = layer.graph;
  return lacking.length > 0 ? lookup(...lacking.map((iri) => `taxonomy:${iri}`)) : known(holds());
}

/** Whether the request counts as `train` beside its own operation. Spec: PUR-5, OPS-3. */
export function isTraining(situation: Situation): Expression {
  const { request, layer } = situation;
  if (request.operation === "delete") return known(false);
  const { graph } = layer;
  const trains = (purpose: string): boolean =>
    graph.training[graph.placeOf(purpose)] === 1 || trainingTerms.includes(purpose);
  return relation(situation, () => request.purposes.some(trains));
}

function scope(situation: Situation, link: Link, roles: Reading): ConditionScope {
  return { facts: situation.facts, link, roles, counter: (iri) => freshCounter(situation, iri) };
}

/** A condition of a permission: it holds for every link, with the effective roles. Spec: PRN-3, CND-2. */
export function holdsForAll(situation: Situation, when: Condition | undefined): Expression {
  if (!when) return known(true);
  const { links, effectiveRoles } = situation.facts;
  return and(links.map((link) => judgeCondition(when, scope(situation, link, effectiveRoles))));
}

/** A condition of a prohibition: it holds for a link, with its own or the effective roles. Spec: PRN-3, CND-2. */
export function holdsForAny(situation: Situation, when: Condition | undefined): Expression {
  if (!when) return known(true);
  const { links, effectiveRoles } = situation.facts;
  return or(
    links.flatMap((link) => {
      const own = judgeCondition(when, scope(situation, link, link.read("roles")));
      return links.length === 1 ? own : [own, judgeCondition(when, scope(situation, link, effectiveRoles))];
    }),
  );
}
