// Approvals: what a person with the role allows beforehand, once: new layers for an artifact, or a duty waived. A key says no more than that.
import { toHex } from "#bytes";
import { layersShape, nameOf } from "./artifact.ts";
import type { Layer } from "./artifact.ts";
import { decodeCbor, encodeCbor, ownBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { parseCose, signCose } from "./cose.ts";
import { declassifyOf } from "./declassify.ts";
import { randomBytes } from "#crypto";
import type { SuppliedState } from "./decide.ts";
import { PolicyError, VerificationError } from "./errors.ts";
import { markedSignatureCounts, maxAheadSeconds } from "./evidence.ts";
import type { AnchorEvidence } from "./evidence.ts";
import { rejectUnknownOptions } from "./options.ts";
import { bytes, nameDigest, optional, record, refuse, set, text, uint } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { SuiteName } from "./suites.ts";
import { assertRole, assertTrust, suiteCountsAt, verifyCose } from "./trust.ts";
import type { TrustedSigner, TrustPolicy } from "./trust.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** A duty of a policy, as an approval waives it. */
export interface WaivedDuty {
  readonly policy: Digest;
  readonly duty: string;
}

/** What is approved: exactly one of `layers` and `waives`. Times are seconds since the epoch. Spec: APR-1. */
export interface ApprovalStatement {
  readonly version: number;
  /** Core digests of the artifacts that it is for. */
  readonly sources: readonly Digest[];
  readonly operation: string;
  /** The exact new layers, by `layersDigest`. */
  readonly layers?: Digest;
  readonly waives?: WaivedDuty;
  /** The person who approves. */
  readonly approver: string;
  readonly issuedAt: number;
  readonly expires: number;
  /** 16 random bytes: an approval is used once. */
  readonly nonce: Uint8Array;
}

/** An approval whose signature, role and dates were checked. */
export interface Approval extends ApprovalStatement {
  /** SHA-384 of the message. */
  readonly name: Digest;
  /** Authority of the signer. */
  readonly authority: string;
  readonly suite: SuiteName;
  /** Thumbprints of the signer's keys, in hex. */
  readonly keys: string;
}

const maxSeconds = 30 * 86_400;

const statementShape: Shape<ApprovalStatement> = record<ApprovalStatement>({
  version: uint(),
  sources: set(nameDigest, 1, 256),
  operation: text(256),
  layers: optional(nameDigest),
  waives: optional(record<WaivedDuty>({ policy: nameDigest, duty: text(256) })),
  approver: text(),
  issuedAt: uint(),
  expires: uint(),
  nonce: bytes(16),
});

/** SHA-384 over the set of layers, as a core holds them in a long list. Spec: APR-1. */
export function layersDigest(layers: readonly Layer[]): Digest {
  return nameOf(encodeCbor(layersShape.write(layers)));
}

function readStatement(input: Uint8Array): ApprovalStatement {
  const statement = statementShape.read(decodeCbor(input), "approval");
  if (statement.version !== 1) refuse("approval/version", "a version that is known here");
  if ((statement.layers === undefined) === (statement.waives === undefined))
    refuse("approval", "for either new layers or a waived duty");
  return statement;
}

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

/** An approval by a signer with the role, whatever the time. Throws FormatError, `cose-structure`, `signer-…`, `signature-invalid`. */
function openApproval(message: Uint8Array, trust: TrustPolicy): { approval: Approval; signer: TrustedSigner } {
  const owned = ownBytes(message);
  const cose = parseCose(decodeCbor(owned), "approval", true);
  const signer = verifyCose(trust, cose, "approval", cose.payload!);
  const statement = readStatement(cose.payload!);
  assertRole(signer, ["approve"], statement.issuedAt);
  const keys = signer.keys.map(({ kid }) => toHex(kid)).join(" ");
  const approval = Object.freeze({
    ...statement,
    name: nameOf(owned),
    authority: signer.authority,
    suite: signer.suite,
    keys,
  });
  return { approval, signer };
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

/**
 * Checks an approval that a core names. It is good at the seal's time and at `judgedAt`, the one at which that core's sources are judged;
 * both in seconds since the epoch. Throws as `readApproval` does. Spec: APR-8.
 */
export function judgeApproval(
  message: Uint8Array,
  trust: TrustPolicy,
  anchors: readonly AnchorEvidence[],
  judgedAt: number,
): Approval {
  const { approval, signer } = openApproval(message, trust);
  const { issuedAt, expires, approver } = approval;
  const sealedAt = anchors[0]!.time;
  if (!markedSignatureCounts(signer, anchors))
    throw new VerificationError("signer-compromised", `the key of \`${signer.authority}\` is marked invalid`);
  const signUntil = trust.suites.get(signer.suite)?.signUntil ?? null;
  if ((signUntil !== null && sealedAt >= signUntil) || !suiteCountsAt(trust, signer.suite, judgedAt))
    throw new VerificationError("suite-lapsed", `suite \`${signer.suite}\` of an approval had lapsed`);
  if (
    issuedAt > sealedAt + maxAheadSeconds ||
    Math.max(sealedAt, judgedAt) >= expires ||
    expires - issuedAt > maxSeconds
  )
    throw new PolicyError("approval-expired", `the approval of \`${approver}\` was not good when it was used`);
  return approval;
}

/** Those that count: in the order given, none by a signer or a person that was counted before. Spec: APR-3. */
export function countApprovals(approvals: readonly Approval[]): readonly Approval[] {
  const taken = new Set<string>();
  return approvals.filter(({ keys, approver }) => {
    if (taken.has(`key ${keys}`) || taken.has(`person ${approver}`)) return false;
    taken.add(`key ${keys}`).add(`person ${approver}`);
    return true;
  });
}

/** Remembers which approvals were used. */
export interface ApprovalLedger {
  /** Marks approvals as used, durably, all or none; false where one was used before. `until` is when the last of them ends, in seconds since the epoch. */
  spend(names: readonly Digest[], until: number): Promise<boolean>;
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

/** Marks approvals as used; throws `approval-missing` where one was used before. Spec: APR-5. */
export async function spend(approvals: readonly Approval[], ledger: ApprovalLedger): Promise<void> {
  if (approvals.length === 0) return;
  const until = Math.max(...approvals.map(({ expires }) => expires));
  const unused = await ledger.spend(
    approvals.map(({ name }) => name),
    until,
  );
  if (unused !== true) throw new PolicyError("approval-missing", "an approval was used before");
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
  await spend(those, checked.ledger);
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
  await spend(
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
