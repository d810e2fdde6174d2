// Lowering: layers are taken out or replaced only with the approvals that each one's own policy asks for.
import { judgeApproval, countApprovals, layersDigest, openApproval } from "./approval-check.ts";
import type { Approval, SignedApproval } from "./approval-check.ts";
import type { Core, Layer } from "./artifact.ts";
import { layerParameters } from "./artifact.ts";
import type { Attachments } from "./attachments.ts";
import { declassifyOf } from "./declassify.ts";
import { FormatError, PolicyError, VerificationError } from "./errors.ts";
import { operations } from "./evaluator.ts";
import type { Evaluator, JsonObject, Operation, PolicyLayer } from "./evaluator.ts";
import { sourcesJudgedAt } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";
import type { Digest } from "./shape.ts";
import type { TrustPolicy } from "./trust.ts";

/** A layer as others refer to it, its document elsewhere. */
export type ReferredLayer = Omit<PolicyLayer, "document">;

/** A layer of a core without its document. */
export function toReferred(layer: Layer): ReferredLayer {
  return { policy: layer.policy, parameters: layerParameters(layer), via: layer.via ?? [] };
}

/** A layer as a core holds it. */
export function toLayer({ policy, parameters, via }: ReferredLayer): Layer {
  return {
    policy,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: new Map(Object.entries(parameters)) }),
    ...(via.length === 0 ? {} : { via }),
  };
}

const referred = new WeakMap<readonly Layer[], readonly ReferredLayer[]>();

/** The layers of a core without their documents, made once: thousands of sources may share one long list. */
export function referredLayers(layers: readonly Layer[]): readonly ReferredLayer[] {
  const known = referred.get(layers);
  if (known) return known;
  const made = layers.map(toReferred);
  referred.set(layers, made);
  return made;
}

const keys = new WeakMap<ReferredLayer, string>();

/** Names a policy with its parameters. */
function layerKey(layer: ReferredLayer): string {
  const known = keys.get(layer);
  if (known !== undefined) return known;
  const key = makeKey(layer);
  keys.set(layer, key);
  return key;
}

function makeKey({ policy, parameters }: ReferredLayer): string {
  const values = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([policy, values]);
}

const bits: ReadonlyMap<Operation, number> = new Map(operations.map((operation, index) => [operation, 1 << index]));

/** An evaluator may say what isn't an operation; no core holds that. */
const noOperation = 1 << 30;

/** `via` as a set of bits: of one policy a thousand layers may differ in nothing else. */
function viaBits(via: readonly Operation[]): number {
  return via.reduce((set, operation) => set | (bits.get(operation) ?? noOperation), 0);
}

const holders = new WeakMap<readonly Layer[], ReadonlyMap<string, readonly number[]>>();

function viasByKey(layers: readonly Layer[]): ReadonlyMap<string, readonly number[]> {
  const known = holders.get(layers);
  if (known) return known;
  const vias = new Map<string, number[]>();
  for (const layer of referredLayers(layers)) {
    const same = vias.get(layerKey(layer));
    if (same) same.push(viaBits(layer.via));
    else vias.set(layerKey(layer), [viaBits(layer.via)]);
  }
  holders.set(layers, vias);
  return vias;
}

/** Asks layers, indexed once, for one at least as tight: same policy and parameters, every `via`. Spec: LIN-3. */
export function holderOf(layers: readonly Layer[]): (wanted: ReferredLayer) => boolean {
  const vias = viasByKey(layers);
  return (wanted) => {
    const asked = viaBits(wanted.via);
    return vias.get(layerKey(wanted))?.some((via) => (via & asked) === asked) ?? false;
  };
}

/** The layers of a core as evaluators take them; undefined where a policy isn't at hand. */
export function policyLayers(layers: readonly Layer[], attachments: Attachments): readonly PolicyLayer[] | undefined {
  const documents = layers.map(({ policy }) => attachments.policy(policy)?.document);
  if (documents.some((document) => document === undefined)) return undefined;
  return referredLayers(layers).map((layer, index) => ({ ...layer, document: documents[index]! }));
}

/**
 * Which approvals count for the layers that are lowered, in the order of their names: for each layer as many as its policy asks for, by
 * those it names. Throws `lowering-refused` where nobody may lower one, `approval-missing`. Spec: APR-3, APR-7.
 */
