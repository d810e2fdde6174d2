// Receipts: what was ingested, decided, released and discharged, chained per emitter, salted into signed roots.
import { concatBytes } from "#bytes";
import { nameOf } from "./artifact.ts";
import { maxBatchLeaves, maxRootBytes, saltedLeaf, signRoot } from "./batch.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { parseCose } from "./cose.ts";
import { randomBytes } from "#crypto";
import { FormatError } from "./errors.ts";
import {
  anyTextMap,
  bytes,
  int,
  list,
  nameDigest,
  nullable,
  oneOf,
  optional,
  record,
  refuse,
  set,
  text,
  textMap,
  uint,
} from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { suites } from "./suites.ts";
import type { SuiteName } from "./suites.ts";

/** A policy as a receipt cites it. */
export interface ReceiptPolicy {
  readonly policy: Digest;
  readonly parameters?: CborMap;
}

/** A reason as a receipt lists it. */
export interface ReceiptReason {
  readonly code: string;
  readonly rule?: string;
  readonly subject?: string;
}

/** An obligation as a receipt lists it; `dueAt` is seconds since the epoch. */
export interface ReceiptObligation {
  readonly duty: string;
  readonly type: string;
  readonly trigger: string;
  readonly policy: Digest;
  readonly dueAt?: number;
  readonly by?: string;
}

/** One custody call as a receipt lists it. */
export interface ReceiptCall {
  readonly operation: string;
  readonly key: string;
  readonly requestId?: string;
  readonly materialId?: string;
  readonly transportGroup?: string;
}

/** The duty that a discharge receipt says was done. */
export interface ReceiptDischarge {
  readonly policy: Digest;
  readonly duty: string;
  /** Role in which it was done; there exactly when the obligation names one. */
  readonly by?: string;
}

/** What a receipt says; the sink adds emitter, sequence, previous and time. */
export interface ReceiptBody {
  readonly kind: "decision" | "release" | "discharge" | "ingest";
  readonly artifactId: Uint8Array;
  readonly core: Digest;
  readonly policies: readonly ReceiptPolicy[];
  /** Request digest; of an ingest the head that was verified. */
  readonly request: Digest;
  readonly operation: string;
  readonly purposes: readonly string[];
  /** Id, kind and organisation; for agents, for whom they act. */
  readonly principal: CborMap;
  readonly verdict?: "permit" | "deny" | "unknown";
  readonly reasons?: readonly ReceiptReason[];
  readonly missing?: readonly string[];
  readonly obligations?: readonly ReceiptObligation[];
  /** Age in ms of each state that was read, by its name. */
  readonly stateAgesMs?: CborMap;
  /** Assurance by path of a fact, where above 0. */
  readonly assurances?: CborMap;
  /** Release: the decision receipt it rests on. Discharge: the one that the obligation comes from. */
  readonly decision?: Digest;
  readonly calls?: readonly ReceiptCall[];
  /** Release: plaintext bytes handed out. */
  readonly releasedBytes?: number;
  /** Release: `complete`, `aborted`, or the code of the error that ended it. Ingest: the standing that was found. */
  readonly exit?: string;
  /** Discharge: what was done. */
  readonly discharged?: ReceiptDischarge;
  /** Decision: the approvals that were used up for it, sorted as a set. */
  readonly approvals?: readonly Digest[];
}

/** A receipt as it is stored. */
export interface Receipt extends ReceiptBody {
  readonly version: number;
  readonly emitter: Uint8Array;
  readonly sequence: number;
  readonly previous: Digest | null;
  /** Seconds since the epoch. */
  readonly time: number;
}

const integers = textMap(int, Infinity) as Shape<CborMap>;

const receiptShape: Shape<Receipt> = record<Receipt>({
  version: uint(),
  kind: oneOf("decision", "release", "discharge", "ingest"),
  artifactId: bytes(16),
  core: nameDigest,
  policies: list(record<ReceiptPolicy>({ policy: nameDigest, parameters: optional(anyTextMap) })),
  request: nameDigest,
  operation: text(256),
  purposes: list(text(), 0, 8),
  principal: anyTextMap,
  verdict: optional(oneOf("permit", "deny", "unknown")),
  reasons: optional(
    list(record<ReceiptReason>({ code: text(64), rule: optional(text(256)), subject: optional(text()) }), 1),
  ),
  missing: optional(list(text(), 1)),
  obligations: optional(
    list(
      record<ReceiptObligation>({
        duty: text(256),
        type: text(),
        trigger: text(64),
        policy: nameDigest,
        dueAt: optional(uint()),
        by: optional(text()),
      }),
      1,
    ),
  ),
  stateAgesMs: optional(integers),
  assurances: optional(integers),
  decision: optional(nameDigest),
  calls: optional(
    list(
      record<ReceiptCall>({
        operation: text(64),
        key: text(),
        requestId: optional(text(256)),
        materialId: optional(text(256)),
        transportGroup: optional(text(64)),
      }),
      1,
    ),
  ),
  releasedBytes: optional(uint()),
  exit: optional(text(64)),
  emitter: bytes(16),
  sequence: uint(),
  previous: nullable(nameDigest),
  time: uint(),
  discharged: optional(record<ReceiptDischarge>({ policy: nameDigest, duty: text(256), by: optional(text()) })),
  approvals: optional(set(nameDigest, 1, 256)),
});

