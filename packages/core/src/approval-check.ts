// What an approval is, and what is checked of it: by whoever uses one, and by ingest of a core that names some.
import { toHex } from "#bytes";
import { layersShape, nameOf } from "./artifact.ts";
import type { Layer } from "./artifact.ts";
import { decodeCbor, encodeCbor, ownBytes } from "./cbor.ts";
import { parseCose } from "./cose.ts";
import { PolicyError, VerificationError } from "./errors.ts";
import { markedSignatureCounts, maxAheadSeconds } from "./evidence.ts";
import type { AnchorEvidence } from "./evidence.ts";
import { bytes, nameDigest, optional, record, refuse, set, text, uint } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { SuiteName } from "./suites.ts";
import { assertRole, suiteCountsAt, verifyCose } from "./trust.ts";
import type { TrustedSigner, TrustPolicy } from "./trust.ts";

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

/** How long an approval is good at most, in seconds. Spec: APR-1. */
export const maxSeconds: number = 30 * 86_400;

/** The statement in its signed form. */
export const statementShape: Shape<ApprovalStatement> = record<ApprovalStatement>({
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

/** Reads what an approval says. Throws FormatError. Spec: APR-1. */
export function readStatement(input: Uint8Array): ApprovalStatement {
  const statement = statementShape.read(decodeCbor(input), "approval");
  if (statement.version !== 1) refuse("approval/version", "a version that is known here");
  if ((statement.layers === undefined) === (statement.waives === undefined))
    refuse("approval", "for either new layers or a waived duty");
  return statement;
}

/** An approval with its signer. */
export interface SignedApproval {
  readonly approval: Approval;
  readonly signer: TrustedSigner;
}

/** An approval by a signer with the role, whatever the time. Throws FormatError, `cose-structure`, `signer-…`, `signature-invalid`. */
export function openApproval(message: Uint8Array, trust: TrustPolicy): SignedApproval {
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

/**
 * Checks an approval that a core names. It is good at the seal's time and at `judgedAt`, the one at which that core's sources are judged;
 * both in seconds since the epoch. Throws `signer-compromised`, `suite-lapsed`, `approval-expired`. Spec: APR-8.
 */
export function judgeApproval(
  { approval, signer }: SignedApproval,
  trust: TrustPolicy,
  anchors: readonly AnchorEvidence[],
  judgedAt: number,
): void {
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

/** Marks approvals as used; throws `approval-missing` where one was used before. Spec: APR-5. */
export async function spendApprovals(approvals: readonly Approval[], ledger: ApprovalLedger): Promise<void> {
  if (approvals.length === 0) return;
  const until = Math.max(...approvals.map(({ expires }) => expires));
  const unused = await ledger.spend(
    approvals.map(({ name }) => name),
    until,
  );
  if (unused !== true) throw new PolicyError("approval-missing", "an approval was used before");
}
