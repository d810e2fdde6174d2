// The plan: what each artifact of an inventory needs to reach a target, and what that costs. A pure function of both.
import { eraAtLeast, signatureAlgs, suites } from "@writ/core";
import type { ErrorCode, SuiteName } from "@writ/core";
import type { Inventory, InventoryEntry } from "./inventory.ts";
import { rejectUnknown } from "./options.ts";
import { needsRehash, standingOfError, targetSuite } from "./target.ts";
import type { Target } from "./target.ts";

/** One item of a plan. */
export interface PlanItem {
  readonly path: string;
  /** 32 hex digits; null for an item that did not verify. */
  readonly id: string | null;
  readonly action: "cover" | "current" | "quarantined" | "set-aside";
  /** Why it gets no anchor. */
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  /** Seconds since the epoch; null where the trust policy sets none. */
  readonly deadline: number | null;
  /** Its data key was once protected by classical means only: no anchor and no wrap helps, only re-encryption. */
  readonly needsReEncryption: boolean;
  readonly bytesAdded: number;
  /** File bytes that are written for it. */
  readonly bytesWritten: number;
}

/** What a campaign would do: plain data, to be written as JSON. Items that come first have the nearest deadline. */
export interface Plan {
  readonly version: 1;
  readonly location: string;
  readonly to: SuiteName;
  readonly takenAt: number;
  readonly items: readonly PlanItem[];
  readonly totals: {
    readonly items: number;
    readonly cover: number;
    readonly current: number;
    readonly quarantined: number;
    readonly setAside: number;
    readonly batches: number;
    /** One a signature of the suite and batch, and as many for the report. */
    readonly signCalls: number;
    /** Estimated to a few bytes an artifact. */
    readonly bytesAdded: number;
    readonly sidecarBytesWritten: number;
    /** Envelopes are files: their content is written again with them. */
    readonly envelopeBytesRewritten: number;
    readonly needReEncryption: number;
    /** Under profile cnsa2: content roots under SHA-256, which a campaign's covers don't replace. */
    readonly needRehash: number;
    /** Nearest deadline of what is to be covered. */
    readonly firstDeadline: number | null;
  };
}

/** Options of `plan`. */
export interface PlanOptions {
  readonly to: Target;
  /** Artifacts a batch, as the run will be told; default 2,048. */
  readonly batchSize?: number;
  /** Put into every statement, as the run will be told. */
  readonly reason?: string;
}

/** Artifacts a batch where nothing is said. */
export const defaultBatchSize = 2048;
/** Most artifacts a batch. Spec: BAT-1. */
export const maxBatchSize = 65_536;

/** Throws RangeError for a batch size out of bounds. */
export function checkBatchSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 1 || size > maxBatchSize)
    throw new RangeError(`a batch takes 1 to ${maxBatchSize} artifacts, not \`${size}\``);
  return size;
}

const hashBytes = (suite: SuiteName): number => ({ [-16]: 32, [-43]: 48, [-44]: 64 })[suites[suite].hash];

/** CBOR bytes of a byte string of this length. */
function byteString(length: number): number {
  return length + (length < 24 ? 1 : length < 256 ? 2 : 3);
}

/** Bytes that a batched anchor with its root message adds, from the sizes of their members. */
function addedBytes(suite: SuiteName, batch: number, contentHash: string, reason: string | undefined): number {
  const digest = byteString(hashBytes(suite));
  const contentRoot = byteString({ sha256: 32, sha384: 48, sha512: 64 }[contentHash] ?? 48) + 3;
  const text = reason === undefined ? 0 : byteString(Buffer.byteLength(reason)) + 1;
  const statement = 3 + 8 + 18 + 2 + 4 + 3 * (digest + 1) + contentRoot + 1 + 6 + suite.length + 3 + 7 + text;
  const proof = 1 + 18 + 4 + 4 + 3 + Math.ceil(Math.log2(Math.max(batch, 1))) * digest + 54;
  const payload = 1 + 18 + 4 + 1 + digest + 6 + suite.length + 3;
  const signatures = suites[suite].algs.reduce(
    (sum, alg) => sum + 1 + byteString(41) + 1 + byteString(signatureAlgs[alg].signatureBytes),
    0,
  );
  const root = 3 + byteString(payload) + byteString(39) + signatures + 6;
  return byteString(statement) + byteString(proof) + 6 + root + 6;
}

