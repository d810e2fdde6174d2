// Judges an anchor chain: who signed, when, under what, and how long that counts. Ingest reads this as one step; so does lineage for sources.
import { earlierDigest, rootMessages } from "./anchor.ts";
import type { CoveredAnchor, ParsedAnchor } from "./anchor.ts";
import type { Core } from "./artifact.ts";
import type { Attachments } from "./attachments.ts";
import { checkInclusion, knownRoot, verifyRoot } from "./batch.ts";
import { equalBytes } from "./cbor.ts";
import { hash } from "#crypto";
import { VerificationError } from "./errors.ts";
import type { VerificationCode } from "./errors.ts";
import { digestAlg, digestText } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { eraAtLeast, hashes, nameHash, suites } from "./suites.ts";
import type { Era, HashAlg, SuiteName } from "./suites.ts";
import { assertRole, suiteCountsAt, verifyCose } from "./trust.ts";
import type { Requirement, TrustPolicy, TrustedSigner } from "./trust.ts";

/** Most seconds that an anchor's time may lie ahead of now. Spec: ANC-9. */
export const maxAheadSeconds = 300;

/** One anchor, verified and judged. */
export interface AnchorEvidence {
  readonly kind: "seal" | "cover" | "rehash" | "rewrap";
  /** Seconds since the epoch: the root's time when batched, else the statement's. */
  readonly time: number;
  readonly suite: SuiteName;
  readonly signer: TrustedSigner;
  readonly batched: boolean;
  /** The content root that its statement gives; a new one where it is a rehash. */
  readonly contentRoot: Digest;
  /** The time at which it was judged. */
  readonly judgedAt: number;
  /** False where its suite had lapsed, or its key was marked, by then. */
  readonly counts: boolean;
}

/** What an anchor chain proves. */
export interface Evidence {
  readonly anchors: readonly AnchorEvidence[];
  /** Later anchors of suites that are not known here, accepted by the trust policy. */
  readonly unknownLater: number;
  readonly standing: "valid" | "expired";
  readonly era: Era;
  /** At this time policies, approvals and sources are judged: the one at which anchor 0 is. */
  readonly judgedAt: number;
  /** Requirements that fail but are only reported. */
  readonly reported: readonly Requirement[];
}

/** What the chain is checked against. */
export interface SignedInput {
  readonly coreBytes: Uint8Array;
  /** Name of these bytes. */
  readonly coreName: Digest;
  readonly core: Core;
  /** Null for attached sources, whose keys are not there. */
  readonly keysBytes: Uint8Array | null;
  readonly anchors: readonly ParsedAnchor[];
  readonly attachments: Pick<Attachments, "root" | "holdsKnownRoot">;
  readonly trust: TrustPolicy;
}

/** As `SignedInput`, with the time. */
export interface ChainInput extends SignedInput {
  /** Seconds since the epoch. */
  readonly now: number;
}

type Signed = Omit<AnchorEvidence, "judgedAt" | "counts">;

/** A chain whose statements and signatures hold; for how long they count is asked of it apart. */
export interface SignedChain {
  readonly signed: readonly Signed[];
  readonly unknownLater: number;
}

function fail(code: VerificationCode, index: number, message: string): never {
  throw new VerificationError(code, `anchor ${index}: ${message}`, { path: `anchors/${index}` });
}

/** The anchors of known suites; a later rest of unknown ones only where the trust policy accepts it. Spec: ANC-10. */
function knownAnchors({ anchors, trust }: SignedInput): readonly ParsedAnchor[] {
  const firstUnknown = anchors.findIndex(({ suite }) => suite === null);
  if (firstUnknown < 0) return anchors;
  if (
    firstUnknown === 0 ||
    !trust.acceptUnknownLaterAnchors ||
    anchors.slice(firstUnknown).some(({ suite }) => suite !== null)
  )
    fail("suite-unknown", firstUnknown, "its suite is not known here");
  return anchors.slice(0, firstUnknown);
}

/** True for a content root that a rehash may state over `before`: a longer digest, so that none goes back. Spec: ANC-11. */
export function isStrongerRoot(root: Digest, before: Digest): boolean {
  return hashes[digestAlg(root)].sizeBytes > hashes[digestAlg(before)].sizeBytes;
}

