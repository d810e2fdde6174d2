// What a walk over sources remembers of one of them: what no time decides over is checked once, the rest once at each time at which
// something names it. Thousands may name one source, each at a time of its own.
import { equalBytes } from "./cbor.ts";
import type { SignedApproval } from "./approval-check.ts";
import type { Attachments, AttachedSource } from "./attachments.ts";
import type { Core, Source } from "./artifact.ts";
import { VerificationError } from "./errors.ts";
import { judgeChain, maxAheadSeconds, verifyChain } from "./evidence.ts";
import type { Evidence, SignedChain } from "./evidence.ts";
import { judgeApprovals, judgeApprovalsAgain } from "./lowering.ts";
import { assertIssuerScope } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import { judgePolicySigner } from "./policy-evidence.ts";
import type { SourceNode } from "./source-graph.ts";
import type { TrustedSigner, TrustPolicy } from "./trust.ts";

/** The policies of a core's layers that are at hand, each once. */
function policiesAtHand(core: Core, attachments: Attachments): readonly PolicyMessage[] {
  const names = new Set(attachments.layers(core).map(({ policy }) => policy));
  return [...names].map((name) => attachments.policy(name)).filter((policy) => policy !== undefined);
}

/** A source that is at hand. */
export class KnownSource {
  readonly source: AttachedSource;
  /** Its place among the sources of the walk. */
  readonly place: number;
  readonly #attachments: Attachments;
  readonly #trust: TrustPolicy;
  readonly #judged = new Map<number, Evidence>();
  #chain: SignedChain | null = null;
  /** A policy by each signer. */
  #policies: ReadonlyMap<TrustedSigner, PolicyMessage> | null = null;
  #approvals: readonly SignedApproval[] | null = null;

  constructor(source: AttachedSource, place: number, attachments: Attachments, trust: TrustPolicy) {
    this.source = source;
    this.place = place;
    this.#attachments = attachments;
    this.#trust = trust;
  }

  get core(): Core {
    return this.source.core;
  }

  /** The approvals that it names; none before it was judged. */
  get approvals(): readonly SignedApproval[] {
    return this.#approvals ?? [];
  }

  /** Verifies as of what names it; `check` is what the reference asks besides. Null where it was judged at this time before. Spec: LIN-2, LIN-6, TRU-11, APR-8. */
  judgeAt(reference: Source, judgedAt: number, sealedAt: number, check: () => void): Evidence | null {
    const { coreBytes, name: coreName, core, anchors } = this.source;
    this.#chain ??= verifyChain({
      coreBytes,
      coreName,
      core,
      keysBytes: null,
      anchors,
      attachments: this.#attachments,
      trust: this.#trust,
    });
    if (!equalBytes(reference.id, core.artifactId))
      throw new VerificationError("parent-digest", "a source has another artifact id than its reference");
    const before = this.#judged.get(judgedAt);
    const evidence = before ?? judgeChain(this.#chain, this.#trust, judgedAt, { requirements: false });
    if (evidence.anchors[0]!.time > sealedAt)
      throw new VerificationError("lineage-time", "a source is younger than what it is a source of");
    if (evidence.anchors.at(-1)!.time > sealedAt + maxAheadSeconds)
      throw new VerificationError("lineage-time", "an anchor of a source is younger than the seal that names it");
    if (before === undefined) this.#judgePolicies(evidence);
    check();
    if (before !== undefined) return null;
    if (this.#approvals === null) this.#approvals = judgeApprovals(core, evidence, this.#attachments, this.#trust);
    else judgeApprovalsAgain(this.#approvals, evidence, this.#trust);
    this.#judged.set(judgedAt, evidence);
    return evidence;
  }

  /** The seal counts, and the policies that are at hand hold as those of an artifact do: at a further time, one of each signer. Spec: LIN-2, POM-3. */
  #judgePolicies(evidence: Evidence): void {
    const { signer } = evidence.anchors[0]!;
    if (signer.scope !== null && this.#policies === null) assertIssuerScope(signer, this.#everyPolicy());
    if (evidence.standing !== "valid")
      throw new VerificationError("suite-lapsed", "the evidence of a source had expired when it was used");
    const bySigner = new Map<TrustedSigner, PolicyMessage>();
    for (const policy of this.#policies?.values() ?? policiesAtHand(this.core, this.#attachments)) {
      const by = judgePolicySigner(policy, evidence, this.#trust);
      if (!bySigner.has(by)) bySigner.set(by, policy);
    }
    this.#policies ??= bySigner;
  }

  #everyPolicy(): readonly PolicyMessage[] {
    return this.#attachments.layers(this.core).map(({ policy }) => {
      const message = this.#attachments.policy(policy);
      if (!message) throw new VerificationError("parent-missing", "a policy of a source is not at hand");
      return message;
    });
  }

  /** Its place in the graph; `sources` are the places of its own. */
  node(sources: readonly number[]): SourceNode {
    const signers = [...(this.#policies?.keys() ?? [])];
    return {
      anchors: this.#judged.values().next().value?.anchors ?? [],
      policySuites: new Set(signers.map(({ suite }) => suite)),
      policySigners: new Set(signers),
      approvals: this.approvals.map(({ approval }) => approval),
      approvers: new Set(this.approvals.map(({ signer }) => signer)),
      sources,
      namedBy: -1,
    };
  }
}