function actionFor(entry: InventoryEntry, suite: SuiteName): Pick<PlanItem, "action" | "code" | "reason"> {
  if (entry.unknownAnchors > 0)
    return {
      action: "set-aside",
      code: "anchor-chain",
      reason: "it has later anchors of a suite that is not known here",
    };
  if (entry.standing === "expired")
    return { action: "quarantined", code: "suite-lapsed", reason: "its evidence has expired" };
  const { era } = suites[suite];
  const reached = entry.suites.includes(suite) || (entry.era !== era && eraAtLeast(entry.era, era));
  return { action: reached ? "current" : "cover", code: null, reason: null };
}

/** What an inventory needs to reach a target. RangeError for a target that is not known here. Spec: RAN-3, RAN-9. */
export function plan(inventory: Inventory, options: PlanOptions): Plan {
  rejectUnknown(options, ["to", "batchSize", "reason"]);
  const suite = targetSuite(options.to);
  const batchSize = checkBatchSize(options.batchSize ?? defaultBatchSize);
  const due = inventory.entries.filter((entry) => actionFor(entry, suite).action === "cover").length;
  const items = [
    ...inventory.entries.map((entry): PlanItem => {
      const action = actionFor(entry, suite);
      const bytesAdded =
        action.action === "cover" ? addedBytes(suite, Math.min(due, batchSize), entry.contentHash, options.reason) : 0;
      return {
        path: entry.path,
        id: entry.id,
        ...action,
        deadline: entry.deadline,
        needsReEncryption: entry.exposures > 0,
        bytesAdded,
        bytesWritten: bytesAdded === 0 ? 0 : entry.sizeBytes + bytesAdded,
      };
    }),
    ...inventory.findings.map(({ path, code, reason, retryable }): PlanItem => {
      const action = standingOfError({ code, reason, retryable }).kind === "quarantined" ? "quarantined" : "set-aside";
      return {
        path,
        id: null,
        action,
        code,
        reason,
        deadline: null,
        needsReEncryption: false,
        bytesAdded: 0,
        bytesWritten: 0,
      };
    }),
  ];
  const sorted = items.toSorted(
    (a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity) || compareText(a.path, b.path),
  );
  return {
    version: 1,
    location: inventory.location,
    to: suite,
    takenAt: inventory.takenAt,
    items: sorted,
    totals: {
      ...totalsOf(inventory, sorted, suite, batchSize),
      needRehash: inventory.entries.filter(({ contentHash }) => needsRehash(options.to, contentHash)).length,
    },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function totalsOf(
  { entries }: Inventory,
  items: readonly PlanItem[],
  suite: SuiteName,
  batchSize: number,
): Omit<Plan["totals"], "needRehash"> {
  const envelopes = new Set(entries.filter(({ form }) => form === "envelope").map(({ path }) => path));
  const count = (action: PlanItem["action"]): number => items.filter((item) => item.action === action).length;
  const sum = (selected: readonly PlanItem[], member: "bytesAdded" | "bytesWritten"): number =>
    selected.reduce((total, item) => total + item[member], 0);
  const batches = Math.ceil(count("cover") / batchSize);
  return {
    items: items.length,
    cover: count("cover"),
    current: count("current"),
    quarantined: count("quarantined"),
    setAside: count("set-aside"),
    batches,
    signCalls: (batches + 1) * suites[suite].algs.length,
    bytesAdded: sum(items, "bytesAdded"),
    sidecarBytesWritten: sum(
      items.filter(({ path }) => !envelopes.has(path)),
      "bytesWritten",
    ),
    envelopeBytesRewritten: sum(
      items.filter(({ path }) => envelopes.has(path)),
      "bytesWritten",
    ),
    needReEncryption: items.filter(({ needsReEncryption }) => needsReEncryption).length,
    firstDeadline: items.find(({ action, deadline }) => action === "cover" && deadline !== null)?.deadline ?? null,
  };
}