/** What statement `index` says of content and keys beside the anchors before it. Spec: ANC-7, ANC-11. */
function checkRepeated({ anchors, core }: SignedInput, index: number): void {
  const { statement } = anchors[index]!;
  const root = index === 0 ? core.content.root : anchors[index - 1]!.statement.contentRoot;
  if (statement.kind === "rehash") {
    if (!isStrongerRoot(statement.contentRoot, root))
      fail("anchor-content-root", index, "a rehash states a root under a hash with a longer digest");
  } else if (statement.contentRoot !== root) fail("anchor-content-root", index, "it states another content root");
  for (let before = index - 1; before >= 0 && anchors[before + 1]!.statement.kind !== "rewrap"; before -= 1) {
    const other = anchors[before]!.statement;
    if (other.hashAlg !== statement.hashAlg) continue;
    if (equalBytes(other.keysDigest, statement.keysDigest)) return; // and those before it were compared with that one
    fail("anchor-keys", index, `it is over other keys than anchor ${before}, and is no rewrap`);
  }
}

/** True where `stated` is the core's digest under `alg`, which mostly is that of its name. */
function isCoreDigest(stated: Uint8Array, alg: HashAlg, { coreBytes, coreName }: SignedInput): boolean {
  return alg === nameHash ? digestText(alg, stated) === coreName : equalBytes(stated, hash(alg, coreBytes));
}

/** Checks what statement `index` says of the artifact. Spec: ANC-1, ANC-4, ANC-6, ANC-7. */
function checkStatement(input: SignedInput, pairs: readonly CoveredAnchor[], index: number, lastRewrap: number): void {
  const { anchors, core } = input;
  const { statement, suite } = anchors[index]!;
  const { hash: alg } = suites[suite!];
  if ((statement.kind === "seal") !== (index === 0))
    fail("anchor-kind", index, index === 0 ? "the first anchor is a seal" : "only the first anchor is a seal");
  if (statement.sequence !== index) fail("anchor-sequence", index, "its sequence is not its position");
  if (statement.hashAlg !== alg) fail("suite-unknown", index, "its hash is not that of its suite");
  if (!equalBytes(statement.artifactId, core.artifactId)) fail("anchor-artifact", index, "it is for another artifact");
  if (!isCoreDigest(statement.coreDigest, alg, input)) fail("anchor-core", index, "it is not over this core");
  if (input.keysBytes && index >= lastRewrap && !equalBytes(statement.keysDigest, hash(alg, input.keysBytes)))
    fail("anchor-keys", index, "it is not over these keys");
  checkRepeated(input, index);
  if (!equalBytes(statement.earlier, earlierDigest(alg, pairs.slice(0, index))))
    fail("anchor-chain", index, "the anchors before it are not those that it covers");
}

/** Who signed anchor `index`, and when. Spec: ANC-3, ANC-8, BAT-4, BAT-5. */
function verifySignatures(input: SignedInput, pairs: readonly CoveredAnchor[], index: number): Signed {
  const anchor = input.anchors[index]!;
  const suite = anchor.suite!;
  const { kind, contentRoot } = anchor.statement;
  const stated = { kind, suite, contentRoot };
  if (anchor.batch) {
    const { root } = anchor.batch;
    const verified =
      knownRoot(root, "anchor root", input.trust) ?? verifyRoot(pairs[index]!.root!, root, "anchor root", input.trust);
    if (verified.suite !== suite) fail("batch-structure", index, "its root is of another suite");
    checkInclusion(anchor.statementBytes, anchor.batch, verified);
    return { ...stated, signer: verified.signer, time: verified.root.time, batched: true };
  }
  const signer = verifyCose(input.trust, anchor.signatures!, "anchor", anchor.statementBytes);
  if (signer.suite !== suite) fail("signer-unknown", index, "its signer signs under another suite");
  return { ...stated, signer, time: anchor.statement.issuedAt, batched: false };
}

