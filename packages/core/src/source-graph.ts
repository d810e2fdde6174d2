// What an artifact's sources rest on, as far as time decides over it: judged again at each date of the trust policy.
import { judge, markedSignatureCounts, sourcesCount, sourcesJudgedAt } from "./evidence.ts";
import type { AnchorEvidence, SourceChain } from "./evidence.ts";
import { policySignerCounts } from "./policy-evidence.ts";
import type { TrustedSigner, TrustPolicy } from "./trust.ts";

/** What a core relies on beside its own anchors. */
export interface Reliance {
  /** Who signed its policies that are at hand. */
  readonly policySigners: ReadonlySet<TrustedSigner>;
  /** Who signed the approvals that it names. */
  readonly approvers: ReadonlySet<TrustedSigner>;
  /** Places of its sources. */
  readonly sources: readonly number[];
}

/** One source, however many name it. */
export interface SourceNode extends SourceChain, Reliance {}

/** The sources of an artifact, each once, and how they name each other. */
export interface SourceGraph {
  readonly artifact: Reliance;
  readonly nodes: readonly SourceNode[];
}

function signersCount(
  { policySigners, approvers }: Reliance,
  anchors: readonly AnchorEvidence[],
  trust: TrustPolicy,
): boolean {
  for (const signer of policySigners) if (!policySignerCounts(signer, anchors, trust)) return false;
  for (const signer of approvers) if (!markedSignatureCounts(signer, anchors)) return false;
  return true;
}

/**
 * True where all that an artifact relies on still counts, given its anchors judged again. What two name at one time they may name at two
 * later on, so each source is judged at every time at which any that names it has it judged, and once at each. Spec: LIN-2, POM-3, RAN-2, TRU-8.
 */
export function relianceCounts(
  anchors: readonly AnchorEvidence[],
  { artifact, nodes }: SourceGraph,
  trust: TrustPolicy,
): boolean {
  const seen = nodes.map(() => new Set<number>());
  const pending: { readonly anchors: readonly AnchorEvidence[]; readonly of: Reliance }[] = [{ anchors, of: artifact }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { of } = next;
    if (!signersCount(of, next.anchors, trust)) return false;
    const at = sourcesJudgedAt(next.anchors);
    for (const place of of.sources) {
      if (seen[place]!.has(at)) continue;
      seen[place]!.add(at);
      const node = nodes[place]!;
      if (!sourcesCount(next.anchors, [node], trust)) return false;
      pending.push({ anchors: judge(node.anchors, trust, at), of: node });
    }
  }
  return true;
}