export function countLowering(
  approvals: readonly Approval[],
  lowered: readonly ReferredLayer[],
  documentOf: (policy: Digest) => JsonObject | undefined,
): readonly Approval[] {
  const sorted = approvals.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const counting = lowered.flatMap(({ policy }) => {
    const rule = declassifyOf(documentOf(policy));
    if (!rule) throw new PolicyError("lowering-refused", `nobody may lower a layer of policy \`${policy}\``);
    const those = countApprovals(sorted.filter(({ authority }) => rule.approvers.includes(authority)));
    if (those.length < rule.threshold)
      throw new PolicyError(
        "approval-missing",
        `${those.length} approvals count of ${rule.threshold} that policy \`${policy}\` asks for`,
      );
    return those;
  });
  return sorted.filter((approval) => counting.includes(approval));
}

/** Throws `approval-mismatch` for an approval of anything but these layers of these sources by this operation. Spec: APR-4. */
export function assertApproves(
  { sources, operation, layers, approver }: Approval,
  change: { readonly sources: readonly Digest[]; readonly operation: string; readonly layers: Digest },
): void {
  const wanted = [...new Set(change.sources)].sort().join(" ");
  if ([...sources].sort().join(" ") !== wanted || operation !== change.operation || layers !== change.layers)
    throw new PolicyError("approval-mismatch", `the approval of \`${approver}\` is for something else`);
}

/** Throws `lowering-refused` where layers are laxer than what a lowered layer's policy allows at most. Spec: INH-8, APR-7. */
export function assertWithinAtMost(
  lowered: readonly PolicyLayer[],
  layers: readonly PolicyLayer[],
  evaluator: Evaluator,
): void {
  const [reason] = evaluator.looserThanAtMost(lowered, layers);
  if (reason)
    throw new PolicyError(
      "lowering-refused",
      `the layers are laxer than policy \`${reason.policy}\` allows at most: ${reason.subject ?? reason.code}`,
    );
}

/**
 * The approvals that a core names, each for exactly its layers, sources and operation, judged at the time at which sources are. Throws
 * `attachment-missing`, FormatError, VerificationError, `approval-expired`, `approval-mismatch`. Spec: APR-4, APR-7, APR-8.
 */
export function judgeApprovals(
  core: Core,
  evidence: Evidence,
  attachments: Attachments,
  trust: TrustPolicy,
): readonly SignedApproval[] {
  const names = core.lineage.approvals ?? [];
  if (names.length === 0) return [];
  const sources = [...attachments.parents(core), ...(core.supersedes ? [core.supersedes] : [])];
  const change = {
    sources: sources.map((source) => source.core),
    operation: core.lineage.operation,
    layers: layersDigest(attachments.layers(core)),
  };
  return names.map((name) => {
    const message = attachments.approval(name);
    if (!message)
      throw new FormatError("attachment-missing", `approval \`${name}\` is neither attached nor in the store`);
    const signed = openApproval(message, trust);
    judgeApproval(signed, trust, evidence.anchors, sourcesJudgedAt(evidence.anchors));
    assertApproves(signed.approval, change);
    return signed;
  });
}

/** The same approvals with evidence that was judged at another time. Throws as `judgeApproval`. Spec: APR-8. */
export function judgeApprovalsAgain(
  approvals: readonly SignedApproval[],
  { anchors }: Evidence,
  trust: TrustPolicy,
): void {
  for (const signed of approvals) judgeApproval(signed, trust, anchors, sourcesJudgedAt(anchors));
}

/** Layers of sources that stand no longer are lowered with approvals, or were dropped. Throws `layer-dropped`, `lowering-refused`, `approval-missing`. Spec: LIN-3, APR-7. */
export function checkLowered(
  core: Core,
  lowered: readonly ReferredLayer[],
  approvals: readonly Approval[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): void {
  const [first] = lowered;
  if (!first) return;
  if (approvals.length === 0)
    throw new VerificationError("layer-dropped", `layer \`${first.policy}\` of a source is neither kept nor released`);
  const documentOf = (policy: Digest): JsonObject | undefined => attachments.policy(policy)?.document;
  countLowering(approvals, lowered, documentOf);
  const layers = policyLayers(attachments.layers(core), attachments);
  if (!evaluator) return;
  if (!layers) throw new VerificationError("parent-missing", "a policy of a source is not at hand");
  assertWithinAtMost(
    lowered.map((layer) => ({ ...layer, document: documentOf(layer.policy)! })),
    layers,
    evaluator,
  );
}
