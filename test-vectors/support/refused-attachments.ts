// Refusals of long lists, attachments and carriers. Signatures are over what stands there.
import type { Layer, Source } from "../../packages/core/src/artifact.ts";
import { layersShape, nameOf, parentsShape } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { encodeEnvelope } from "../../packages/core/src/carrier.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { leafHash } from "../../packages/core/src/merkle.ts";
import { layerList, manyLayers } from "./accepted-structure.ts";
import { batched, carried, joined, sealed, sourceOf } from "./chain.ts";
import type { JoinOptions } from "./chain.ts";
import type { Header } from "./cose.ts";
import { approval, policy } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import { childOf } from "./family.ts";
import { bytesOf, issuer } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const artifactOf = async (options: DraftOptions, join?: JoinOptions): Promise<Uint8Array> =>
  joined(await sealed(options), join);

async function longListCases(): Promise<Case[]> {
  const shared = await policy("consents", { document: { parameters: { consent: "string" } } });
  const long = (list: Uint8Array, join?: JoinOptions): Promise<Uint8Array> =>
    artifactOf(
      { policies: [shared], core: { layers: nameOf(list) }, attachments: [encodeAttachment("list", list)] },
      join,
    );
  const list = layerList(manyLayers(shared, 65));
  const written = layersShape.write(manyLayers(shared, 65)) as CborValue[];
  const inline = (core: Header): void => void core.set(7, layersShape.write(manyLayers(shared, 65)));
  const parents = encodeCbor([]);
  const lineage = { operation: "aggregate", parents: nameOf(parents), receipts: [], actor: issuer.authority } as const;
  const many = Array.from({ length: 257 }, (_, n): Source => {
    const core = nameOf(bytesOf(`parent ${n}`, 8));
    return { id: bytesOf(`parent ${n}`, 16), core, anchors: core, role: "parent" };
  });
  const [first, ...rest] = parentsShape.write(many) as Map<number, CborValue>[];
  const oneSuperseded = encodeCbor([new Map([...first!, [4, "superseded"] as const]), ...rest]); // ids come first in the order
  return [
    refused(
      "layers-65-inline",
      "structure",
      ["ART-9"],
      "65 layers in the core",
      await artifactOf({ policies: [shared], editCore: inline }),
    ),
    refused(
      "layers-64-long-list",
      "long-list-form",
      ["ART-9"],
      "64 layers in a long list",
      await long(layerList(manyLayers(shared, 64))),
    ),
    refused(
      "layers-1025-long-list",
      "structure",
      ["ART-9"],
      "1,025 layers in a long list",
      await long(oneTooMany(manyLayers(shared, 1025))),
    ),
    refused(
      "layers-long-list-missing",
      "attachment-missing",
      ["ART-9"],
      "a long list that isn't attached",
      await long(list, { attachments: (all) => all.slice(0, 1) }),
    ),
    refused(
      "layers-long-list-unsorted",
      "set-order",
      ["ART-4", "ART-9"],
      "a long list in another order",
      await long(encodeCbor(written.toReversed())),
    ),
    refused(
      "parents-superseded-long-list",
      "structure",
      ["ART-7", "ART-9"],
      "a parent of role superseded in a long list",
      await artifactOf({
        core: { lineage: { ...lineage, parents: nameOf(oneSuperseded) } },
        attachments: [encodeAttachment("list", oneSuperseded)],
      }),
    ),
    refused(
      "parents-none-long-list",
      "long-list-form",
      ["ART-9"],
      "no parents, in a long list",
      await artifactOf({ core: { lineage }, attachments: [encodeAttachment("list", parents)] }),
    ),
  ];
}

