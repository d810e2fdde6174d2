// The trusted type. Only ingest makes one; whatever takes one checks that.
import { toHex } from "#bytes";
import type { ParsedAnchor } from "./anchor.ts";
import { headDigest } from "./artifact.ts";
import type { ArtifactParts, Core, Keys, Layer } from "./artifact.ts";
import type { Attachments } from "./attachments.ts";
import type { Deadline } from "./deadline.ts";
import type { Evaluator, PolicyLayer } from "./evaluator.ts";
import type { Evidence } from "./evidence.ts";
import { freezeDeep } from "./frozen.ts";
import type { LineageVerdict } from "./lineage.ts";
import type { PolicyMessage } from "./policy.ts";
import type { Digest } from "./shape.ts";
import type { Era } from "./suites.ts";
import type { Demand, TrustPolicy } from "./trust.ts";

/** One check of an ingest, in the order in which it ran. */
export interface Check {
  /** `format`, `attachments`, `anchors`, `requirements`, `policies`, `custody-rule`, `sources`, `status`, `terms`, `content`. */
  readonly check: string;
  readonly outcome: "ok" | "unchecked" | "reported" | "expired" | "none";
  /** One sentence for people. */
  readonly detail: string;
}

/** An artifact whose evidence was verified under a trust policy. Made by `ingest` alone; frozen. */
export interface VerifiedArtifact {
  readonly parts: ArtifactParts;
  readonly core: Core;
  /** Name of the core. */
  readonly name: Digest;
  readonly keys: Keys;
  /** The anchors of known suites, parsed; `evidence` says what they prove. */
  readonly anchors: readonly ParsedAnchor[];
  /** What permits bind and compare-and-swap compares. */
  readonly head: Digest;
  /** The policies in force, in the order of the core. */
  readonly layers: readonly Layer[];
  readonly policies: readonly PolicyMessage[];
  readonly policyLayers: readonly PolicyLayer[];
  readonly attachments: Attachments;
  readonly evidence: Evidence;
  /** When the trust policy's own dates end the acceptance of what it now has; null where they don't. */
  readonly deadline: Deadline | null;
  /** Weakest of the present wraps and of what the data key was ever exposed to; null without recipients. */
  readonly wrapEra: Era | null;
  readonly lineage: LineageVerdict;
  /** Highest classification of the layers. */
  readonly classification: "public" | "internal" | "confidential" | "restricted";
  /** What the trust policy demands of artifacts of this classification, united. */
  readonly demand: Demand;
  readonly contentChecked: boolean;
  readonly termsChecked: boolean;
  readonly checks: readonly Check[];
  readonly trust: TrustPolicy;
}

/** What ingest found; the rest is worked out once somebody asks. */
export type VerifiedFacts = Omit<VerifiedArtifact, "head" | "checks">;

/** What ingest makes. Its private names can't be forged, copied or cast to, and cost the collector nothing, as a WeakSet of each would. */
class Verified {
  readonly #parts: ArtifactParts;
  readonly #listChecks: () => readonly Check[];
  #head: Digest | undefined;
  #checks: readonly Check[] | undefined;
  /** Evaluators that have checked vocabularies and release conditions. */
  readonly #termsBy: Evaluator[] = [];

  constructor(facts: VerifiedFacts, listChecks: () => readonly Check[]) {
    this.#parts = facts.parts;
    this.#listChecks = listChecks;
    Object.assign(this, facts);
    Object.freeze(this);
  }

  get head(): Digest {
    return (this.#head ??= headDigest(this.#parts));
  }

  get checks(): readonly Check[] {
    if (this.#checks === undefined) {
      this.#checks = this.#listChecks();
      freezeDeep(this.#checks);
    }
    return this.#checks;
  }

  /** Null for anything that ingest didn't make. */
  static termsBy(artifact: unknown): Evaluator[] | null {
    return typeof artifact === "object" && artifact !== null && #termsBy in artifact ? artifact.#termsBy : null;
  }
}

// an artifact leads to nobody who could make another one
Object.defineProperty(Verified.prototype, "constructor", { value: Object });
Object.freeze(Verified.prototype);

/** For ingest alone: marks what it verified, and fixes it. `listChecks` is called once somebody reads the checks. */
export function markVerified(facts: VerifiedFacts, listChecks: () => readonly Check[]): VerifiedArtifact {
  freezeDeep(facts);
  return new Verified(facts, listChecks) as Verified & VerifiedArtifact; // with every member of `facts`
}

/** Notes that an evaluator has checked vocabularies and release conditions. Spec: ING-7. */
export function noteTermsChecked(artifact: VerifiedArtifact, evaluator: Evaluator): void {
  Verified.termsBy(artifact)?.push(evaluator);
}

/** True where this very evaluator has: what another one made of a document is not its word. Spec: DEC-2. */
export function termsCheckedBy(artifact: VerifiedArtifact, evaluator: Evaluator): boolean {
  return Verified.termsBy(artifact)?.includes(evaluator) ?? false;
}

/** True where the evidence that ingest found, and the trust policy itself, still hold at `now` (seconds since the epoch). Spec: DEC-5. */
export function evidenceStands({ evidence, deadline, trust }: VerifiedArtifact, now: number): boolean {
  return evidence.standing === "valid" && now < trust.expires && (deadline === null || now < deadline.at);
}

/** Throws TypeError for anything that ingest didn't make: a cast or a copy is not evidence. Spec: ING-1. */
export function assertVerified(artifact: VerifiedArtifact): void {
  if (Verified.termsBy(artifact) === null) throw new TypeError("a verified artifact comes from ingest");
}

/**
 * False where lineage is unchecked and must not be: where the trust policy demands parents, and wherever the only right of who sealed
 * is to pass on what its sources had: a signer of role derive, and an issuer of another's artifact. Spec: DEC-5, LIN-7.
 */
export function lineageStands({ lineage, demand, evidence, core }: VerifiedArtifact): boolean {
  if (lineage.standing === "checked") return true;
  const passesOn = evidence.anchors[0]!.signer.role === "derive" || core.issuer !== core.firstIssuer;
  return !demand.parents && !passesOn;
}

/** 32 lower-case hex digits: the artifact id for people and logs. */
export function artifactIdText(core: Core): string {
  return toHex(core.artifactId);
}
