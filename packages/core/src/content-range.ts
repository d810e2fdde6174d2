// Stored content without a key: whoever carries, stores or relays it checks any part of it.
import { verifyContent } from "./content-open.ts";
import { verifiedReader, verifyRange } from "./content-parts.ts";
import { contentTerms } from "./content-root.ts";
import type { ContentReader, ContentSource, SeekableSource } from "./content-source.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { HashAlg } from "./suites.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `verifyContentRange` and `contentReader`. */
export interface ContentRangeOptions {
  /** The content as stored. */
  readonly content: SeekableSource;
  /** Leaf list, where it is a file of its own; where there is none the whole content is read once to rebuild it. */
  readonly leaves?: Uint8Array;
  /** COSE number of a hash: the content is held to its root under it, the core's or that of a rehash. Default: the core's own. */
  readonly contentHash?: HashAlg;
}

const optionNames = ["content", "leaves", "contentHash"];

/**
 * Stored bytes `start` to `end` (exclusive), each segment that they touch checked whole against the signed root; without data key and
 * permit, since nothing is opened. Throws `content-…`, `input-unreadable`; RangeError for a range beyond the content. Spec: CON-13, CON-15, CON-16.
 */
export async function verifyContentRange(
  artifact: VerifiedArtifact,
  range: { readonly start: number; readonly end: number },
  options: ContentRangeOptions,
): Promise<Uint8Array> {
  assertVerified(artifact);
  rejectUnknownOptions(options, optionNames);
  return verifyRange(options.content, contentTerms(artifact, options), range.start, range.end);
}

/**
 * A reader of the stored content that gives verified bytes alone, for many ranges: the leaf list is checked once, here. Throws as
 * `verifyContentRange`, here and at each read. Spec: CON-13, CON-15, CON-16.
 */
export async function contentReader(artifact: VerifiedArtifact, options: ContentRangeOptions): Promise<ContentReader> {
  assertVerified(artifact);
  rejectUnknownOptions(options, optionNames);
  return verifiedReader(options.content, contentTerms(artifact, options));
}

/** Options of `contentLeaves`. */
export interface ContentLeavesOptions extends Pick<ContentRangeOptions, "contentHash"> {
  /** The content as stored, read once from its beginning to its end. */
  readonly content: ContentSource;
}

/**
 * The leaf list of stored content that is checked whole against its root: for `x.sealed.leaves` where that was lost, or under the hash of a
 * rehash, so that streams and ranges are read by it. 32 to 64 bytes for each MiB. Throws `content-…`, `input-unreadable`. Spec: CON-11, CON-16.
 */
export async function contentLeaves(artifact: VerifiedArtifact, options: ContentLeavesOptions): Promise<Uint8Array> {
  assertVerified(artifact);
  rejectUnknownOptions(options, ["content", "contentHash"]);
  return (await verifyContent(options.content, contentTerms(artifact, options))).leaves;
}