async function attachmentCases(): Promise<Case[]> {
  const seal = await sealed();
  const batch = await batched(seal);
  const other = await sealed({ label: "c" });
  const otherPolicy = await policy("other");
  const { bytes: inForce } = await policy(); // the one that `sealed` seals under
  const plus = (...more: Uint8Array[]): Uint8Array => joined(seal, { attachments: (all) => [...all, ...more] });
  const source = carried(other)[0]!;
  const otherRoot = (await batched(other)).links[1]!.root!;
  const parent = await batched(other);
  const bySeal = await sealed({
    core: { lineage: { operation: "aggregate", parents: [sourceOf(other)], receipts: [], actor: issuer.authority } },
    attachments: carried(parent),
  });
  const child = await childOf([other]);
  const leaf = Buffer.from(leafHash(-16, bytesOf("other segment", 40)));
  return [
    refused(
      "attachment-unnamed-policy",
      "attachment-unnamed",
      ["ATT-3"],
      "a policy that nothing names",
      plus(encodeAttachment("policy", otherPolicy.bytes)),
    ),
    refused(
      "attachment-unnamed-root",
      "attachment-unnamed",
      ["ATT-3"],
      "a root message that no anchor names",
      plus(encodeAttachment("root", otherRoot)),
    ),
    refused(
      "attachment-unnamed-source",
      "attachment-unnamed",
      ["ATT-3"],
      "a source that the core doesn't name",
      plus(source),
    ),
    refused(
      "attachment-source-in-other-state",
      "attachment-unnamed",
      ["ATT-3", "LIN-1"],
      "the parent with a cover more than when it was used",
      joined(bySeal),
    ),
    refused(
      "attachment-unnamed-list",
      "attachment-unnamed",
      ["ATT-3"],
      "a long list that nothing names",
      plus(encodeAttachment("list", encodeCbor([]))),
    ),
    refused(
      "attachment-unnamed-approval",
      "attachment-unnamed",
      ["ATT-3"],
      "an approval that the core doesn't cite",
      plus(encodeAttachment("approval", await approval())),
    ),
    ...(["root", "list", "approval"] as const).map((kind) =>
      refused(
        `attachment-policy-as-${kind}`,
        "attachment-unnamed",
        ["ATT-3"],
        "a policy in force that stands there as another kind besides",
        plus(encodeAttachment(kind, inForce)),
      ),
    ),
    refused(
      "attachment-other-leaf-list",
      "attachment-unnamed",
      ["ATT-3"],
      "a leaf list with another root",
      plus(encodeAttachment("leaves", leaf)),
    ),
    refused(
      "attachment-empty-leaf-list",
      "attachment-unnamed",
      ["ATT-3"],
      "an empty leaf list",
      plus(encodeAttachment("leaves", new Uint8Array())),
    ),
    refused(
      "attachment-leaf-list-of-a-source",
      "attachment-unnamed",
      ["ATT-3"],
      "the leaf list of a parent's content, whose root is the parent's",
      joined(child, { attachments: (all) => [...all, encodeAttachment("leaves", other.draft.leaves)] }),
    ),
    refused(
      "attachment-kind-unknown",
      "structure",
      ["ATT-1"],
      "an attachment of kind 7",
      plus(encodeRaw([7, new Uint8Array(1)])),
    ),
    refused(
      "attachment-of-three",
      "structure",
      ["ATT-1"],
      "an attachment of three members",
      plus(encodeRaw([1, otherPolicy.bytes, null])),
    ),
    refused(
      "attachment-source-with-keys",
      "structure",
      ["ATT-2"],
      "an attached source with its keys",
      plus(
        encodeAttachment(
          "source",
          encodeRaw([other.draft.coreBytes, other.keysBytes, other.links.map(({ anchor }) => anchor)]),
        ),
      ),
    ),
    refused(
      "attachment-policy-missing",
      "attachment-missing",
      ["ING-4"],
      "a compact artifact and no store",
      joined(seal, { attachments: () => [] }),
    ),
    refused(
      "attachment-policy-not-in-store",
      "attachment-missing",
      ["ING-4"],
      "a compact artifact and a store that has another policy",
      joined(seal, { attachments: () => [] }),
      { store: [otherPolicy.bytes] },
    ),
    refused(
      "attachment-root-missing",
      "attachment-missing",
      ["BAT-3", "ANC-4"],
      "a batched cover without its root message",
      joined(batch, { attachments: (all) => all.slice(0, 1) }),
    ),
  ];
}

async function carrierCases(): Promise<Case[]> {
  const seal = await sealed();
  const artifact = joined(seal);
  const envelope = encodeEnvelope(artifact, seal.draft.content);
  const damaged = Uint8Array.from(envelope).fill(0x0a, 5, 6);
  const longer = Uint8Array.from(envelope);
  new DataView(longer.buffer).setUint32(8, envelope.length);
  const none = { artifact: undefined };
  const of = (carrier: Uint8Array): Partial<Case> => ({ ...none, carrier });
  return [
    refused("carrier-empty", "input-empty", ["CAR-1"], "no bytes at all", artifact, of(new Uint8Array())),
    refused(
      "carrier-line-end-changed",
      "format-unknown",
      ["CAR-1"],
      "an envelope whose line end a text transport changed",
      artifact,
      of(damaged),
    ),
    refused(
      "carrier-json",
      "format-unknown",
      ["CAR-1"],
      "neither envelope nor artifact",
      artifact,
      of(Buffer.from('{"writ":1}')),
    ),
    refused(
      "carrier-cut-in-length",
      "structure",
      ["CAR-1"],
      "an envelope that ends in its length",
      artifact,
      of(envelope.subarray(0, 11)),
    ),
    refused(
      "carrier-cut-in-artifact",
      "structure",
      ["CAR-1"],
      "an envelope whose length is beyond its end",
      artifact,
      of(longer),
    ),
    refused(
      "carrier-artifact-too-large",
      "input-too-large",
      ["CAR-2"],
      "an artifact a byte over the reader's limit",
      artifact,
      { ...of(envelope), limits: { maxArtifactBytes: artifact.length - 1 } },
    ),
    refused(
      "carrier-content-too-large",
      "input-too-large",
      ["CAR-2"],
      "content a byte over the reader's limit",
      artifact,
      { ...of(envelope), limits: { maxContentBytes: seal.draft.content.length - 1 } },
    ),
    refused(
      "carrier-content-swapped",
      "content-header",
      ["CAR-1", "ING-8"],
      "an envelope with the content of another artifact",
      artifact,
      of(encodeEnvelope(artifact, (await sealed({ label: "c" })).draft.content)),
    ),
    refused(
      "carrier-content-missing",
      "content-size",
      ["CAR-1", "ING-8"],
      "an envelope without its content",
      artifact,
      of(encodeEnvelope(artifact, new Uint8Array())),
    ),
  ];
}

/** A long list of more layers than there may be: two halves, joined in their order. */
function oneTooMany(layers: readonly Layer[]): Uint8Array {
  const half = layers.length >> 1;
  const written = [layers.slice(0, half), layers.slice(half)].flatMap((part) => layersShape.write(part) as CborValue[]);
  return encodeCbor(written.toSorted((a, b) => Buffer.compare(encodeCbor(a), encodeCbor(b))));
}

/** Negative cases of long lists, attachments and carriers. */
export async function refusedAttachments(): Promise<Case[]> {
  return (await Promise.all([longListCases(), attachmentCases(), carrierCases()])).flat();
}
