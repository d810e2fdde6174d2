// Which root content is held to: the core's, or, under a hash that a reader relies on, that of a rehash.
import type { VerifyContentOptions } from "./content-open.ts";
import { VerificationError } from "./errors.ts";
import { rehashedRoots } from "./evidence.ts";
import { digestAlg } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** What a reader relies on. */
export interface ContentTrust {
  /** Leaf list, where it is a file of its own: of the root that content is held to. */
  readonly leaves?: Uint8Array | undefined;
  /**
   * COSE number of the hash that is relied on: content is held to its root under it, that of the core or of a rehash that counts.
   * Default: the core's own.
   */
  readonly contentHash?: HashAlg | undefined;
}

function heldRoot({ core, evidence }: VerifiedArtifact, contentHash: HashAlg): Digest {
  if (!Object.hasOwn(hashes, contentHash)) throw new TypeError(`\`${contentHash}\` is no hash`);
  const root = [core.content.root, ...rehashedRoots(evidence.anchors)].find((one) => digestAlg(one) === contentHash);
  if (root !== undefined) return root;
  throw new VerificationError(
    "content-root",
    `neither the core nor a rehash that counts states a root under ${hashes[contentHash].text}`,
  );
}

/** What content is verified against. Throws `content-root` where no root under `contentHash` counts. Spec: CON-12, CON-16. */
export function contentTerms(
  artifact: VerifiedArtifact,
  { leaves, contentHash }: ContentTrust,
): VerifyContentOptions & { readonly hashAlg: HashAlg } {
  const { format, sizeBytes, root: signed, floeHeader } = artifact.core.content;
  const root = contentHash === undefined ? signed : heldRoot(artifact, contentHash);
  const attached = root === signed ? artifact.attachments.leaves : null; // of the core's root
  return {
    content: { format, sizeBytes, root, floeHeader },
    hashAlg: digestAlg(root),
    leaves: leaves ?? attached ?? undefined,
  };
}
