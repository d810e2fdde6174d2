// The inventory: what a corpus holds, how each artifact is protected, and until when that suffices. It only reads.
import { setImmediate } from "node:timers/promises";
import { artifactIdText } from "@writ/core";
import type { Clock, Digest, Era, ErrorCode, Store, SuiteName, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { assertCurrent, examine } from "./examine.ts";
import type { Examined } from "./examine.ts";
import { rejectUnknown } from "./options.ts";
import type { CorpusStore } from "./store.ts";
import { countInto, totalsOf } from "./totals.ts";
import type { InventoryTotals } from "./totals.ts";

/** One artifact that verified. Times are seconds since the epoch. */
export interface InventoryEntry {
  readonly path: string;
  readonly form: "sidecar" | "envelope";
  /** The file as stored; an envelope's includes its content. */
  readonly sizeBytes: number;
  /** The artifact alone. */
  readonly artifactBytes: number;
  /** The content as stored, by the signed core. */
  readonly contentBytes: number;
  /** 32 hex digits. */
  readonly id: string;
  readonly revision: number;
  readonly name: Digest;
  readonly head: Digest;
  readonly issuer: string;
  readonly classification: "public" | "internal" | "confidential" | "restricted";
  readonly policies: readonly string[];
  /** Suites of the anchors, in their order. */
  readonly suites: readonly SuiteName[];
  /** Strongest era among the anchors that count. */
  readonly era: Era;
  readonly standing: "valid" | "expired";
  /** Weakest of the wraps and of what the data key was exposed to; null without recipients. */
  readonly wrapEra: Era | null;
  readonly custodies: readonly string[];
  readonly keys: readonly string[];
  /** Hash of the content root, the last counting rehash's where there is one. */
  readonly contentHash: string;
  readonly sealedAt: number;
  readonly anchoredAt: number;
  readonly ageSeconds: number;
  /** Notes that the data key was protected by classical means only. */
  readonly exposures: number;
  /** When the trust policy's dates end the acceptance of the present evidence; null where they don't. */
  readonly deadline: number | null;
  readonly deadlineCode: "suite-lapsed" | "suite-required" | null;
  /** Requirements of the trust policy that are not met and only reported so far. */
  readonly reportedRequirements: number;
  /** Later anchors of suites that are not known here. */
  readonly unknownAnchors: number;
}

/** One item that did not verify. */
export interface InventoryFinding {
  readonly path: string;
  /** Null where it could not be read. */
  readonly sizeBytes: number | null;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly retryable: boolean;
}

/** A corpus at one time under one trust policy: plain data, to be written as JSON. */
export interface Inventory {
  readonly version: 1;
  readonly location: string;
  readonly takenAt: number;
  readonly trust: { readonly name: string | null; readonly sequence: number };
  readonly entries: readonly InventoryEntry[];
  readonly findings: readonly InventoryFinding[];
  readonly totals: InventoryTotals;
}

/** How far an inventory is. */
export interface InventoryProgress {
  readonly done: number;
  readonly path: string;
}

/** Options of `inventory`. */
export interface InventoryOptions {
  readonly trust: TrustPolicy;
  readonly clock?: Clock;
  /** Where policies and root messages of compact artifacts come from. */
  readonly attachments?: Store;
  /** Called every 64 items. */
  readonly onProgress?: (progress: InventoryProgress) => void;
  /** Rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Items between two turns of the event loop: file I/O is synchronous, and signals must get through. */
export const itemsPerTurn = 64;

function schemeOf(keyUri: string): string {
  return keyUri.slice(0, keyUri.indexOf(":"));
}

/** The row of a verified artifact. Spec: RAN-1, RAN-2. */
function entryOf({ path, sizeBytes, carried, artifact }: Examined, now: number): InventoryEntry {
  const { core, keys, evidence, deadline } = artifact;
  return {
    path,
    form: carried.form,
    sizeBytes,
    artifactBytes: carried.artifact.length,
    contentBytes: core.content.sizeBytes,
    id: artifactIdText(core),
    revision: core.revision,
    name: artifact.name,
    head: artifact.head,
    issuer: core.issuer,
    classification: artifact.classification,
    policies: artifact.policies.map(({ id }) => id),
    suites: evidence.anchors.map(({ suite }) => suite),
    era: evidence.era,
    standing: evidence.standing,
    wrapEra: artifact.wrapEra,
    custodies: [...new Set(keys.recipients.map(({ custodyUri }) => schemeOf(custodyUri)))],
    keys: keys.recipients.map(({ custodyUri }) => custodyUri),
    contentHash: schemeOf(rootOf(artifact)),
    ...timesOf(artifact, now),
    exposures: keys.exposures.length,
    deadline: deadline?.at ?? null,
    deadlineCode: deadline?.code ?? null,
    reportedRequirements: evidence.reported.length,
    unknownAnchors: evidence.unknownLater,
  };
}

function rootOf({ core, evidence }: VerifiedArtifact): string {
  const rehashed = evidence.anchors.findLast(({ kind, counts }) => kind === "rehash" && counts);
  return rehashed?.contentRoot ?? core.content.root;
}

function timesOf(
  { evidence }: VerifiedArtifact,
  now: number,
): Pick<InventoryEntry, "sealedAt" | "anchoredAt" | "ageSeconds"> {
  const sealedAt = evidence.anchors[0]!.time;
  return { sealedAt, anchoredAt: evidence.anchors.at(-1)!.time, ageSeconds: Math.max(0, now - sealedAt) };
}

/**
 * Takes the inventory of a corpus under a trust policy. An item that doesn't verify is a finding with its code; none is left out.
 * Throws VerificationError `trust-expired`, FormatError where the corpus itself can't be listed. Spec: RAN-1 to RAN-4.
 */
export async function inventory(store: CorpusStore, options: InventoryOptions): Promise<Inventory> {
  rejectUnknown(options, ["trust", "clock", "attachments", "onProgress", "signal"]);
  const { trust, clock = Date.now, attachments, onProgress, signal } = options;
  const now = Math.floor(clock() / 1000);
  assertCurrent(trust, now);
  const entries: InventoryEntry[] = [];
  const findings: InventoryFinding[] = [];
  const totals = totalsOf();
  let done = 0;
  for await (const path of store.list()) {
    const examined = await examine(store, path, { trust, clock, attachments });
    if ("obstacle" in examined) findings.push({ path, sizeBytes: examined.sizeBytes, ...examined.obstacle });
    else entries.push(entryOf(examined, now));
    done += 1;
    if (done % itemsPerTurn === 0) {
      onProgress?.({ done, path });
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  for (const entry of entries) countInto(totals, entry);
  return {
    version: 1,
    location: store.location,
    takenAt: now,
    trust: { name: trust.name, sequence: trust.sequence },
    entries,
    findings,
    totals: { ...totals, ...forksIn(entries), items: done, refused: findings.length },
  };
}

/** Artifact ids, and those of which one revision is there with different cores: one of them is not the issuer's word. Spec: RAN-5. */
function forksIn(entries: readonly InventoryEntry[]): Pick<InventoryTotals, "distinctIds" | "forks"> {
  const ids = new Set<string>();
  const names = new Map<string, Digest>();
  const forks = new Set<string>();
  for (const { id, revision, name } of entries) {
    const key = `${id}/${revision}`;
    const known = names.get(key);
    if (known === undefined) names.set(key, name);
    else if (known !== name) forks.add(id);
    ids.add(id);
  }
  return { distinctIds: ids.size, forks: [...forks] };
}