/** Roles, dates, order. Spec: ANC-6, ANC-8, ANC-9, SUI-5. */
function checkSigner(input: SignedInput, signed: readonly Signed[], index: number): void {
  const { signer, time, suite } = signed[index]!;
  const derived = input.core.lineage.parents.length > 0 || input.core.supersedes !== undefined;
  if (index === 0) {
    assertRole(signer, derived ? ["issue", "derive"] : ["issue"], time);
    if (signer.authority !== input.core.issuer)
      fail(
        "signer-unknown",
        0,
        `the core names \`${input.core.issuer}\` as its issuer, the seal is by \`${signer.authority}\``,
      );
    if (input.core.issuedAt > time) fail("anchor-time", 0, "the seal is older than its core");
  } else {
    assertRole(signer, ["anchor", "issue"], time);
    if (time <= signed[index - 1]!.time) fail("anchor-time", index, "it is not later than the anchor before it");
  }
  const dates = input.trust.suites.get(suite);
  if (dates === undefined) fail("suite-lapsed", index, `suite \`${suite}\` is not accepted by the trust policy`);
  if (dates.signUntil !== null && time >= dates.signUntil)
    fail("suite-lapsed", index, `suite \`${suite}\` was no longer accepted for signing`);
}

/**
 * True where a signature of a key marked with `invalid-since` still counts: under an anchor by another, unmarked authority that is
 * trusted for time and dated before the mark. Spec: TRU-8.
 */
export function markedSignatureCounts(signer: TrustedSigner, later: readonly AnchorEvidence[]): boolean {
  const since = signer.invalidSince;
  if (since === null) return true;
  return later.some(
    (anchor) =>
      anchor.counts &&
      anchor.signer.authority !== signer.authority &&
      anchor.signer.invalidSince === null &&
      anchor.signer.trustedTime &&
      anchor.time < since,
  );
}

/** The last anchor is judged at `now`, each earlier one at the time of the next that counts and is trusted for time. Spec: TRU-9. */
export function judge(signed: readonly Signed[], trust: TrustPolicy, now: number): AnchorEvidence[] {
  const judged: AnchorEvidence[] = [];
  let judgedAt = now;
  for (let index = signed.length - 1; index >= 0; index -= 1) {
    const { kind, suite, contentRoot, signer, time, batched } = signed[index]!;
    const counts = suiteCountsAt(trust, suite, judgedAt) && markedSignatureCounts(signer, judged);
    judged.unshift({ kind, time, suite, contentRoot, signer, batched, judgedAt, counts });
    if (counts && signer.trustedTime) judgedAt = time;
  }
  return judged;
}

/** Roots of the content that counting rehashes state beside the core's. Spec: ANC-11. */
export function rehashedRoots(anchors: readonly AnchorEvidence[]): readonly Digest[] {
  return anchors.filter(({ kind, counts }) => kind === "rehash" && counts).map(({ contentRoot }) => contentRoot);
}

/** An approval that a core names, as far as time decides over it. */
export interface ApprovalDates {
  readonly suite: SuiteName;
  /** Seconds since the epoch. */
  readonly expires: number;
}

/** The anchors of one source, and which chain names it: -1 is the artifact itself. */
export interface SourceChain {
  readonly anchors: readonly AnchorEvidence[];
  /** Suites of the signatures of its policies. */
  readonly policySuites: ReadonlySet<SuiteName>;
  /** Approvals that the source names. */
  readonly approvals: readonly ApprovalDates[];
  readonly namedBy: number;
}

/**
 * The time at which sources are judged: that of the seal where it counts and its signer is trusted for time, else that at which
 * the seal is judged. A deriver who dates his seal back can't revive a suite that has lapsed. Spec: LIN-2.
 */
export function sourcesJudgedAt(anchors: readonly AnchorEvidence[]): number {
  const seal = anchors[0]!;
  return seal.counts && seal.signer.trustedTime ? seal.time : seal.judgedAt;
}

/** True where approvals that a core names are good at the time at which its sources are judged. Spec: APR-8. */
export function approvalsCount(
  anchors: readonly AnchorEvidence[],
  approvals: readonly ApprovalDates[],
  trust: TrustPolicy,
): boolean {
  const at = sourcesJudgedAt(anchors);
  return approvals.every(({ suite, expires }) => at < expires && suiteCountsAt(trust, suite, at));
}

/** True where every source's seal and policies count, judged again under anchors that were themselves judged again. Spec: LIN-2, RAN-2. */
export function sourcesCount(
  anchors: readonly AnchorEvidence[],
  chains: readonly SourceChain[],
  trust: TrustPolicy,
): boolean {
  const times: number[] = [];
  return chains.every(({ anchors: own, policySuites, approvals, namedBy }) => {
    const judged = judge(own, trust, namedBy < 0 ? sourcesJudgedAt(anchors) : times[namedBy]!);
    times.push(sourcesJudgedAt(judged));
    const { counts, judgedAt } = judged[0]!;
    return (
      counts &&
      [...policySuites].every((suite) => suiteCountsAt(trust, suite, judgedAt)) &&
      approvalsCount(judged, approvals, trust)
    );
  });
}

