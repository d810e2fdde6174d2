// The writers' side of lowering: which layers go, who approved that, and that each approval is used once.
import { nameOf } from "./artifact.ts";
import type { Layer } from "./artifact.ts";
import { readApproval } from "./approval.ts";
import { layersDigest, spendApprovals } from "./approval-check.ts";
import type { ApprovalLedger } from "./approval-check.ts";
import { encodeAttachment } from "./attachments.ts";
import { PolicyError } from "./errors.ts";
import type { Evaluator, PolicyLayer } from "./evaluator.ts";
import { assertApproves, assertWithinAtMost, countLowering, holderOf, toReferred } from "./lowering.ts";
import type { ReferredLayer } from "./lowering.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { PolicyMessage } from "./policy.ts";
import type { Digest } from "./shape.ts";
import type { TrustPolicy } from "./trust.ts";

/** Which layers are taken out, and on whose word. */
export interface LowerOptions {
  /** Policies whose layers go. To replace one, or its parameters, remove it and add the other. */
  readonly remove: readonly Digest[];
  /** Approvals of exactly the new layers, as the lowered layers' policies ask for them. */
  readonly approvals: readonly Uint8Array[];
  /** Where they are marked as used. */
  readonly ledger: ApprovalLedger;
}

/** The layers before and after. */
interface Change {
  /** What would stand without lowering. */
  readonly before: readonly ReferredLayer[];
  /** The exact new set. */
  readonly layers: readonly Layer[];
  readonly sources: readonly Digest[];
  readonly operation: string;
  /** Policies of all of these layers. */
  readonly policies: readonly PolicyMessage[];
}

/** Approvals ready to be used. */
interface Lowering {
  /** Names of those that count, for the lineage. */
  readonly names: readonly Digest[];
  readonly attachments: readonly Uint8Array[];
  /** Marks them as used: once everything else has worked, before anything is given out. Throws `approval-missing`. Spec: APR-5. */
  spend(): Promise<void>;
}

/** Layers but those of some policies. Throws `policy-reference` for a policy that isn't in force. */
export function withoutPolicies<T extends { readonly policy: Digest }>(
  layers: readonly T[],
  remove: readonly Digest[],
): readonly T[] {
  const absent = remove.find((name) => !layers.some(({ policy }) => policy === name));
  if (absent !== undefined) throw new PolicyError("policy-reference", `policy \`${absent}\` is not in force`);
  return layers.filter(({ policy }) => !remove.includes(policy));
}

/** Checks approvals of a change as a verifier will. Throws `approval-…`, `lowering-refused`, and as `readApproval` does. Spec: APR-3, APR-4, APR-7. */
export function prepareLowering(
  { before, layers, sources, operation, policies }: Change,
  options: LowerOptions | undefined,
  { trust, evaluator, now }: { readonly trust: TrustPolicy; readonly evaluator: Evaluator; readonly now: number },
): Lowering {
  if (options) rejectUnknownOptions(options, ["remove", "approvals", "ledger"]);
  const messages = new Map((options?.approvals ?? []).map((message) => [nameOf(message), message]));
  const approvals = [...messages.values()].map((message) => readApproval(message, trust, now));
  const change = { sources, operation, layers: layersDigest(layers) };
  for (const approval of approvals) assertApproves(approval, change);
  const holds = holderOf(layers);
  const lowered = before.filter((layer) => !holds(layer));
  const documents = new Map(policies.map(({ digest, document }) => [digest, document]));
  const withDocument = (layer: ReferredLayer): PolicyLayer => ({ ...layer, document: documents.get(layer.policy)! });
  const counting = countLowering(approvals, lowered, (policy) => documents.get(policy));
  if (lowered.length > 0)
    assertWithinAtMost(
      lowered.map(withDocument),
      layers.map((layer) => withDocument(toReferred(layer))),
      evaluator,
    );
  return {
    names: counting.map(({ name }) => name),
    attachments: counting.map(({ name }) => encodeAttachment("approval", messages.get(name)!)),
    spend: async () => {
      if (options) await spendApprovals(counting, options.ledger);
    },
  };
}
