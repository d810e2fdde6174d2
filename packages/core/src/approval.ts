// Approvals: what a person with the role allows beforehand, once: new layers for an artifact, or a duty waived. A key says no more than that.
import {
  countApprovals,
  layersDigest,
  maxSeconds,
  openApproval,
  readStatement,
  spendApprovals,
  statementShape,
} from "./approval-check.ts";
import type { Approval, ApprovalLedger, WaivedDuty } from "./approval-check.ts";
import type { Layer } from "./artifact.ts";
import { encodeCbor } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { signCose } from "./cose.ts";
import { declassifyOf } from "./declassify.ts";
import { randomBytes } from "#crypto";
import type { SuppliedState } from "./decide.ts";
import { PolicyError, VerificationError } from "./errors.ts";
import { maxAheadSeconds } from "./evidence.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { assertTrust, suiteCountsAt } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

export { countApprovals, layersDigest } from "./approval-check.ts";
export type { Approval, ApprovalLedger, ApprovalStatement, WaivedDuty } from "./approval-check.ts";

/** What `signApproval` says; exactly one of `layers` and `waives`. */
export interface ApprovalDraft {
  readonly sources: readonly Digest[];
  readonly operation: string;
  readonly layers?: readonly Layer[];
  readonly waives?: WaivedDuty;
  readonly approver: string;
  /** How long it may be used, at most 30 days. */
  readonly lifetimeSeconds: number;
  readonly clock?: Clock;
}

const draftNames = ["sources", "operation", "layers", "waives", "approver", "lifetimeSeconds", "clock"];

/** Signs an approval as a signer of role approve. Throws TypeError, RangeError, FormatError for a draft that makes none. Spec: APR-1. */
export async function signApproval(draft: ApprovalDraft, signer: Signer): Promise<Uint8Array> {
  rejectUnknownOptions(draft, draftNames);
  const { sources, operation, layers, waives, approver, lifetimeSeconds } = draft;
  if (!Number.isSafeInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > maxSeconds)
    throw new RangeError("an approval is good for 1 s to 30 days");
  const issuedAt = secondsNow(draft.clock);
  const statement = encodeCbor(
    statementShape.write({
      version: 1,
      sources,
      operation,
      ...(layers ? { layers: layersDigest(layers) } : {}),
      ...(waives ? { waives } : {}),
      approver,
      issuedAt,
      expires: issuedAt + lifetimeSeconds,
      nonce: randomBytes(16),
    }),
  );
  readStatement(statement); // one that can't be read would be found out when it is needed
  return encodeCbor(await signCose("approval", statement, signer.keys, true));
}

/** Checks an approval for `now` (seconds since the epoch). Throws FormatError, `cose-structure`, `signer-…`, `signature-invalid`, `suite-lapsed`, `approval-expired`. Spec: APR-2. */
export function readApproval(message: Uint8Array, trust: TrustPolicy, now: number): Approval {
  assertTrust(trust, now);
  const { approval, signer } = openApproval(message, trust);
  const { issuedAt, expires } = approval;
  if (signer.invalidSince !== null)
    throw new VerificationError("signer-compromised", `the key of \`${signer.authority}\` is marked invalid`);
  if (!suiteCountsAt(trust, signer.suite, now))
    throw new VerificationError("suite-lapsed", `suite \`${signer.suite}\` of an approval no longer counts`);
  if (issuedAt > now + maxAheadSeconds || now >= expires || expires - issuedAt > maxSeconds)
    throw new PolicyError("approval-expired", `the approval of \`${approval.approver}\` is not good now`);
  return approval;
}

/** What must have been approved: exactly one of `layers` and `waives`. */
export interface ApprovedChange {
  readonly sources: readonly Digest[];
  readonly operation: string;
  readonly layers?: readonly Layer[];
  readonly waives?: WaivedDuty;
}

/** Options of `useApprovals` and `useWaivers`. */
export interface UseApprovalsOptions {
  readonly ledger: ApprovalLedger;
  /** How many must approve; default 1. */
  readonly threshold?: number;
  /** Authorities that count; default all of role approve. */
  readonly approvers?: readonly string[];
  readonly clock?: Clock;
}

function checkedOptions(options: UseApprovalsOptions): UseApprovalsOptions & { readonly now: number } {
  rejectUnknownOptions(options, ["ledger", "threshold", "approvers", "clock"]);
  const { threshold = 1 } = options;
  if (!Number.isSafeInteger(threshold) || threshold < 1) throw new RangeError("`threshold` is at least 1");
  return { ...options, threshold, now: secondsNow(options.clock) };
}

