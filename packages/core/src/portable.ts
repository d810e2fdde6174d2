// Portable and compact: the same artifact with and without its attachments. No other byte changes, so nothing has to be signed again.
import { encodeEarlier, parseAnchor, rootMessages } from "./anchor.ts";
import type { ParsedAnchor } from "./anchor.ts";
import { decodeArtifact, decodeCore, encodeArtifact, nameOf } from "./artifact.ts";
import type { Core } from "./artifact.ts";
import { AttachmentIndex, encodeAttachment, listAttachments, parseSource, sourceKey } from "./attachments.ts";
import type { Store } from "./attachments.ts";
import { compareBytes, ownBytes } from "./cbor.ts";
import { FormatError } from "./errors.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { Digest } from "./shape.ts";

/** An artifact without attachments, and what it had. */
export interface Compacted {
  readonly artifact: Uint8Array;
  /** For a store, each under its SHA-384: what `toPortable` and `ingest` will ask for. */
  readonly removed: readonly Uint8Array[];
  /** For `x.sealed.leaves`; null where no leaf list was attached. */
  readonly leaves: Uint8Array | null;
}

/** Options of `toPortable`. */
export interface PortableOptions {
  /** Leaf list to attach; it must be that of the content root. */
  readonly leaves?: Uint8Array;
}

function missing(what: string, name: string): never {
  throw new FormatError("attachment-missing", `${what} \`${name}\` is neither attached nor in the store`);
}

/** The artifact without its attachments; all other bytes stay. Nothing is verified. Throws FormatError. Spec: ATT-4, ATT-5. */
export function toCompact(input: Uint8Array): Compacted {
  const parts = decodeArtifact(ownBytes(input));
  const attached = listAttachments(parts.attachments);
  const roots = new Map(attached.flatMap(({ kind, content }) => (kind === "root" ? [[nameOf(content), content]] : [])));
  const removed = attached.flatMap(({ kind, content }): readonly Uint8Array[] => {
    if (kind === "leaves") return [];
    if (kind !== "source") return [content];
    const source = parseSource(content);
    return [source.coreBytes, encodeEarlier(rootMessages(source.anchors, (name) => roots.get(name)))];
  });
  return {
    artifact: encodeArtifact({ ...parts, attachments: [] }),
    removed,
    leaves: attached.find(({ kind }) => kind === "leaves")?.content ?? null,
  };
}

/** Looks up everything that the artifact and its sources name; what comes from the store is then in `index.fetched`. */
function fetchNamed(index: AttachmentIndex, core: Core, anchors: readonly ParsedAnchor[]): void {
  const seen = new Set<string>();
  const pending = [{ core, anchors, own: true }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const { batch } of next.anchors) if (batch && !index.root(batch.root)) missing("root message", batch.root);
    for (const { policy } of index.layers(next.core)) if (!index.policy(policy) && next.own) missing("policy", policy);
    for (const approval of next.core.lineage.approvals ?? [])
      if (!index.approval(approval)) missing("approval", approval);
    const { supersedes } = next.core;
    for (const reference of [...index.parents(next.core), ...(supersedes ? [supersedes] : [])]) {
      const key = sourceKey(reference);
      if (seen.has(key)) continue;
      seen.add(key);
      const source = index.source(reference) ?? missing("source", reference.core satisfies Digest);
      pending.push({ core: source.core, anchors: source.anchors, own: false });
    }
  }
}

/**
 * The artifact with everything attached that it names: what it has, and the rest from the store; all other bytes stay. Nothing is verified.
 * Throws `attachment-missing` where something is in neither, and other FormatErrors. Spec: ATT-3 to ATT-5.
 */
export function toPortable(input: Uint8Array, store: Store, options: PortableOptions = {}): Uint8Array {
  rejectUnknownOptions(options, ["leaves"]);
  const parts = decodeArtifact(ownBytes(input));
  const core = decodeCore(parts.core);
  const anchors = parts.anchors.map(parseAnchor);
  const index = new AttachmentIndex(parts.attachments, store, true);
  fetchNamed(index, core, anchors);
  index.assertNamed(core, anchors);
  const fetched = [...index.fetched.values()].map(({ kind, content }) => encodeAttachment(kind, content));
  const wanted = new Map([...parts.attachments, ...fetched].map((bytes) => [nameOf(bytes), bytes]));
  if (options.leaves !== undefined && index.leaves === null) {
    const leaves = encodeAttachment("leaves", ownBytes(options.leaves));
    wanted.set(nameOf(leaves), leaves);
  }
  return encodeArtifact({ ...parts, attachments: [...wanted.values()].toSorted(compareBytes) });
}
