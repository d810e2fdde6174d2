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

/** Whether a value of this age is too old to let a use pass. Spec: EVL-4. */
export function isStale({ layer, waived }: Situation, kind: string, ageMs: number | undefined): boolean {
  const bound = layer.maxStaleness.get(kind);
  if (bound === undefined || waived.has("maxStaleness")) return false;
  return ageMs === undefined || !(ageMs <= bound * 1000);
}

/** A counter of the state. */
export function readCounter(situation: Situation, iri: string): { readonly reading: Reading; readonly stale: boolean } {
  const { counters = {} } = situation.state;
  const counter = Object.hasOwn(counters, iri) ? counters[iri] : undefined;
  if (!Number.isSafeInteger(counter?.uses))
    return { reading: { known: false, facts: [`counter:${iri}`] }, stale: false };
  return { reading: { known: true, value: counter!.uses }, stale: isStale(situation, "counter", counter!.ageMs) };
}

/** A counter as a condition reads it: too old is not known. Spec: EVL-4. */
function freshCounter(situation: Situation, iri: string): Reading {
  const { reading, stale } = readCounter(situation, iri);
  return stale ? { known: false, facts: [`counter:${iri}`] } : reading;
}

/** A consent of the state. Spec: LIM-7. */
export function judgeConsent(situation: Situation, id: string): Expression {
  const { consents = {} } = situation.state;
  const consent = Object.hasOwn(consents, id) ? consents[id] : undefined;
  if (consent?.value === "given")
    return isStale(situation, "consent", consent.ageMs) ? lookup(`consent:${id}`) : known(true);
  const refused = consent !== undefined && ["refused", "withdrawn", "expired"].includes(consent.value);
  return refused ? known(false) : lookup(`consent:${id}`);
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
  return relation(situation, () =>
    request.purposes.some((purpose) => trainingTerms.some((term) => layer.graph.isWithin(purpose, term))),
  );
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
    links.flatMap((link) => [
      judgeCondition(when, scope(situation, link, link.read("roles"))),
      judgeCondition(when, scope(situation, link, effectiveRoles)),
    ]),
  );
}