/** Which approvals of a change count. Throws `approval-mismatch`, `approval-missing`. Spec: APR-3, APR-4. */
function counted(
  approvals: readonly Approval[],
  change: ApprovedChange,
  { threshold = 1, approvers }: UseApprovalsOptions,
): readonly Approval[] {
  const layers = change.layers && layersDigest(change.layers);
  const sources = [...new Set(change.sources)].sort().join(" ");
  for (const { sources: named, operation, layers: approved, waives, approver } of approvals) {
    const same =
      operation === change.operation &&
      [...named].sort().join(" ") === sources &&
      approved === layers &&
      waives?.policy === change.waives?.policy &&
      waives?.duty === change.waives?.duty;
    if (!same) throw new PolicyError("approval-mismatch", `the approval of \`${approver}\` is for something else`);
  }
  const those = countApprovals(approvals.filter(({ authority }) => approvers?.includes(authority) ?? true));
  if (those.length < threshold)
    throw new PolicyError("approval-missing", `${those.length} approvals count of ${threshold} that are asked for`);
  return those;
}

/** Checks that enough approve exactly this change, and spends what counts; returns the names, for a lineage. Throws as `readApproval` does, `approval-mismatch`, `approval-missing`. Spec: APR-3 to APR-5. */
export async function useApprovals(
  messages: readonly Uint8Array[],
  trust: TrustPolicy,
  change: ApprovedChange,
  options: UseApprovalsOptions,
): Promise<readonly Digest[]> {
  const checked = checkedOptions(options);
  if ((change.layers === undefined) === (change.waives === undefined))
    throw new TypeError("a change is either new layers or a waived duty");
  const those = counted(
    messages.map((message) => readApproval(message, trust, checked.now)),
    change,
    checked,
  );
  await spendApprovals(those, checked.ledger);
  return those.map(({ name }) => name);
}

/** Whom a waiver takes: where the policy says who lowers it, so many of those and whom the caller asks for; fewer serve never. Spec: APR-9. */
function demandsOf(
  { policyLayers }: VerifiedArtifact,
  { policy }: WaivedDuty,
  asked: UseApprovalsOptions,
): UseApprovalsOptions {
  const rule = declassifyOf(policyLayers.find((layer) => layer.policy === policy)?.document);
  if (rule === null) return asked;
  const { threshold = 1, approvers } = asked;
  return {
    ...asked,
    threshold: Math.max(threshold, rule.threshold),
    approvers: rule.approvers.filter((name) => approvers?.includes(name) ?? true),
  };
}

/**
 * Spends approvals that waive duties of an artifact's policies for one decision and says which duties are waived: give it to
 * `decide` as `state.approvals`. They are spent whatever is decided. Throws as `useApprovals` does. Spec: APR-3 to APR-6, APR-9.
 */
export async function useWaivers(
  messages: readonly Uint8Array[],
  artifact: VerifiedArtifact,
  operation: string,
  options: UseApprovalsOptions,
): Promise<NonNullable<SuppliedState["approvals"]>> {
  assertVerified(artifact);
  const checked = checkedOptions(options);
  const approvals = messages.map((message) => readApproval(message, artifact.trust, checked.now));
  const inForce = new Set(artifact.layers.map(({ policy }) => policy));
  const groups = Map.groupBy(approvals, ({ waives }) =>
    waives && inForce.has(waives.policy) ? `${waives.policy} ${waives.duty}` : "",
  );
  const duties = [...groups.values()].map((group) => {
    const { waives } = group[0]!;
    if (!waives || groups.has("")) throw new PolicyError("approval-mismatch", "an approval waives no duty in force");
    const change = { sources: [artifact.name], operation, waives };
    return { waives, those: counted(group, change, demandsOf(artifact, waives, checked)) };
  });
  await spendApprovals(
    duties.flatMap(({ those }) => those),
    checked.ledger,
  );
  return duties.map(({ waives, those }) => ({
    policy: waives.policy,
    waives: waives.duty,
    ageMs: Math.max(0, checked.now - Math.min(...those.map(({ issuedAt }) => issuedAt))) * 1000,
    until: Math.min(...those.map(({ expires }) => expires)),
    names: those.map(({ name }) => name),
  }));
}