/** Requirements in force at `now` that the counting anchors don't meet. Spec: TRU-10. */
export function unmet(trust: TrustPolicy, anchors: readonly AnchorEvidence[], now: number): readonly Requirement[] {
  return trust.required.filter(({ from, suites: wanted, authorities }) => {
    if (from > now) return false;
    const counting = anchors.filter(
      ({ counts, suite, judgedAt }) =>
        counts && wanted.includes(suite) && suiteCountsAt(trust, suite, Math.max(judgedAt, 0)),
    );
    return new Set(counting.map(({ signer }) => signer.authority)).size < authorities;
  });
}

/** The anchors with their root messages; without the one that a lone seal needs where it verified before and is there. Spec: ATT-5, BAT-4. */
function coveredAnchors({ anchors, attachments, trust }: SignedInput): readonly CoveredAnchor[] {
  const [seal, ...later] = anchors;
  const root = seal?.batch?.root;
  if (seal && root && later.length === 0 && knownRoot(root, "anchor root", trust) && attachments.holdsKnownRoot(root))
    return [{ anchor: seal.bytes, root: null }];
  return rootMessages(anchors, (name) => attachments.root(name));
}

/** What of an anchor chain doesn't depend on the time at which it is judged. Throws as `judgeAnchors`. */
export function verifyChain(input: SignedInput): SignedChain {
  const anchors = knownAnchors(input);
  const known = { ...input, anchors };
  const pairs = coveredAnchors(known);
  const lastRewrap = anchors.findLastIndex(({ statement }) => statement.kind === "rewrap" || statement.kind === "seal");
  const signed: Signed[] = [];
  for (let index = 0; index < anchors.length; index += 1) {
    checkStatement(known, pairs, index, lastRewrap);
    signed.push(verifySignatures(known, pairs, index));
    checkSigner(input, signed, index);
  }
  return { signed, unknownLater: input.anchors.length - anchors.length };
}

/** Judges a verified chain at `now`. Throws `anchor-time`, `signer-compromised`, `suite-required`. Spec: ANC-9, TRU-8 to TRU-10. */
export function judgeChain(
  { signed, unknownLater }: SignedChain,
  trust: TrustPolicy,
  now: number,
  options: { readonly requirements: boolean },
): Evidence {
  const ahead = signed.findIndex(({ time }) => time > now + maxAheadSeconds);
  if (ahead >= 0) fail("anchor-time", ahead, "it lies in the future");
  const judged = judge(signed, trust, now);
  const first = judged[0]!;
  if (!markedSignatureCounts(first.signer, judged.slice(1)))
    fail(
      "signer-compromised",
      0,
      `the key of \`${first.signer.authority}\` is marked invalid and nothing dates the seal before that`,
    );
  const failing = options.requirements ? unmet(trust, judged, now) : [];
  const enforced = failing.find(({ stage }) => stage === "enforce");
  if (enforced)
    throw new VerificationError(
      "suite-required",
      `the trust policy requires an anchor of ${enforced.suites.map((suite) => `\`${suite}\``).join(" or ")} by ${enforced.authorities} authorities`,
    );
  const eras = judged.filter(({ counts }) => counts).map(({ suite }) => suites[suite].era);
  return {
    anchors: judged,
    unknownLater,
    standing: first.counts ? "valid" : "expired",
    era: eras.reduce<Era>((best, era) => (eraAtLeast(era, best) ? era : best), "classical"),
    judgedAt: first.judgedAt,
    reported: failing,
  };
}

/**
 * Verifies an anchor chain and judges it. Throws the first failing check: `anchor-…`, `batch-…`, `signer-…`, `suite-…`,
 * `signature-invalid`, `attachment-missing`. Spec: ANC-1 to ANC-10, BAT-4, BAT-5, SUI-5, TRU-5 to TRU-10.
 */
export function judgeAnchors(input: ChainInput, options: { readonly requirements: boolean }): Evidence {
  return judgeChain(verifyChain(input), input.trust, input.now, options);
}
