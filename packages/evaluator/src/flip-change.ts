// One change of a request, or of what is known beside it. Spec 4.14.
import type { DecisionRequest, DecisionState, Digest, JsonValue, Operation } from "@writ/core";
import { isOutbound } from "./operation-table.ts";

/** One fact that gets another value, fresh and, where said, better proven. Spec: FLP-1. */
export interface Change {
  /**
   * `operation`, `purposes`, `now`, or a fact as `missing` names it: `region`, `principal.org`, `output.k`, `facts.IRI`,
   * `consent:ID`, `counter:IRI`, `approval:DUTY`, `status`, `holds`, `custody.regions`.
   */
  readonly fact: string;
  /** Null: known to be absent. Of `now` seconds since the epoch, of an approval the digests of the policies whose duty it waives. */
  readonly value: JsonValue;
  /** Assurance of the fact from then on; absent where it stays as it is. */
  readonly assurance?: 0 | 1 | 2 | 3;
}

/** A request and what is known beside it. */
export interface Asked {
  readonly request: DecisionRequest;
  readonly state: DecisionState;
}

type Plain = Readonly<Record<string, unknown>>;

/** A copy with another value at the end of the path; what lies between is made where it isn't there. */
function placed(target: unknown, [name = "", ...rest]: readonly string[], value: unknown): Plain {
  const members = (target ?? {}) as Plain;
  return { ...members, [name]: rest.length === 0 ? value : placed(members[name], rest, value) };
}

/** The member of a list or record of the state whose name stands behind the colon. */
function named(fact: string): readonly [kind: string, name: string] {
  const colon = fact.indexOf(":");
  return [fact.slice(0, colon), fact.slice(colon + 1)];
}

function withOperation(request: DecisionRequest, operation: Operation): DecisionRequest {
  const { destination, ...rest } = request;
  return { ...rest, operation, ...(destination !== undefined && isOutbound(operation) && { destination }) };
}

/** What says nothing of the other half says that it is absent, where the destination as a whole was. */
function withDestination(request: DecisionRequest, half: string, value: unknown): DecisionRequest {
  const before = request.destination === null ? { party: null, region: null } : request.destination;
  return { ...request, destination: { ...before, [half]: value } };
}

function withPrincipal(request: DecisionRequest, path: readonly string[], value: unknown): DecisionRequest {
  const changed = placed(request, path, value);
  if (path.at(-1) !== "kind" || value === "agent") return changed as unknown as DecisionRequest;
  const link = path.slice(0, -1).reduce((part, name) => (part as Plain)[name], request as unknown) as Plain;
  const { actingFor: _nobody, ...members } = link; // only an agent acts for someone
  return placed(request, path.slice(0, -1), { ...members, kind: value }) as unknown as DecisionRequest;
}

function changedRequest(request: DecisionRequest, { fact, value }: Change): DecisionRequest | undefined {
  if (fact === "operation") return withOperation(request, value as Operation);
  if (fact === "purposes" || fact === "region") return { ...request, [fact]: value };
  if (fact.startsWith("destination.")) return withDestination(request, fact.slice("destination.".length), value);
  if (fact.startsWith("principal.")) return withPrincipal(request, fact.split("."), value);
  for (const part of ["output", "facts"])
    if (fact.startsWith(`${part}.`))
      return placed(request, [part, fact.slice(part.length + 1)], value) as unknown as DecisionRequest;
  return undefined;
}

function changedState(state: DecisionState, { fact, value }: Change): DecisionState {
  if (fact === "now") return { ...state, now: value as number };
  if (fact === "holds") return { ...state, holds: value as readonly string[] };
  if (fact.startsWith("custody.")) return placed(state, fact.split("."), value) as unknown as DecisionState;
  if (fact === "status") {
    const { statusEntries = [] } = state;
    const status = statusEntries.map((entry) => ({ ...entry, value: value as "valid", ageMs: 0 }));
    return { ...state, statusEntries, status };
  }
  const [kind, name] = named(fact);
  if (kind === "consent") return placed(state, ["consents", name], { value, ageMs: 0 }) as unknown as DecisionState;
  if (kind === "counter")
    return placed(state, ["counters", name], { uses: value, ageMs: 0 }) as unknown as DecisionState;
  if (kind !== "approval") throw new RangeError(`\`${fact}\` is no fact that can be changed`);
  const given = (value as readonly Digest[]).map((policy) => ({ policy, waives: name, ageMs: 0 }));
  return { ...state, approvals: [...(state.approvals ?? []), ...given] };
}

/** The request and the state with the change made; both given ones stay as they are. Throws RangeError for what is no fact. Spec: FLP-1. */
export function applyChange({ request, state }: Asked, change: Change): Asked {
  const changed = changedRequest(request, change);
  const after = changed ? { request: changed, state } : { request, state: changedState(state, change) };
  if (change.assurance === undefined) return after;
  return {
    ...after,
    state: placed(after.state, ["assurance", change.fact], change.assurance) as unknown as DecisionState,
  };
}

/** What stands there before the change; undefined where nothing is known. */
export function valueBefore({ request, state }: Asked, fact: string): unknown {
  const own = (members: unknown, name: string): unknown =>
    typeof members === "object" && members !== null && Object.hasOwn(members, name)
      ? (members as Plain)[name]
      : undefined;
  if (fact === "now" || fact === "holds") return state[fact];
  if (fact === "status") return state.status?.find(({ value }) => value !== "valid")?.value;
  if (fact.startsWith("custody.")) return own(state.custody, fact.slice("custody.".length));
  for (const part of ["output", "facts"])
    if (fact.startsWith(`${part}.`)) return own(request[part as "output"], fact.slice(part.length + 1));
  if (/^(?:operation|purposes|region|(?:principal|destination)\..*)$/.test(fact))
    return fact.split(".").reduce((part: unknown, name) => own(part, name), request);
  const [kind, name] = named(fact);
  if (kind === "consent") return own(own(state.consents, name), "value");
  return kind === "counter" ? own(own(state.counters, name), "uses") : undefined;
}