/** A discharge says of which decision's duty it is, and nothing else does; what is said once a kind is there. Spec: LIA-1, REC-9, REC-11. */
function readReceipt(input: Uint8Array): Receipt {
  const receipt = receiptShape.read(decodeCbor(input), "receipt");
  const { kind, discharged, decision } = receipt;
  if ((kind === "discharge") !== (discharged !== undefined))
    refuse("receipt/discharged", "there for a discharge alone");
  if ((kind === "discharge" || kind === "release") !== (decision !== undefined))
    refuse("receipt/decision", "there for a release or a discharge alone");
  if (kind === "ingest" && (receipt.operation !== "ingest" || receipt.purposes.length > 0))
    refuse("receipt/operation", "`ingest`, without purposes, where an artifact was taken in");
  if ((kind === "decision") !== (receipt.verdict !== undefined))
    refuse("receipt/verdict", "there for a decision alone");
  if ((kind === "release" || kind === "ingest") !== (receipt.exit !== undefined))
    refuse("receipt/exit", "there for a release or an ingest alone");
  if (kind !== "decision" && receipt.approvals !== undefined) refuse("receipt/approvals", "there for a decision alone"); // REC-11
  return receipt;
}

/** Where receipts go. `append` resolves once the receipt is durable; a permit is usable only then. Spec: REC-3. */
export interface ReceiptSink {
  append(body: ReceiptBody): Promise<Digest>;
}

/** An entry of a receipt log: a receipt with its salt, or a signed root over all receipts since the last one. */
export type ReceiptEntry = StoredReceipt | { readonly root: Uint8Array };

/** A receipt's bytes and its 16-byte salt. */
export interface StoredReceipt {
  readonly receipt: Uint8Array;
  readonly salt: Uint8Array;
}

/** A sink that can sign roots over what it appended. */
export interface ReceiptLog extends ReceiptSink {
  /** Signs a root over the receipts that none is over yet, several for more than 65,536; does nothing where there are none. Spec: REC-5. */
  signRoot(signer: Signer): Promise<void>;
}

/** Options of `createReceiptLog`. */
export interface ReceiptLogOptions {
  /** Stores an entry; resolves once it is durable. */
  readonly write: (entry: Uint8Array) => Promise<void>;
  /** The last receipt known to this place; the new emitter's start cites it. */
  readonly lastKnown?: Digest | null;
  /** Receipts of this place that no root covers yet, in order: the next root covers them too. */
  readonly unrooted?: readonly StoredReceipt[];
  readonly clock?: Clock;
}

/** A new emitter instance over `write`. Appends are serialised. Spec: REC-1, REC-2. */
export function createReceiptLog(options: ReceiptLogOptions): ReceiptLog {
  const emitter = randomBytes(16);
  let previous = options.lastKnown ?? null;
  let sequence = 0;
  let unrooted: StoredReceipt[] = [...(options.unrooted ?? [])];
  let queue: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(task: () => Promise<T>): Promise<T> => {
    const run = queue.then(task);
    queue = run.catch(() => undefined);
    return run;
  };
  return {
    append: (body) =>
      inOrder(async () => {
        const receipt = encodeCbor(
          receiptShape.write({ ...body, version: 1, emitter, sequence, previous, time: secondsNow(options.clock) }),
        );
        readReceipt(receipt); // one that can't be read would spoil the whole log
        const salt = randomBytes(16);
        await options.write(encodeCbor([1, receipt, salt]));
        sequence += 1;
        previous = nameOf(receipt);
        unrooted.push({ receipt, salt });
        return previous;
      }),
    signRoot: (signer) =>
      inOrder(async () => {
        const latest = unrooted.reduce((time, { receipt }) => Math.max(time, readReceipt(receipt).time), 0);
        const time = Math.max(secondsNow(options.clock), latest); // a clock that went back makes no root older than its receipts
        while (unrooted.length > 0) {
          const leaves = receiptLeaves(signer.suite, unrooted.slice(0, maxBatchLeaves));
          await options.write(encodeCbor([2, await signRoot("receipt root", leaves, signer, time)]));
          unrooted = unrooted.slice(maxBatchLeaves);
        }
      }),
  };
}

/** How many receipts a root says that it is over; nothing is verified. Throws FormatError, `cose-structure`. */
export function countUnderRoot(message: Uint8Array): number {
  const payload = decodeCbor(parseCose(decodeCbor(message), "receipt root", true).payload!);
  return uint(maxBatchLeaves).read(
    payload instanceof Map ? ((payload as CborMap).get(2) ?? null) : null,
    "root/treeSize",
  );
}

/** Concatenated leaves of receipts under a root of `suite`, in order. Spec: BAT-2, REC-5. */
export function receiptLeaves(suite: SuiteName, entries: readonly StoredReceipt[]): Uint8Array {
  return concatBytes(
    entries.map(({ receipt, salt }) => saltedLeaf(suites[suite].hash, "writ/1 receipt leaf", receipt, salt)),
  );
}

/** Reads an entry of a log; throws FormatError. Spec: REC-6. */
export function decodeReceiptEntry(input: Uint8Array): ReceiptEntry {
  const value = decodeCbor(input);
  if (Array.isArray(value) && value[0] === 1 && value.length === 3)
    return {
      receipt: bytes(1, 1 << 20).read(value[1] as CborValue, "receipt"),
      salt: bytes(16).read(value[2] as CborValue, "salt"),
    };
  if (Array.isArray(value) && value[0] === 2 && value.length === 2) {
    const root = bytes(1, 1 << 20).read(value[1] as CborValue, "root");
    if (root.length > maxRootBytes)
      // BAT-3
      throw new FormatError("input-too-large", `a root message of ${root.length} bytes is not read`);
    return { root };
  }
  refuse("entry", "a receipt or a root");
}

/** Reads a receipt; throws FormatError. */
export function decodeReceipt(input: Uint8Array): Receipt {
  const receipt = readReceipt(input);
  if (receipt.version !== 1)
    throw new FormatError("version-unknown", "the receipt is of a version that is not known here");
  return receipt;
}
