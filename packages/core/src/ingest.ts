// Ingest: bytes to a VerifiedArtifact. The only function that makes one. It reads as the protocol.
import { parseAnchor } from "./anchor.ts";
import type { ParsedAnchor } from "./anchor.ts";
import { assertNoCrit, decodeArtifact, decodeCore, decodeKeys, layerParameters, nameOf } from "./artifact.ts";
import type { ArtifactParts, Core, Keys, Layer } from "./artifact.ts";
import { indexAttachments } from "./attachments.ts";
import type { Attachments, Store } from "./attachments.ts";
import { verifyContent } from "./content-open.ts";
import type { ContentSource } from "./content-source.ts";
import { ownBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { deadlineOf } from "./deadline.ts";
import { FormatError, VerificationError } from "./errors.ts";
import type { Evaluator, PolicyLayer } from "./evaluator.ts";
import { judgeAnchors, rehashedRoots } from "./evidence.ts";
import { floeHeaderBytes, floeSegmentBytes } from "./floe.ts";
import type { Evidence } from "./evidence.ts";
import { checkLineage } from "./lineage.ts";
import { rootOfLeaves } from "./merkle.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { PolicyMessage } from "./policy.ts";
import { assertIssuerScope, recheckTerms } from "./policy.ts";
import { judgePolicy } from "./policy-evidence.ts";
import { checkRecipients } from "./recipient.ts";
import { wrapEraOf } from "./recipient-kind.ts";
import { digestAlg, digestText } from "./shape.ts";
import { hashes } from "./suites.ts";
import type { SuiteName } from "./suites.ts";
import { assertTrust, verifyAhead } from "./trust.ts";
import type { Demand, TrustPolicy } from "./trust.ts";
import { markVerified, noteTermsChecked } from "./verified.ts";
import type { Check, VerifiedArtifact, VerifiedFacts } from "./verified.ts";

/** Options of `ingest`. */
export interface IngestOptions {
  /** The carried content as stored; its Merkle root is checked. Without it: `content: unchecked`. */
  readonly content?: ContentSource;
  /** Where policies, roots and lists of compact artifacts come from. */
  readonly store?: Store;
  /** Rechecks vocabularies and release conditions. Without it: `terms: unchecked`. */
  readonly evaluator?: Evaluator;
  readonly clock?: Clock;
  /** Most bytes of an artifact; default 1 MiB. */
  readonly maxBytes?: number;
  /**
   * True: signatures of anchors are verified on libuv's threads, for services that ingest many artifacts side by side on several cores.
   * Default: on this thread, which costs the least where one is ingested after the other.
   */
  readonly threads?: boolean;
}

const classifications = ["public", "internal", "confidential", "restricted"] as const;

interface Decoded {
  readonly parts: ArtifactParts;
  readonly core: Core;
  readonly keys: Keys;
  readonly anchors: readonly ParsedAnchor[];
  readonly attachments: Attachments;
}

/** Strict decode, version, crit, attachments all named. Spec: ING-2, ART-1 to ART-11, ATT-1 to ATT-3. */
function decode(input: Uint8Array, options: IngestOptions): Decoded {
  const limits = options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
  const parts = decodeArtifact(ownBytes(input, limits), limits);
  const core = decodeCore(parts.core);
  assertNoCrit(core);
  const keys = decodeKeys(parts.keys);
  if (core.content.format === "floe" && keys.recipients.length === 0)
    throw new FormatError("structure", "content of format floe has at least one recipient", {
      path: "keys/recipients",
    });
  const anchors = parts.anchors.map(parseAnchor);
  const attachments = indexAttachments(parts.attachments, core, anchors, options.store);
  checkLeafList(core, attachments);
  return { parts, core, keys, anchors, attachments };
}

/** An attached leaf list is named by the content root. Spec: ATT-3, CON-14. */
function checkLeafList(core: Core, { leaves }: Attachments): void {
  if (leaves === null) return;
  const { format, root, sizeBytes } = core.content;
  const alg = digestAlg(root);
  // an upper level of the tree has the same root, so the number of leaves counts as well
  const segments = Math.ceil((sizeBytes - (format === "floe" ? floeHeaderBytes : 0)) / floeSegmentBytes);
  if (
    leaves.length === 0 ||
    leaves.length !== segments * hashes[alg].sizeBytes ||
    digestText(alg, rootOfLeaves(alg, leaves)) !== root
  )
    throw new FormatError("attachment-unnamed", "the attached leaf list is not that of the content root");
}

/** The policies in force, each signed by its own authority, judged when anchor 0 is. Spec: POM-2, POM-3, ING-4. */
function verifyPolicies(
  { core, attachments }: Decoded,
  evidence: Evidence,
  trust: TrustPolicy,
): { layers: readonly Layer[]; policies: readonly PolicyMessage[]; policySuites: ReadonlySet<SuiteName> } {
  const layers = attachments.layers(core);
  const policySuites = new Set<SuiteName>();
  const policies = layers.map(({ policy: name }) => {
    const policy = attachments.policy(name);
    if (!policy) throw new FormatError("attachment-missing", `policy \`${name}\` is neither attached nor in the store`);
    policySuites.add(judgePolicy(policy, evidence, trust));
    return policy;
  });
  const issuer = evidence.anchors[0]!.signer;
  assertIssuerScope(issuer, policies);
  return { layers, policies, policySuites };
}

function demandFor(trust: TrustPolicy, classification: (typeof classifications)[number]): Demand {
  const applying = trust.demands.filter((demand) => demand.classifications.includes(classification));
  return {
    classifications: [classification],
    status: applying.some(({ status }) => status),
    parents: applying.some(({ parents }) => parents),
    receipts: applying.some(({ receipts }) => receipts),
  };
}

/** Carried content has the root that the issuer signed, and those that counting rehashes state. Spec: ANC-11, CON-11, ING-8. */
async function checkContent({ content: signed }: Core, { anchors }: Evidence, source: ContentSource): Promise<void> {
  await verifyContent(source, { content: signed, roots: rehashedRoots(anchors) });
}

/** Chains are short; of a long one the rest is verified in its turn. */
const anchorsAhead = 8;

async function verifyAnchorsAhead(anchors: readonly ParsedAnchor[], trust: TrustPolicy): Promise<void> {
  const ahead = anchors.slice(0, anchorsAhead).filter(({ signatures }) => signatures !== null);
  await Promise.all(ahead.map((anchor) => verifyAhead(trust, anchor.signatures!, "anchor", anchor.statementBytes)));
}

/**
 * Verifies an artifact under a trust policy. Throws the first failing check (FormatError, VerificationError; PolicyError with an
 * evaluator); returns a VerifiedArtifact whose checks say what was done and what was not. Opens no socket.
 * Spec: ING-1 to ING-8.
 */
export async function ingest(
  input: Uint8Array,
  trust: TrustPolicy,
  options: IngestOptions = {},
): Promise<VerifiedArtifact> {
  rejectUnknownOptions(options, ["content", "store", "evaluator", "clock", "maxBytes", "threads"]);
  const now = secondsNow(options.clock);
  assertTrust(trust, now);
  const decoded = decode(input, options);
  const { parts, core, keys, anchors, attachments } = decoded;
  if (options.threads === true) await verifyAnchorsAhead(anchors, trust);
  const name = nameOf(parts.core);
  const evidence = judgeAnchors(
    {
      coreBytes: parts.core,
      coreName: name,
      core,
      keysBytes: parts.keys,
      anchors,
      attachments,
      trust,
      now,
    },
    { requirements: true },
  );
  const { layers, policies, policySuites } = verifyPolicies(decoded, evidence, trust);
  const classification =
    classifications[Math.max(...policies.map((policy) => classifications.indexOf(policy.classification)))]!;
  checkRecipients(core, keys.recipients, layers, classification);
  const lineage = checkLineage(core, name, attachments, trust, evidence, options.evaluator);
  const demand = demandFor(trust, classification);
  if (demand.status && core.status.length === 0)
    throw new VerificationError(
      "status-missing",
      `the trust policy demands a status entry on \`${classification}\` data`,
    );
  if (options.evaluator) for (const policy of policies) recheckTerms(policy, options.evaluator);
  if (options.content !== undefined) await checkContent(core, evidence, options.content);
  const policyLayers = layers.map((layer, index): PolicyLayer => ({
    policy: layer.policy,
    document: policies[index]!.document,
    parameters: layerParameters(layer),
    via: layer.via ?? [],
  }));
  const artifact = {
    parts,
    core,
    name,
    keys,
    anchors: anchors.slice(0, evidence.anchors.length),
    layers,
    policies,
    policyLayers,
    attachments,
    evidence,
    deadline: deadlineOf(
      evidence.anchors,
      { policySuites, chains: lineage.chains, approvals: lineage.approvals },
      trust,
    ),
    wrapEra: wrapEraOf(keys),
    lineage,
    classification,
    demand,
    contentChecked: options.content !== undefined,
    termsChecked: options.evaluator !== undefined,
    trust,
  };
  const checked = markVerified(artifact, () => listChecks(artifact));
  if (options.evaluator) noteTermsChecked(checked, options.evaluator);
  return checked;
}

function rehashedText({ anchors }: Evidence): string {
  const roots = rehashedRoots(anchors);
  return roots.length === 0 ? "" : `; rehashed under ${roots.map((root) => hashes[digestAlg(root)].text).join(", ")}`;
}

function listChecks(artifact: VerifiedFacts): readonly Check[] {
  const { core, evidence, keys, lineage, policies, demand } = artifact;
  const last = evidence.anchors.at(-1)!;
  const seals = evidence.anchors[0]!;
  const hasSources = core.lineage.parents.length > 0 || core.supersedes !== undefined;
  return [
    {
      check: "format",
      outcome: "ok",
      detail: `version 1, ${artifact.parts.anchors.length} anchor(s), ${artifact.parts.attachments.length} attachment(s), each named`,
    },
    {
      check: "anchors",
      outcome: evidence.standing === "valid" ? "ok" : "expired",
      detail: `sealed by ${seals.signer.authority} (${seals.suite}), last anchor ${last.kind} (${last.suite}); evidence era ${evidence.era}`,
    },
    evidence.reported.length === 0
      ? { check: "requirements", outcome: "ok", detail: "the trust policy's requirements are met" }
      : {
          check: "requirements",
          outcome: "reported",
          detail: `not met, reported only: ${evidence.reported.map(({ suites }) => suites.join(" or ")).join("; ")}`,
        },
    {
      check: "policies",
      outcome: "ok",
      detail: `${policies.length} in force, each signed by its authority: ${policies.map(({ id }) => id).join(", ")}`,
    },
    {
      check: "custody-rule",
      outcome: "ok",
      detail: `${keys.recipients.length} recipient(s) within the rule; wrap era ${artifact.wrapEra ?? "none"}${keys.exposures.length === 0 ? "" : `, ${keys.exposures.length} exposure(s)`}`,
    },
    hasSources
      ? {
          check: "sources",
          outcome: lineage.standing === "checked" ? "ok" : "unchecked",
          detail: lineage.reason ?? `${lineage.sources.length} source(s) verified up to originals`,
        }
      : { check: "sources", outcome: "none", detail: "an original: it has no sources" },
    core.status.length === 0
      ? { check: "status", outcome: "none", detail: demand.status ? "" : "no status entry, none demanded" }
      : {
          check: "status",
          outcome: "unchecked",
          detail: `${core.status.length} status entry(s) named; read when a decision is made`,
        },
    {
      check: "terms",
      outcome: artifact.termsChecked ? "ok" : "unchecked",
      detail: artifact.termsChecked ? "vocabularies and release conditions rechecked" : "no evaluator was given",
    },
    {
      check: "content",
      outcome: artifact.contentChecked ? "ok" : "unchecked",
      detail: artifact.contentChecked
        ? `${core.content.sizeBytes} bytes match the signed root${rehashedText(evidence)}`
        : `no content was given${rehashedText(evidence)}`,
    },
  ];
}
