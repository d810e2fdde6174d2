// The first anchor: a core with its keys is signed, and stands with all that it names as a portable artifact.
import { makeStatement } from "./anchor.ts";
import type { Core, Keys, Layer, Source } from "./artifact.ts";
import {
  decodeCore,
  decodeKeys,
  encodeArtifact,
  encodeCore,
  encodeKeys,
  layersShape,
  maxInlineLayers,
  maxInlineParents,
  nameOf,
  parentsShape,
} from "./artifact.ts";
import { encodeAttachment } from "./attachments.ts";
import { anchorBy } from "./batch-signer.ts";
import { encodeCbor } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import type { PolicyMessage } from "./policy.ts";
import { digestAlg } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { hashes } from "./suites.ts";

/** What the first anchor signs. */
export interface Unsigned {
  /** The core; its layers and parents stand beside it. */
  readonly core: Omit<Core, "layers" | "lineage"> & { readonly lineage: Omit<Core["lineage"], "parents"> };
  readonly layers: readonly Layer[];
  readonly parents: readonly Source[];
  readonly keys: Keys;
  readonly policies: readonly PolicyMessage[];
  /** Attachments beside policies in force, leaf list and long lists. */
  readonly attachments: readonly Uint8Array[];
  /** Concatenated leaf hashes of the content, or null where they are attached already or not at hand. */
  readonly leaves: Uint8Array | null;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A signed artifact. */
export interface FirstAnchored {
  readonly artifact: Uint8Array;
  readonly name: Digest;
  /** The leaf list where it is too long to attach; null where it is attached or not needed. */
  readonly leaves: Uint8Array | null;
}

/** Largest leaf list that is attached. Spec: CON-14. */
const maxAttachedLeaves = 256 << 10;

/** A list of one leaf would repeat the root, one of none says nothing. Spec: CON-14. */
function neededLeaves(leaves: Uint8Array | null, root: Digest): Uint8Array | null {
  return leaves !== null && leaves.length > hashes[digestAlg(root)].sizeBytes ? leaves : null;
}

/** A list in the core, or its name with the attachment that holds it. Spec: ART-9. */
function inlineOrLong<T>(
  items: readonly T[],
  maxInline: number,
  shape: Shape<readonly T[]>,
): { value: readonly T[] | Digest; attachments: Uint8Array[] } {
  const entries = shape.write(items) as readonly CborValue[]; // a set: entries that were given twice count once
  if (entries.length <= maxInline) return { value: items, attachments: [] };
  const list = encodeCbor(entries);
  return { value: nameOf(list), attachments: [encodeAttachment("list", list)] };
}

/** Signs a core and its keys by the first anchor. Throws FormatError for what no reader would take. Spec: ANC-6, ART-9, CON-14. */
export async function anchorFirst(unsigned: Unsigned, signer: Signer): Promise<FirstAnchored> {
  const layers = inlineOrLong(unsigned.layers, maxInlineLayers, layersShape);
  const parents = inlineOrLong(unsigned.parents, maxInlineParents, parentsShape);
  const core: Core = {
    ...unsigned.core,
    layers: layers.value,
    lineage: { ...unsigned.core.lineage, parents: parents.value },
  };
  const coreBytes = encodeCore(core);
  const keysBytes = encodeKeys(unsigned.keys);
  decodeCore(coreBytes); // what no reader takes isn't signed
  decodeKeys(keysBytes);
  const statement = makeStatement(
    { core: coreBytes, keys: keysBytes, artifactId: core.artifactId, contentRoot: core.content.root },
    [],
    { kind: "seal", suite: signer.suite, issuedAt: unsigned.now },
  );
  const { anchor, rootMessage } = await anchorBy(statement, signer);
  const leaves = neededLeaves(unsigned.leaves, core.content.root);
  const attachLeaves = leaves !== null && leaves.length <= maxAttachedLeaves;
  const attachments = [
    ...new Map(unsigned.policies.map(({ digest, bytes }) => [digest, encodeAttachment("policy", bytes)])).values(),
    ...layers.attachments,
    ...parents.attachments,
    ...(attachLeaves ? [encodeAttachment("leaves", leaves)] : []),
    ...(rootMessage === null ? [] : [encodeAttachment("root", rootMessage)]),
    ...unsigned.attachments,
  ];
  return {
    artifact: encodeArtifact({ core: coreBytes, keys: keysBytes, anchors: [anchor], attachments }),
    name: nameOf(coreBytes),
    leaves: attachLeaves ? null : leaves,
  };
}
