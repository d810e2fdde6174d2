// Where a corpus is kept. One contract for every place: a directory now; object stores and databases later.
import type { GovernanceError } from "@writ/core";

/** A stored carrier as it was at one moment. */
export interface StoredItem {
  /** A sidecar or an envelope, as stored. */
  readonly bytes: Uint8Array;
  /** Opaque; changes whenever the stored bytes do (a digest, an ETag, a head). Compare-and-swap compares it. */
  readonly version: string;
}

/** One artifact to put in the place of another. */
export interface Replacement {
  readonly path: string;
  /** The version that was read; anything else there is a concurrent change and is left alone. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** What became of a replacement. */
export type Replaced =
  | { readonly outcome: "replaced" }
  /** Something else is there than what was read, or nothing. */
  | { readonly outcome: "changed" }
  | { readonly outcome: "failed"; readonly error: GovernanceError };

/** The right to write to a corpus. One at a time, where the place can hold that. */
export interface CorpusWriter {
  /** Replacements of an interrupted writer that were finished when this one was opened. */
  readonly recovered: number;
  /**
   * Replaces carriers by compare-and-swap, each whole or not at all; resolves once that is durable. Answers in the order of the group.
   * Throws GovernanceError only where nothing of the group was written. Spec: RAN-10 to RAN-13.
   */
  replace(group: readonly Replacement[]): Promise<readonly Replaced[]>;
  close(): Promise<void>;
}

/** A corpus: carriers by path. Reading never writes, not even to recover. */
export interface CorpusStore {
  /** For people and reports: a folder, a bucket with its prefix, a table. */
  readonly location: string;
  /** Every path once, in a stable order, also while the corpus is being written to. Spec: RAN-4. */
  list(): AsyncIterable<string>;
  /** Throws GovernanceError: `input-unreadable`, `input-too-large`; `retryable` where it may work later. */
  read(path: string): StoredItem | Promise<StoredItem>;
  /** Finishes what an interrupted writer left. Throws FormatError `output-unwritable`, retryable while another writer is at work. */
  openWriter(): Promise<CorpusWriter>;
}
