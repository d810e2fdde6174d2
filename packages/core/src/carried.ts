// What an artifact takes along of its sources, so that its lineage verifies offline.
import { anchorsName, parseAnchor, rootMessages } from "./anchor.ts";
import { layersShape, nameOf, parentsShape } from "./artifact.ts";
import type { Source } from "./artifact.ts";
import { encodeAttachment, encodeSource, listAttachments } from "./attachments.ts";
import { encodeCbor } from "./cbor.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** An artifact as the core of what derives from it, or supersedes it, names it. Spec: LIN-1. */
export function sourceOf(artifact: VerifiedArtifact, role: Source["role"]): Source {
  const pairs = rootMessages(artifact.anchors, (name) => artifact.attachments.root(name));
  return { id: artifact.core.artifactId, core: artifact.name, anchors: anchorsName(pairs), role };
}

/** A parent's attachments but its leaves and the roots of later anchors of unknown suites, which the source goes without. */
function namedAttachments({ parts, anchors }: VerifiedArtifact): Uint8Array[] {
  const later = parts.anchors.slice(anchors.length).map((bytes, index) => parseAnchor(bytes, anchors.length + index));
  const unnamed = new Set(later.flatMap(({ batch }) => (batch ? [batch.root] : [])));
  return listAttachments(parts.attachments)
    .filter(({ kind, content }) => kind !== "leaves" && !(kind === "root" && unnamed.has(nameOf(content))))
    .map(({ bytes }) => bytes);
}

/** The long lists and approvals of a parent, which may have come from a store. */
function storedParts({ core, layers, attachments }: VerifiedArtifact): Uint8Array[] {
  const lists = [
    ...(typeof core.layers === "string" ? [layersShape.write(layers)] : []),
    ...(typeof core.lineage.parents === "string" ? [parentsShape.write(attachments.parents(core))] : []),
  ].map((list) => encodeAttachment("list", encodeCbor(list)));
  return [
    ...lists,
    ...(core.lineage.approvals ?? []).map((name) => encodeAttachment("approval", attachments.approval(name)!)),
  ];
}

/** What a child or revision carries so that its lineage verifies offline: the parents, and whatever they carried but their leaves. Spec: LIN-7. */
export function carriedAttachments(parents: readonly VerifiedArtifact[]): Uint8Array[] {
  return parents.flatMap((parent) => [
    encodeAttachment(
      "source",
      encodeSource(
        parent.parts.core,
        parent.anchors.map(({ bytes }) => bytes),
      ),
    ),
    ...namedAttachments(parent),
    ...storedParts(parent),
    ...parent.policies.map(({ bytes }) => encodeAttachment("policy", bytes)),
    ...parent.anchors.flatMap(({ batch }) =>
      batch ? [encodeAttachment("root", parent.attachments.root(batch.root)!)] : [],
    ),
  ]);
}
