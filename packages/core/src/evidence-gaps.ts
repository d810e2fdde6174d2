// What a pack leaves open: an auditor asks for it, or says that it wasn't there.
import { equalBytes, toHex } from "#bytes";
import { encodeCbor } from "./cbor.ts";
import type { ReceiptPolicy } from "./receipt.ts";
import { receiptGaps } from "./receipt-audit.ts";
import type { ReceiptGap } from "./receipt-audit.ts";
import type { Digest } from "./shape.ts";
import type { VerifiedArtifact } from "./verified.ts";
import type { CheckedReceipt } from "./verify-receipts.ts";

/** A place where a pack holds no evidence. */
export interface EvidenceGap {
  /**
   * Those of receipts; and `no-receipt`: a lineage cites it. `no-artifact`: a receipt is about one that isn't there.
   * `other-core`: a receipt names another state, or a state of another artifact. `other-policies`: a receipt names other policies, or other
   * parameters, than that state has.
   */
  readonly gap: ReceiptGap["gap"] | "no-receipt" | "no-artifact" | "other-core" | "other-policies";
  /** Name of the receipt. */
  readonly receipt: Digest;
}

type ByName = ReadonlyMap<Digest, VerifiedArtifact>;

/** Policies with their parameters, in any order. */
function policiesText(layers: readonly ReceiptPolicy[]): string {
  const names = layers.map(({ policy, parameters }) => [policy, toHex(encodeCbor(parameters ?? new Map()))].join(" "));
  return [...new Set(names)].sort().join(" ");
}

function gapOf({ receipt }: CheckedReceipt, states: ByName, ids: ReadonlySet<string>): EvidenceGap["gap"] | null {
  if (!ids.has(toHex(receipt.artifactId))) return "no-artifact";
  const named = states.get(receipt.core);
  if (!named || !equalBytes(named.core.artifactId, receipt.artifactId)) return "other-core";
  if (receipt.kind === "discharge") return null; // names the one policy of its duty
  return policiesText(named.layers) === policiesText(receipt.policies) ? null : "other-policies";
}

/** Spec: EVP-5, REC-10. */
export function evidenceGaps(
  artifacts: readonly VerifiedArtifact[],
  receipts: readonly CheckedReceipt[],
): readonly EvidenceGap[] {
  const states = new Map(artifacts.map((artifact) => [artifact.name, artifact]));
  const ids = new Set(artifacts.map(({ core }) => toHex(core.artifactId)));
  const there = new Set(receipts.map(({ name }) => name));
  const cited = artifacts.flatMap(({ core }) =>
    typeof core.lineage.receipts === "string" ? [core.lineage.receipts] : core.lineage.receipts,
  );
  return [
    ...receiptGaps(receipts),
    ...receipts.flatMap((one): EvidenceGap[] => {
      const gap = gapOf(one, states, ids);
      return gap === null ? [] : [{ gap, receipt: one.name }];
    }),
    ...cited.filter((name) => !there.has(name)).map((name): EvidenceGap => ({ gap: "no-receipt", receipt: name })),
  ];
}
