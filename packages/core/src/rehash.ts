// Rehash: when a hash ages, an anchor by whoever has read the content states its root under a stronger one. Ciphertext is not touched.
import { anchorBy } from "./batch-signer.ts";
import { secondsNow } from "./clock.ts";
import { verifyContent } from "./content-open.ts";
import type { ContentSource } from "./content-source.ts";
import { nextStatement, withAnchor } from "./cover.ts";
import type { Covered, CoverOptions } from "./cover.ts";
import { isStrongerRoot, rehashedRoots } from "./evidence.ts";
import { rejectUnknownOptions } from "./options.ts";
import { digestText } from "./shape.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `rehash`. */
export interface RehashOptions extends CoverOptions {
  /** The artifact's content as stored, read once from its beginning to its end. */
  readonly content: ContentSource;
  /** COSE number of the new hash: its digest is longer than that of the present root. */
  readonly contentHash: HashAlg;
}

/**
 * Reads the content, checks it against the core's root and those of earlier rehashes, and adds an anchor that states its root under
 * `contentHash`. Throws RangeError for a hash that isn't stronger, `content-…`, `anchor-chain`, and what the signer throws.
 * Spec: ANC-3, ANC-5, ANC-11.
 */
export async function rehash(artifact: VerifiedArtifact, options: RehashOptions): Promise<Covered> {
  rejectUnknownOptions(options, ["signer", "reason", "clock", "content", "contentHash"]);
  const { signer, reason, content, contentHash } = options;
  const time = secondsNow(options.clock);
  const terms = { kind: "rehash", suite: signer.suite, time, ...(reason === undefined ? {} : { reason }) } as const;
  const present = nextStatement(artifact, terms).contentRoot; // refuses what can't be added to before gigabytes are read
  if (!isStrongerRoot(digestText(contentHash, new Uint8Array(hashes[contentHash].sizeBytes)), present))
    throw new RangeError(`the content has a root under ${present.slice(0, 6)} already: a rehash takes a stronger hash`);
  const { root } = await verifyContent(content, {
    content: artifact.core.content,
    roots: rehashedRoots(artifact.evidence.anchors),
    also: contentHash,
  });
  const statement = nextStatement(artifact, { ...terms, contentRoot: root });
  const { anchor, rootMessage } = await anchorBy(statement, signer);
  return withAnchor(artifact, anchor, rootMessage);
}
