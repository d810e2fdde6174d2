// Permits: only decide makes one, one open spends it.
import { randomNonce } from "#crypto";
import { PolicyError } from "./errors.ts";
import type { Operation } from "./evaluator.ts";
import type { ReceiptBody, ReceiptSink } from "./receipt.ts";
import type { Digest } from "./shape.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Leave to open one artifact once, for one request. Made by `decide` alone. Spec: PER-1. */
export interface Permit {
  readonly head: Digest;
  readonly request: Digest;
  readonly operation: Operation;
  readonly nonce: Uint8Array;
  /** Seconds since the epoch; good before it, at most 5 minutes after the decision and no longer than what it rests on. Spec: DEC-6. */
  readonly until: number;
  /** The decision receipt; null with `receipts: "none"`. */
  readonly receipt: Digest | null;
}

/** What a permit remembers for the release receipt. */
export type PermitMemory =
  | { readonly sink: "none" }
  | { readonly sink: ReceiptSink; readonly body: Omit<ReceiptBody, "kind"> };

/** What decide makes. Its private name can't be forged or copied. */
class Made {
  readonly #artifact: VerifiedArtifact;
  #memory: PermitMemory | null;

  constructor(artifact: VerifiedArtifact, fields: Omit<Permit, "head">, memory: PermitMemory) {
    this.#artifact = artifact;
    this.#memory = memory;
    Object.assign(this, fields);
    Object.freeze(this);
  }

  get head(): Digest {
    return this.#artifact.head;
  }

  /** The memory, once; null where it was taken, and for what decide didn't make. Throws where it stays: `permit-mismatch`. */
  static take(permit: unknown, artifact: VerifiedArtifact): PermitMemory | null {
    if (typeof permit !== "object" || permit === null || !(#memory in permit)) return null;
    const memory = permit.#memory;
    if (memory === null) return null;
    // the name was taken at ingest; a head that is worked out later is that of bytes which a caller may have written into
    if (permit.#artifact !== artifact && (permit.#artifact.name !== artifact.name || permit.head !== artifact.head))
      throw new PolicyError("permit-mismatch", "the permit is for another artifact, or for another state of it");
    permit.#memory = null;
    return memory;
  }
}

// a permit leads to nobody who could make another one
Object.defineProperty(Made.prototype, "constructor", { value: Object });
Object.freeze(Made.prototype);

/** For decide alone. */
export function makePermit(
  artifact: VerifiedArtifact,
  fields: Omit<Permit, "head" | "nonce">,
  memory: PermitMemory,
): Permit {
  return new Made(artifact, { ...fields, nonce: randomNonce(16) }, memory) as Made & Permit; // with every member of `fields`
}

/** Throws `permit-expired` unless `now` (seconds since the epoch) is before the permit's end. Spec: PER-3. */
export function assertInTime({ until }: Permit, now: number): void {
  if (!(now < until))
    throw new PolicyError(
      "permit-expired",
      "the permit is no longer good, or only for what stays stored: decide again",
    );
}

/** Spends a permit; throws `permit-spent`, `permit-expired`, `permit-mismatch`. `now` is seconds since the epoch. Spec: PER-2, PER-3. */
export function spendPermit(permit: Permit, artifact: VerifiedArtifact, now: number): PermitMemory {
  const memory = Made.take(permit, artifact);
  if (!memory) throw new PolicyError("permit-spent", "the permit was spent, or was not made by a decision");
  // OPS-3: deleting needs no permission and no purpose, so leave to delete is leave to read for nobody
  if (permit.operation === "delete") throw new PolicyError("permit-mismatch", "a permit to delete opens nothing");
  assertInTime(permit, now);
  return memory;
}
