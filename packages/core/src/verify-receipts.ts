// Checks a receipt log: chains first, then who speaks for them. A chain proves no edit and no insertion; truncation shows only
// against a counter, a root or a witness.
import { toHex } from "#bytes";
import { nameOf } from "./artifact.ts";
import { verifyRoot } from "./batch.ts";
import type { VerifiedRoot } from "./batch.ts";
import { equalBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { VerificationError } from "./errors.ts";
import { maxAheadSeconds } from "./evidence.ts";
import { rootOfLeaves } from "./merkle.ts";
import { rejectUnknownOptions } from "./options.ts";
import { decodeReceipt, decodeReceiptEntry, receiptLeaves } from "./receipt.ts";
import type { Receipt, StoredReceipt } from "./receipt.ts";
import type { Digest } from "./shape.ts";
import { suites } from "./suites.ts";
import type { SuiteName } from "./suites.ts";
import { assertLoneSignature, assertTrust } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";

/** A receipt that was checked within its log. */
export interface CheckedReceipt {
  readonly name: Digest;
  readonly receipt: Receipt;
  /** Authority that signed a root over it, or over receipts that cite it; null where none did, or no trust policy was given. */
  readonly rootedBy: string | null;
}

/** A root of a log, judged. */
export interface CheckedRoot {
  readonly authority: string;
  readonly suite: SuiteName;
  /** Seconds since the epoch, as the root states it. */
  readonly time: number;
  /** Position of its first receipt in the log, and how many it is over. */
  readonly first: number;
  readonly receipts: number;
  /** False where its suite had lapsed by now, or its key is marked: a later root speaks for its receipts. */
  readonly counts: boolean;
}

/** Options of `verifyReceipts`. */
export interface VerifyReceiptsOptions {
  readonly clock?: Clock;
}

/** What checking a log finds. */
export interface CheckedLog {
  readonly receipts: readonly CheckedReceipt[];
  readonly roots: readonly CheckedRoot[];
  /** The entries of the receipts, in the same order. */
  readonly stored: readonly StoredReceipt[];
  /** The root messages, in the order of `roots`. */
  readonly rootMessages: readonly Uint8Array[];
}

type Unrooted = Omit<CheckedReceipt, "rootedBy">;

interface JudgedRoot extends CheckedRoot {
  /** Why it doesn't count. */
  readonly fault: VerificationError | null;
}

function notOver(message: string): never {
  throw new VerificationError("receipt-root", message);
}

/**
 * A lone signature, judged at now: nothing dates it, so a suite that has lapsed or a marked key ends it. Returns what ended it.
 * Spec: REC-5, REC-8.
 */
function faultOf({ root, signer }: VerifiedRoot, trust: TrustPolicy, now: number): VerificationError | null {
  try {
    assertLoneSignature(trust, signer, ["receipt"], { signedAt: root.time, judgedAt: now });
    return null;
  } catch (error) {
    const ended =
      error instanceof VerificationError && (error.code === "suite-lapsed" || error.code === "signer-compromised");
    if (!ended) throw error;
    return error;
  }
}

/** A root by itself: signed by role receipt, not ahead of now. Throws `receipt-root`, `signer-…`, `signature-invalid`. Spec: REC-5. */
export function judgeReceiptRoot(
  message: Uint8Array,
  trust: TrustPolicy,
  now: number,
): VerifiedRoot & { readonly fault: VerificationError | null } {
  const verified = verifyRoot(message, nameOf(message), "receipt root", trust);
  const fault = faultOf(verified, trust, now);
  if (verified.root.time > now + maxAheadSeconds) notOver("a signed root lies in the future");
  return { ...verified, fault };
}

/** Throws `receipt-root` for a receipt that says it is younger than the root over it. Spec: REC-5. */
export function assertNotYounger({ time }: Receipt, rootTime: number): void {
  if (time > rootTime + maxAheadSeconds) notOver("a signed root is older than a receipt that it is over");
}

interface Pending extends StoredReceipt {
  readonly checked: Unrooted;
}

/** A root over the oldest receipts that no root is over yet, as many as it counts. Spec: REC-5. */
function checkRoot(
  message: Uint8Array,
  pending: readonly Pending[],
  first: number,
  trust: TrustPolicy,
  now: number,
): JudgedRoot {
  const { root, suite, signer, fault } = judgeReceiptRoot(message, trust, now);
  const covered = pending.slice(0, root.treeSize);
  const over =
    covered.length > 0 &&
    covered.length === root.treeSize &&
    equalBytes(rootOfLeaves(suites[suite].hash, receiptLeaves(suite, covered)), root.root);
  if (!over) notOver("a signed root is not over the receipts before it: a receipt is missing or was altered");
  for (const { checked } of covered) assertNotYounger(checked.receipt, root.time);
  const { authority } = signer;
  return { authority, suite, time: root.time, first, receipts: covered.length, counts: fault === null, fault };
}

/** A receipt follows the one before it of its emitter; at a start, it cites the last one in the log. Spec: REC-2, REC-4. */
class Chains {
  readonly #last = new Map<string, { readonly sequence: number; readonly name: Digest }>();
  #latest: Digest | null = null;

  add(receipt: Receipt, name: Digest): void {
    const emitter = toHex(receipt.emitter);
    const before = this.#last.get(emitter);
    const sequence = before ? before.sequence + 1 : 0;
    const previous = before ? before.name : this.#latest;
    if (receipt.sequence !== sequence || receipt.previous !== previous)
      throw new VerificationError(
        "receipt-chain",
        `receipt ${receipt.sequence} of emitter ${emitter} does not follow the one before it: a receipt is missing or was altered`,
      );
    this.#last.set(emitter, { sequence, name });
    this.#latest = name;
  }
}

/** From the last receipt to the first: the root over it speaks for it where it counts, else one over what cites it. Spec: REC-8. */
function withSpeakers(receipts: readonly Unrooted[], roots: readonly JudgedRoot[]): readonly CheckedReceipt[] {
  const cited = new Map<Digest, string>();
  const checked: CheckedReceipt[] = [];
  let at = roots.length - 1;
  for (let index = receipts.length - 1; index >= 0; index -= 1) {
    const { name, receipt } = receipts[index]!;
    while (at >= 0 && roots[at]!.first > index) at -= 1;
    const root = at >= 0 && index < roots[at]!.first + roots[at]!.receipts ? roots[at]! : null;
    const rootedBy = root?.counts === true ? root.authority : (cited.get(name) ?? null);
    if (root?.fault && rootedBy === null) throw root.fault;
    if (rootedBy !== null && receipt.previous !== null) cited.set(receipt.previous, rootedBy);
    checked.push({ name, receipt, rootedBy });
  }
  return checked.reverse();
}

/** Checks a log and says all that was found of it. Throws as `verifyReceipts`. Spec: REC-4, REC-5, REC-8. */
export function checkLog(
  entries: Iterable<Uint8Array>,
  trust: TrustPolicy | null,
  options: VerifyReceiptsOptions = {},
): CheckedLog {
  rejectUnknownOptions(options, ["clock"]);
  const now = secondsNow(options.clock);
  if (trust !== null) assertTrust(trust, now);
  const chains = new Chains();
  const receipts: Unrooted[] = [];
  const stored: StoredReceipt[] = [];
  const roots: JudgedRoot[] = [];
  const rootMessages: Uint8Array[] = [];
  let pending: Pending[] = [];
  for (const input of entries) {
    const entry = decodeReceiptEntry(input);
    if ("root" in entry) {
      if (trust === null) continue;
      const root = checkRoot(entry.root, pending, receipts.length - pending.length, trust, now);
      pending = pending.slice(root.receipts);
      roots.push(root);
      rootMessages.push(entry.root);
      continue;
    }
    const receipt = decodeReceipt(entry.receipt);
    const name = nameOf(entry.receipt);
    chains.add(receipt, name);
    const checked = { name, receipt };
    pending.push({ ...entry, checked });
    receipts.push(checked);
    stored.push(entry);
  }
  return { receipts: withSpeakers(receipts, roots), roots, stored, rootMessages };
}

/**
 * Checks a log's chains and roots, roots at the clock's time. Throws `receipt-chain` for a receipt that is missing, repeated or
 * altered within a chain, `receipt-root` for a root that is not over the receipts before it or lies in the future, `signer-…`,
 * `signature-invalid`, and `suite-lapsed` or `signer-compromised` for a root that no longer counts and that no later one stands
 * in for. Without a trust policy chains alone are checked. Spec: REC-4, REC-5, REC-8.
 */
export function verifyReceipts(
  entries: Iterable<Uint8Array>,
  trust: TrustPolicy | null,
  options: VerifyReceiptsOptions = {},
): readonly CheckedReceipt[] {
  return checkLog(entries, trust, options).receipts;
}
