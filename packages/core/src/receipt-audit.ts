// What a log can't show by itself, said aloud: an auditor reads this before the receipts.
import { toHex } from "#bytes";
import type { Receipt } from "./receipt.ts";
import type { TrustPolicy } from "./trust.ts";
import type { Digest } from "./shape.ts";
import { checkLog } from "./verify-receipts.ts";
import type { CheckedReceipt, CheckedRoot, VerifyReceiptsOptions } from "./verify-receipts.ts";

/** A place where evidence is missing. */
export interface ReceiptGap {
  /**
   * `no-root`: no root speaks for it. `no-release`: a permit that nothing says was used, or whose use was never concluded.
   * `no-decision`: a release or discharge whose decision isn't there; a release whose decision permitted nothing, was about another state,
   * or let another release happen: a permit opens once.
   */
  readonly gap: "no-root" | "no-release" | "no-decision";
  readonly receipt: Digest;
}

/** One emitter instance: a process from its start to its end. Times are seconds since the epoch. */
export interface Emitter {
  /** 32 lower-case hex digits. */
  readonly emitter: string;
  readonly receipts: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What a log shows and what it doesn't. */
export interface ReceiptAudit {
  readonly receipts: readonly CheckedReceipt[];
  readonly roots: readonly CheckedRoot[];
  readonly emitters: readonly Emitter[];
  readonly gaps: readonly ReceiptGap[];
  /** Receipts up to here can't have been cut off unseen: a root was signed over them. */
  readonly shownUpTo: number;
}

function emittersOf(receipts: readonly CheckedReceipt[]): readonly Emitter[] {
  const found = new Map<string, { emitter: string; receipts: number; firstAt: number; lastAt: number }>();
  for (const { receipt } of receipts) {
    const emitter = toHex(receipt.emitter);
    const known = found.get(emitter);
    if (!known) found.set(emitter, { emitter, receipts: 1, firstAt: receipt.time, lastAt: receipt.time });
    else {
      known.receipts += 1;
      known.lastAt = receipt.time;
    }
  }
  return [...found.values()];
}

/** Tells whether the decision that a receipt cites is there, and is one that lets it be. Spec: REC-10. */
function followsDecision(receipts: readonly CheckedReceipt[]): (receipt: Receipt) => boolean {
  const decisions = new Map(
    receipts.flatMap(({ name, receipt }) => (receipt.kind === "decision" ? [[name, receipt]] : [])),
  );
  const releases = Map.groupBy(
    receipts.filter(({ receipt }) => receipt.kind === "release"),
    ({ receipt }) => receipt.decision,
  );
  return ({ kind, core, decision }) => {
    if (decision === undefined) return true;
    const cited = decisions.get(decision);
    if (kind !== "release" || cited === undefined) return cited !== undefined;
    return cited.verdict === "permit" && cited.core === core && releases.get(decision)!.length === 1;
  };
}

/** Where evidence is missing among receipts, in their order. Spec: REC-10. */
export function receiptGaps(receipts: readonly CheckedReceipt[]): readonly ReceiptGap[] {
  const follows = followsDecision(receipts);
  const released = new Set(
    receipts.flatMap(({ receipt }) => (receipt.kind === "release" && receipt.decision ? [receipt.decision] : [])),
  );
  return receipts.flatMap(({ name, receipt, rootedBy }): ReceiptGap[] => {
    const { kind, verdict } = receipt;
    return [
      ...(rootedBy === null ? [{ gap: "no-root", receipt: name } as const] : []),
      ...(kind === "decision" && verdict === "permit" && !released.has(name)
        ? [{ gap: "no-release", receipt: name } as const]
        : []),
      ...(follows(receipt) ? [] : [{ gap: "no-decision", receipt: name } as const]),
    ];
  });
}

/** Checks a log as `verifyReceipts` does, and says what it doesn't show. Throws as that. Spec: REC-10. */
export function auditReceipts(
  entries: Iterable<Uint8Array>,
  trust: TrustPolicy,
  options: VerifyReceiptsOptions = {},
): ReceiptAudit {
  const { receipts, roots } = checkLog(entries, trust, options);
  const last = roots.at(-1);
  return {
    receipts,
    roots: roots.map(({ authority, suite, time, first, receipts: count, counts }) => ({
      authority,
      suite,
      time,
      first,
      receipts: count,
      counts,
    })),
    emitters: emittersOf(receipts),
    gaps: receiptGaps(receipts),
    shownUpTo: last ? last.first + last.receipts : 0,
  };
}
