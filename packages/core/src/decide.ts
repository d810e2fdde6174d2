// decide: asks the evaluator, writes the receipt, and alone makes a permit.
import { toHex } from "#bytes";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { withCbor } from "./cbor.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { PolicyError } from "./errors.ts";
import type {
  DecisionReason,
  DecisionRequest,
  DecisionState,
  Evaluation,
  Evaluator,
  MissingFact,
  Obligation,
  Principal,
  StateNeeds,
} from "./evaluator.ts";
import { nameOf } from "./artifact.ts";
import { randomBytes } from "#crypto";
import { checkLineage } from "./lineage.ts";
import { rejectUnknownOptions } from "./options.ts";
import { recheckTerms } from "./policy.ts";
import { makePermit } from "./permit.ts";
import type { Permit } from "./permit.ts";
import type { ReceiptBody, ReceiptSink } from "./receipt.ts";
import { locationOf } from "./custody-rule.ts";
import { digestAlg, isDigest } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { nameHash } from "./suites.ts";
import { currentState, readState, sourceNames, stateEnd } from "./state.ts";
import type { ChargeOutcome, StateSources } from "./state.ts";
import { assertVerified, evidenceStands, lineageStands, noteTermsChecked, termsCheckedBy } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** State beside what core supplies itself. */
export interface SuppliedState extends Omit<DecisionState, "now" | "statusEntries"> {
  /** Seconds since the epoch at which what proves the principal ends, `expires` of a token. Spec: DEC-7. */
  readonly principalExpires?: number;
}

/** Options of `decide`. */
export interface DecideOptions {
  readonly evaluator: Evaluator;
  /** Where the decision receipt goes; `"none"` must be written out. */
  readonly receipts: ReceiptSink | "none";
  /** State that the caller read itself; it goes before what sources give. */
  readonly state?: SuppliedState;
  /** Where state comes from. A policy that counts uses is permitted only with a counter store, which is charged before the permit is made. */
  readonly sources?: StateSources;
  readonly clock?: Clock;
}

/** A decision is a value: a deny is not an error. */
export interface Decision {
  readonly verdict: "permit" | "deny" | "unknown";
  readonly reasons: readonly DecisionReason[];
  readonly missing: readonly MissingFact[];
  readonly obligations: readonly Obligation[];
  /** There exactly for `permit`. */
  readonly permit: Permit | null;
  /** Name of the decision receipt; null with `receipts: "none"`. */
  readonly receipt: Digest | null;
}

const maxPermitSeconds = 300;
const stateNames = ["assurance", "custody", "status", "consents", "counters", "approvals", "holds", "principalExpires"];

/** What ingest left unchecked, or checked with another evaluator, is checked once before the first decision. Throws PolicyError, VerificationError. Spec: DEC-2. */
function recheck(artifact: VerifiedArtifact, evaluator: Evaluator): void {
  if (termsCheckedBy(artifact, evaluator)) return;
  for (const policy of artifact.policies) recheckTerms(policy, evaluator);
  checkLineage(artifact.core, artifact.name, artifact.attachments, artifact.trust, artifact.evidence, evaluator);
  noteTermsChecked(artifact, evaluator);
}

