// Where a campaign goes, and how far one artifact is on that way.
import { eraAtLeast, suites } from "@writ/core";
import type { ErrorCode, SuiteName, VerifiedArtifact } from "@writ/core";

/** `default`, and `cnsa2` after CNSA 2.0, which asks for content roots under SHA-384 or SHA-512 too. */
type Profile = "default" | "cnsa2";

const profiles: Readonly<Record<Profile, SuiteName>> = { default: "ed25519+mldsa65", cnsa2: "mldsa87" };

/** A signature suite, or a profile. Spec: RAN-3. */
export type Target = SuiteName | Profile;

/** The suite of a target; RangeError for one that this version doesn't have. */
export function targetSuite(to: string): SuiteName {
  if (Object.hasOwn(profiles, to)) return profiles[to as Profile];
  if (Object.hasOwn(suites, to)) return to as SuiteName;
  const known = [...Object.keys(profiles), ...Object.keys(suites)];
  throw new RangeError(`target \`${to}\` is not known here; known are ${known.join(", ")}`);
}

/** True where a target asks for another content hash than an artifact has: only reading the content can give it one. */
export function needsRehash(to: Target, contentHash: string): boolean {
  return to === "cnsa2" && contentHash === "sha256";
}

/** Why an artifact gets no anchor. */
export interface Obstacle {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly retryable: boolean;
}

/** Where a verified artifact stands: `current` needs nothing, `due` gets an anchor, `quarantined` must not, `set-aside` can't. */
export type Standing =
  | { readonly kind: "current" | "due" }
  | ({ readonly kind: "quarantined" | "set-aside" } & Obstacle);

/** Most seconds that a batch is dated ahead of the clock, for an artifact whose last anchor lies ahead of it. */
const maxLeadSeconds = 60;

/** Codes that say: once enough, and no longer. An anchor now would bless what nobody can vouch for. Spec: RAN-9. */
const pastCutOff: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["suite-lapsed", "suite-required"]);

/** The standing of an artifact that ingest refused. Spec: RAN-8, RAN-9. */
export function standingOfError(obstacle: Obstacle): Standing {
  return { kind: pastCutOff.has(obstacle.code) ? "quarantined" : "set-aside", ...obstacle };
}

/**
 * True where a counting anchor is of the suite or of a later era: what makes a second run skip. A seal alone doesn't suffice where
 * policies or sources lapse before the suite does: only a cover dates them. Spec: RAN-6.
 */
export function hasReached({ evidence, deadline, trust }: VerifiedArtifact, suite: SuiteName): boolean {
  const { era } = suites[suite];
  const last = evidence.anchors.findLastIndex((anchor) => {
    const reached = suites[anchor.suite].era;
    return anchor.counts && (anchor.suite === suite || (reached !== era && eraAtLeast(reached, era)));
  });
  const lapsesEarlier =
    deadline?.code === "suite-lapsed" && deadline.at < (trust.suites.get(suite)?.verifyUntil ?? Infinity);
  return last > 0 || (last === 0 && !lapsesEarlier);
}

/** The standing of a verified artifact. `now` is seconds since the epoch. Spec: RAN-6, RAN-8, RAN-9. */
export function standingOf(artifact: VerifiedArtifact, suite: SuiteName, now: number): Standing {
  const { evidence } = artifact;
  if (evidence.unknownLater > 0)
    return {
      kind: "set-aside",
      code: "anchor-chain",
      reason: "it has later anchors of a suite that is not known here",
      retryable: false,
    };
  if (evidence.standing === "expired")
    return {
      kind: "quarantined",
      code: "suite-lapsed",
      reason: "its evidence has expired: a new anchor would not restore it",
      retryable: false,
    };
  if (hasReached(artifact, suite)) return { kind: "current" };
  const ahead = evidence.anchors.at(-1)!.time - now;
  if (ahead >= maxLeadSeconds)
    return {
      kind: "set-aside",
      code: "anchor-time",
      reason: `its last anchor is dated ${ahead} s ahead of this clock`,
      retryable: true,
    };
  return { kind: "due" };
}
