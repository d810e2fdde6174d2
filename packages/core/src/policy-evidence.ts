// A policy's signature, judged with the artifact that carries it: at the time at which that artifact's seal is.
import { VerificationError } from "./errors.ts";
import { markedSignatureCounts } from "./evidence.ts";
import type { AnchorEvidence, Evidence } from "./evidence.ts";
import type { PolicyMessage } from "./policy.ts";
import { verifyPolicy } from "./policy.ts";
import type { SuiteName } from "./suites.ts";
import { assertRole, suiteCountsAt } from "./trust.ts";
import type { TrustedSigner, TrustPolicy } from "./trust.ts";

/** Verifies and judges a policy message; returns its suite. Throws as `judgePolicySigner`. Spec: POM-2, POM-3. */
export function judgePolicy(policy: PolicyMessage, evidence: Evidence, trust: TrustPolicy): SuiteName {
  return judgePolicySigner(policy, evidence, trust).suite;
}

/** As `judgePolicy`; returns who signed. Throws `signer-…`, `signature-invalid`, `policy-authority`, `suite-lapsed`. Spec: POM-2, POM-3. */
export function judgePolicySigner(policy: PolicyMessage, evidence: Evidence, trust: TrustPolicy): TrustedSigner {
  const signer = verifyPolicy(policy, trust);
  assertRole(signer, ["policy"], evidence.anchors[0]!.time);
  // A policy has no time of its own: what shows that it was signed in time is the seal.
  const signUntil = trust.suites.get(signer.suite)?.signUntil ?? null;
  const signedLate = signUntil !== null && evidence.anchors[0]!.time >= signUntil;
  if (signedLate || !suiteCountsAt(trust, signer.suite, evidence.judgedAt))
    throw new VerificationError("suite-lapsed", `suite \`${signer.suite}\` of policy \`${policy.id}\` had lapsed`);
  if (!markedSignatureCounts(signer, evidence.anchors))
    throw new VerificationError(
      "signer-compromised",
      `the key of \`${signer.authority}\` is marked invalid and nothing dates policy \`${policy.id}\` before that`,
    );
  return signer;
}

/** True where policies by this signer count at the time at which the seal is judged: of POM-3 what time can change. */
export function policySignerCounts(
  signer: TrustedSigner,
  anchors: readonly AnchorEvidence[],
  trust: TrustPolicy,
): boolean {
  return suiteCountsAt(trust, signer.suite, anchors[0]!.judgedAt) && markedSignatureCounts(signer, anchors);
}