/** A copy of own members, circles included, whatever class they are of; what isn't a request is for the evaluator to refuse. */
function copyOf(value: unknown, known: Map<unknown, unknown> = new Map()): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (known.has(value)) return known.get(value);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  known.set(value, copy);
  for (const key of Object.keys(value)) {
    const own = copyOf((value as Readonly<Record<string, unknown>>)[key], known);
    if (key !== "__proto__") (copy as Record<string, unknown>)[key] = own;
    else Object.defineProperty(copy, key, { value: own, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function requestMap(value: object): CborMap {
  const map = new Map<string, CborValue>();
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) map.set(key, requestValue(member));
  }
  return map;
}

/** A request value as the data model holds it; numbers outside it stand as maps, which no request field can be. */
function requestValue(value: unknown): CborValue {
  if (typeof value === "number" && (!Number.isSafeInteger(value) || Object.is(value, -0)))
    return new Map([["number", String(value)]]);
  if (Array.isArray(value)) return value.map(requestValue);
  if (typeof value === "object" && value !== null) return requestMap(value);
  return value as CborValue;
}

/** SHA-384 over the deterministic CBOR of a request. Spec: DEC-4. */
export function requestDigest(request: DecisionRequest): Digest {
  return withCbor(requestValue(request), nameOf);
}

/** Where the artifact's keys live, as far as recipients and custody rule say. Spec: DEC-3. */
function custodyState({ core, keys }: VerifiedArtifact): NonNullable<DecisionState["custody"]> {
  const regions = keys.recipients.map(({ custodyUri }) => locationOf(custodyUri).region);
  const known = regions.filter((region) => region !== undefined);
  return {
    ...(core.custodyRule.origins ? { origins: core.custodyRule.origins } : {}),
    ...(core.custodyRule.managers ? { managers: core.custodyRule.managers } : {}),
    ...(known.length > 0 && known.length === regions.length ? { regions: [...new Set(known)] } : {}),
  };
}

/** What core itself refuses, whatever the policies say. Spec: DEC-5, DEC-7. */
function standingReasons(artifact: VerifiedArtifact, now: number, provenUntil: number): readonly DecisionReason[] {
  const reasons: DecisionReason[] = [];
  if (now >= provenUntil) reasons.push({ code: "principal-expired", subject: "principal" });
  if (!evidenceStands(artifact, now)) reasons.push({ code: "standing-expired" });
  if (!lineageStands(artifact)) reasons.push({ code: "lineage-unchecked" });
  return reasons;
}

/** A principal as a receipt names it. */
export function principalForReceipt({ id, kind, org, actingFor }: Principal): CborMap {
  return new Map<string, CborValue>([
    ["id", id],
    ["kind", kind],
    ...(org ? ([["org", org]] as const) : []),
    ...(actingFor ? ([["actingFor", principalForReceipt(actingFor)]] as const) : []),
  ]);
}

/** Age of each state that was read, by its name. Spec: APR-6. */
function stateAges(state: DecisionState): CborMap {
  const named = (
    prefix: string,
    values: Readonly<Record<string, { readonly ageMs?: number }>> = {},
  ): [string, number][] =>
    Object.entries(values).flatMap(([key, { ageMs }]) =>
      ageMs === undefined ? [] : [[`${prefix}:${key}`, Math.round(ageMs)]],
    );
  const status = (state.status ?? []).flatMap(({ uri, index, ageMs }): [string, number][] =>
    ageMs === undefined ? [] : [[`status:${uri}#${index}`, Math.round(ageMs)]],
  );
  const approvals = (state.approvals ?? []).flatMap(({ waives, ageMs }): [string, number][] =>
    ageMs === undefined ? [] : [[`approval:${waives}`, Math.round(ageMs)]],
  );
  return new Map([...status, ...named("counter", state.counters), ...named("consent", state.consents), ...approvals]);
}

function withMembers(key: "stateAgesMs" | "assurances", map: CborMap): Partial<ReceiptBody> {
  return map.size === 0 ? {} : { [key]: map };
}

function receiptBody(
  artifact: VerifiedArtifact,
  request: DecisionRequest,
  digest: Digest,
  state: DecisionState,
  evaluation: Evaluation,
): Omit<ReceiptBody, "kind"> {
  const { reasons, missing, obligations } = evaluation;
  const approvals = [...new Set((state.approvals ?? []).flatMap(({ names = [] }) => names))];
  return {
    artifactId: artifact.core.artifactId,
    core: artifact.name,
    policies: artifact.layers.map(({ policy, parameters }) => ({ policy, ...(parameters ? { parameters } : {}) })),
    request: digest,
    operation: request.operation,
    purposes: [...request.purposes],
    principal: principalForReceipt(request.principal),
    verdict: evaluation.verdict,
    ...(reasons.length === 0
      ? {}
      : {
          reasons: reasons.map(({ code, rule, subject }) => ({
            code,
            ...(rule === undefined ? {} : { rule }),
            ...(subject === undefined ? {} : { subject }),
          })),
        }),
    ...(missing.length === 0 ? {} : { missing: missing.map(({ fact }) => fact) }),
    ...(obligations.length === 0
      ? {}
      : {
          obligations: obligations.map(({ duty, type, trigger, policy, withinSeconds, by }) => ({
            duty,
            type,
            trigger,
            policy,
            ...(withinSeconds === undefined ? {} : { dueAt: state.now + withinSeconds }),
            ...(by === undefined ? {} : { by }),
          })),
        }),
    ...(approvals.length === 0 ? {} : { approvals }),
    ...withMembers("stateAgesMs", stateAges(state)),
    ...withMembers("assurances", new Map(Object.entries(state.assurance ?? {}).filter(([, level]) => level > 0))),
  };
}

/** When a permit by this evaluation ends, `ends` included. TypeError for an answer of evaluator or store that is no time. Spec: DEC-6. */
function permitEnd(
  { deadline, trust }: VerifiedArtifact,
  { until }: Evaluation,
  now: number,
  ends: readonly number[],
): number {
  if (until !== null && !Number.isSafeInteger(until)) throw new TypeError("the evaluator's `until` is no time");
  return Math.min(now + maxPermitSeconds, until ?? Infinity, trust.expires, deadline?.at ?? Infinity, ...ends);
}

/** When what proves the principal ends; Infinity where nothing is said. Throws TypeError. */
function provenUntil({ principalExpires = Infinity }: SuppliedState): number {
  if (principalExpires === Infinity || Number.isSafeInteger(principalExpires)) return principalExpires;
  throw new TypeError("`principalExpires` is no time: whole seconds since the epoch");
}

/** An answer, and when what was counted for it ends. */
interface Charged {
  readonly evaluation: Evaluation;
  readonly until: number;
}

/**
 * A permit under counted policies costs one use of each counter, taken before the permit is made and never given back. Without a
 * store, or where it can't count, the answer is unknown; where a limit is reached, the evaluator says so. Spec: STA-2, STA-3.
 */
async function charged(
  artifact: VerifiedArtifact,
  request: DecisionRequest,
  state: DecisionState,
  permitted: Evaluation,
  { charges }: StateNeeds,
  { evaluator, sources }: DecideOptions,
): Promise<Charged> {
  const outcome: ChargeOutcome = sources?.counters
    ? await sources.counters.charge(charges, toHex(randomBytes(16)), state.now)
    : { charged: false, exhausted: [], unknown: charges.map(({ counter }) => counter) };
  if (outcome.charged === true) {
    const { until = Infinity } = outcome;
    if (until !== Infinity && !Number.isSafeInteger(until)) throw new TypeError("the store's `until` is no time");
    return { evaluation: permitted, until };
  }
  const limits = new Map(charges.map(({ counter, limit }) => [counter, limit]));
  type Count = NonNullable<DecisionState["counters"]>[string];
  const exhausted = outcome.exhausted.map((counter): [string, Count] => [
    counter,
    { uses: limits.get(counter) ?? 0, ageMs: 0 },
  ]);
  const counted = [...Object.entries(state.counters ?? {}), ...exhausted];
  const counters = Object.fromEntries(counted.filter(([counter]) => !outcome.unknown.includes(counter)));
  const again = evaluator.evaluate(artifact.policyLayers, request, { ...state, counters });
  if (again.verdict !== "permit") return { evaluation: again, until: Infinity };
  throw new TypeError("the evaluator permits what the counter store refused");
}

/**
 * Decides a request over an artifact. Returns permit, deny or unknown; throws PolicyError `request-…`, `receipts-required`,
 * `receipt-not-durable`, and TypeError for wrong types. A permit is there only once its receipt is durable. Spec: DEC-1 to DEC-7.
 */
export async function decide(
  artifact: VerifiedArtifact,
  asked: DecisionRequest,
  options: DecideOptions,
): Promise<Decision> {
  assertVerified(artifact);
  const request = copyOf(asked) as DecisionRequest; // sources and stores are waited for: what is judged is what is recorded
  rejectUnknownOptions(options, ["evaluator", "receipts", "state", "sources", "clock"]);
  if (options.state !== undefined) rejectUnknownOptions(options.state, stateNames);
  const { evaluator, receipts, sources } = options;
  if (sources !== undefined) rejectUnknownOptions(sources, sourceNames);
  if (receipts !== "none" && typeof receipts?.append !== "function")
    throw new PolicyError("receipts-required", 'a decision needs a receipt sink, or receipts: "none" written out');
  if (receipts === "none" && artifact.demand.receipts)
    throw new PolicyError(
      "receipts-required",
      `the trust policy demands receipts for \`${artifact.classification}\` data`,
    );
  const now = secondsNow(options.clock);
  recheck(artifact, evaluator);
  const needs = evaluator.needs(artifact.policyLayers, request);
  const read = sources && (await readState(sources, artifact.core.status, needs, now));
  const { principalExpires: _expires, ...supplied } = options.state ?? {};
  const proven = provenUntil(options.state ?? {});
  const state = currentState({
    custody: custodyState(artifact),
    ...(artifact.core.status.length === 0 ? { holds: [] } : {}), // a hold is a status value: without an entry there is none
    ...read,
    ...supplied,
    now,
    statusEntries: artifact.core.status,
  });
  const refused = standingReasons(artifact, now, proven);
  const judged = evaluator.evaluate(artifact.policyLayers, request, state);
  const digest = requestDigest(request); // what has no encoding is refused before a use is counted for it
  const { evaluation: answer, until: countedUntil } =
    refused.length === 0 && judged.verdict === "permit" && needs.charges.length > 0
      ? await charged(artifact, request, state, judged, needs, options)
      : { evaluation: judged, until: Infinity };
  const evaluation: Evaluation =
    refused.length === 0
      ? answer
      : {
          verdict: "deny",
          reasons: [...refused, ...(answer.verdict === "deny" ? answer.reasons : [])],
          missing: [],
          obligations: [],
          until: null,
        };
  const until = permitEnd(artifact, evaluation, now, [proven, countedUntil, stateEnd(state, needs)]);
  const { verdict, reasons, missing, obligations } = evaluation;
  const recorded =
    receipts === "none" ? null : { sink: receipts, body: receiptBody(artifact, request, digest, state, evaluation) };
  const receipt = recorded && (await appendDurably(recorded.sink, { ...recorded.body, kind: "decision" }));
  if (verdict !== "permit") return { verdict, reasons, missing, obligations, permit: null, receipt };
  const permit = makePermit(
    artifact,
    { request: digest, operation: request.operation, until, receipt },
    recorded ?? { sink: "none" },
  );
  return { verdict, reasons, missing, obligations, permit, receipt };
}

/** Spec: REC-3. */
export async function appendDurably(sink: ReceiptSink, body: ReceiptBody): Promise<Digest> {
  let name: unknown;
  try {
    name = await sink.append(body);
  } catch (cause) {
    throw new PolicyError("receipt-not-durable", "the receipt could not be stored, so nothing is released", {
      cause,
      retryable: true,
    });
  }
  if (isDigest(name) && digestAlg(name) === nameHash) return name;
  throw new PolicyError("receipt-not-durable", "the receipt sink names nothing that it stored");
}
