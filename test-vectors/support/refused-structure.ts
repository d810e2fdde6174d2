// Refusals of structure, attachments and carriers. Signatures are over what stands there.
import { layersShape, nameOf } from "../../packages/core/src/artifact.ts";
import type { Core } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { encodeEnvelope } from "../../packages/core/src/carrier.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { leafHash } from "../../packages/core/src/merkle.ts";
import { layerList, manyLayers } from "./accepted-structure.ts";
import { batched, carried, joined, sealed, sourceOf } from "./chain.ts";
import type { JoinOptions } from "./chain.ts";
import type { Header } from "./cose.ts";
import { policy, usualKey, wrapTo } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import { bytesOf, issuer } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const artifactOf = async (options: DraftOptions, join?: JoinOptions): Promise<Uint8Array> => joined(await sealed(options), join);
const ofCore = (editCore: (core: Header) => void): Promise<Uint8Array> => artifactOf({ editCore });
const layersOf = (core: Header): Header[] => core.get(7) as Header[];
const ofLayers = (edit: (layer: Header) => void): Promise<Uint8Array> => ofCore((core) => layersOf(core).forEach(edit));

async function outerCases(): Promise<Case[]> {
  const seal = await sealed();
  const members = (edit: (members: Loose[]) => Loose): Uint8Array => joined(seal, { members: edit });
  return [
    refused("artifact-other-word", "format-unknown", ["ART-1"], "an array that begins with another word", members(([, ...rest]) => ["writ2", ...rest])),
    refused("artifact-seven-members", "format-unknown", ["ART-1"], "an array of seven", members((all) => [...all, []])),
    refused("artifact-no-bytes", "format-unknown", ["ART-1"], "no bytes at all", new Uint8Array()),
    refused("artifact-version-2", "version-unknown", ["ART-2"], "version 2", members(([word, , ...rest]) => [word!, 2, ...rest])),
    refused("artifact-core-not-bytes", "structure", ["ART-1"], "the core as a map and not as bytes", members(([word, version, , ...rest]) => [word!, version!, new Map([[1, 1]]), ...rest])),
    refused("artifact-no-anchors", "structure", ["ART-1"], "no anchors", joined(seal, { anchors: () => [] })),
    refused("artifact-keys-of-three", "structure", ["ART-3"], "a keys part of three members", await artifactOf({ rawKeys: (keys) => [...keys, []] })),
  ];
}

async function memberCases(): Promise<Case[]> {
  return [
    refused("core-unknown-member", "structure", ["ART-3"], "a member 14", await ofCore((core) => void core.set(14, "x"))),
    refused("core-without-status", "structure", ["ART-3"], "no status, not even an empty one", await ofCore((core) => void core.delete(10))),
    refused("core-null-member", "structure", ["ART-3"], "`ext` as null", await ofCore((core) => void core.set(13, null))),
    refused("layer-empty-via", "structure", ["ART-3"], "an empty `via`", await ofLayers((layer) => void layer.set(3, []))),
    refused("layer-empty-parameters", "structure", ["ART-3"], "empty parameters", await ofLayers((layer) => void layer.set(2, new Map()))),
    refused("layer-parameter-list", "structure", ["ART-3"], "a parameter that is a list", await ofLayers((layer) => void layer.set(2, new Map([["a", ["b"]]])))),
    refused("layer-via-unknown-operation", "structure", ["ART-3"], "an operation that there isn't in `via`", await ofLayers((layer) => void layer.set(3, ["digest"]))),
    refused("layer-name-sha256", "structure", ["ART-6"], "a policy named by SHA-256", await ofLayers((layer) => void layer.set(1, [-16, bytesOf("name", 32)]))),
    refused("layer-name-relabelled", "structure", ["ART-5"], "a name's algorithm changed to SHA-256, its bytes kept", await ofLayers((layer) => void layer.set(1, [-16, (layer.get(1) as Loose[])[1]!]))),
    refused("core-no-layers", "structure", ["ART-3"], "no layers", await ofCore((core) => void core.set(7, []))),
    refused("core-short-id", "structure", ["ART-3"], "an artifact id of 15 bytes", await ofCore((core) => void core.set(1, bytesOf("short", 15)))),
    refused("core-negative-time", "structure", ["ART-3"], "an issued-at of −1", await ofCore((core) => void core.set(3, -1))),
    refused("core-operation-unknown", "structure", ["ART-3"], "a lineage of an operation that there isn't", await ofCore((core) => void (core.get(9) as Header).set(1, "summarise"))),
    refused("content-root-short", "structure", ["ART-5"], "a SHA-256 content root of 31 bytes", await ofCore((core) => void (core.get(6) as Header).set(3, [-16, bytesOf("root", 31)]))),
    refused("content-root-relabelled", "structure", ["ART-5"], "the content root's algorithm changed to SHA-384", await ofCore((core) => void (core.get(6) as Header).set(3, [-43, bytesOf("root", 32)]))),
    refused("content-root-unknown-hash", "structure", ["ART-5"], "a content root under a hash that isn't in use", await ofCore((core) => void (core.get(6) as Header).set(3, [-18, bytesOf("root", 32)]))),
    refused("content-floe-without-header", "structure", ["ART-7"], "format floe without header", await ofCore((core) => void (core.get(6) as Header).delete(4))),
    refused("content-opaque-with-header", "structure", ["ART-7"], "format opaque with a header", await ofCore((core) => void (core.get(6) as Header).set(1, "opaque"))),
    refused("content-floe-without-recipient", "structure", ["ART-11"], "format floe without recipients", await artifactOf({ wraps: [] })),
    refused("recipient-unknown-kind", "structure", ["RCP-1"], "a recipient of a kind that there isn't", await artifactOf({ rawKeys: ([recipients, exposures]) => [(recipients as Header[]).map((one) => one.set(1, "kms-rsa")), exposures!] })),
    refused("recipient-short-wrap", "structure", ["RCP-1"], "a wrapped key of 39 bytes", await artifactOf({ wraps: [wrapTo("a", usualKey, { wrappedKey: bytesOf("wrap", 39) })] })),
    refused("exposure-unknown-kind", "structure", ["RCP-7"], "an exposure of a kind that there isn't", await artifactOf({ rawKeys: ([recipients]) => [recipients!, [new Map<number, Loose>([[1, "none"], [2, usualKey], [3, 1]])]] })),
  ];
}

async function ruleCases(): Promise<Case[]> {
  const parent = await sealed({ label: "c" });
  const source = sourceOf(parent);
  const superseded = sourceOf(parent, "superseded");
  const lineage = { operation: "seal", parents: [], receipts: [], actor: issuer.authority } as const;
  const core = (change: Partial<Core>): Promise<Uint8Array> => artifactOf({ core: change, attachments: carried(parent) });
  const amend = { ...lineage, operation: "amend" } as const;
  return [
    refused("revision-without-supersedes", "structure", ["ART-7"], "revision 1 that supersedes nothing", await artifactOf({ core: { revision: 1 } })),
    refused("revision-0-supersedes", "structure", ["ART-7"], "revision 0 that supersedes something", await core({ supersedes: superseded, lineage: amend })),
    refused("revision-not-amend", "structure", ["ART-7"], "a revision of operation aggregate, as if it could release", await core({ revision: 1, supersedes: superseded, lineage: { ...lineage, operation: "aggregate" } })),
    refused("revision-supersedes-parent", "structure", ["ART-7"], "`supersedes` of role parent", await core({ revision: 1, supersedes: source, lineage: amend })),
    refused("parent-of-role-superseded", "structure", ["ART-7"], "a parent of role superseded", await core({ lineage: { ...lineage, operation: "aggregate", parents: [superseded] } })),
    refused("seal-with-parents", "structure", ["ART-7"], "operation seal with a parent", await core({ lineage: { ...lineage, parents: [source] } })),
    refused("first-issuer-other", "structure", ["ART-7", "CON-1"], "revision 0 that names another first issuer, to adopt his ciphertext", await artifactOf({ core: { firstIssuer: "urn:example:other-issuer" } })),
    refused("crit-unknown", "crit-unknown", ["ART-8"], "a critical extension", await artifactOf({ core: { ext: new Map([["urn:example:must", true]]), crit: ["urn:example:must"] } })),
    refused("crit-not-in-ext", "structure", ["ART-8"], "`crit` that names no member of `ext`", await artifactOf({ core: { ext: new Map([["urn:example:may", true]]), crit: ["urn:example:must"] } })),
    refused("crit-without-ext", "structure", ["ART-8"], "`crit` without `ext`", await artifactOf({ core: { crit: ["urn:example:must"] } })),
  ];
}

async function orderCases(): Promise<Case[]> {
  const two = [await policy("one"), await policy("two")];
  const reversed = (member: number, inner?: number) => (core: Header): void => {
    const map = inner === undefined ? core : (core.get(member) as Header);
    const key = inner ?? member;
    map.set(key, (map.get(key) as Loose[]).toReversed());
  };
  const twice = (core: Header): void => void core.set(7, layersOf(core).flatMap((layer) => [layer, layer]));
  const wraps = [wrapTo("a"), wrapTo("a", "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321")];
  const status = [{ uri: "https://status.example/1", index: 1 }, { uri: "https://status.example/1", index: 2 }];
  return [
    refused("set-layers-unsorted", "set-order", ["ART-4"], "layers in another order", await artifactOf({ policies: two, editCore: reversed(7) })),
    refused("set-layer-twice", "set-order", ["ART-4"], "one layer twice", await ofCore(twice)),
    refused("set-via-unsorted", "set-order", ["ART-4"], "`via` in the order of the alphabet: by bytes, `read` is before `aggregate`", await ofLayers((layer) => void layer.set(3, ["aggregate", "read"]))),
    refused("set-custodies-twice", "set-order", ["ART-4"], "one custody twice in the custody rule", await ofCore((core) => void (core.get(8) as Header).set(1, ["aws-kms", "aws-kms"]))),
    refused("set-status-unsorted", "set-order", ["ART-4"], "status entries in another order", await artifactOf({ core: { status }, editCore: reversed(10) })),
    refused("set-recipients-unsorted", "set-order", ["ART-4"], "recipients in another order", await artifactOf({ wraps, rawKeys: ([recipients, exposures]) => [(recipients as Loose[]).toReversed(), exposures!] })),
    refused("set-attachments-unsorted", "set-order", ["ART-4"], "attachments in another order", await artifactOf({ policies: two }, { members: (members) => [...members.slice(0, 5), (members[5] as Loose[]).toReversed()] })),
    refused("set-attachment-twice", "set-order", ["ART-4"], "one attachment twice", await artifactOf({}, { members: (members) => [...members.slice(0, 5), [(members[5] as Loose[])[0]!, (members[5] as Loose[])[0]!]] })),
  ];
}

async function longListCases(): Promise<Case[]> {
  const shared = await policy("consents", { document: { parameters: { consent: "string" } } });
  const long = (list: Uint8Array, join?: JoinOptions): Promise<Uint8Array> => artifactOf({ policies: [shared], core: { layers: nameOf(list) }, attachments: [encodeAttachment("list", list)] }, join);
  const list = layerList(manyLayers(shared, 65));
  const written = layersShape.write(manyLayers(shared, 65)) as CborValue[];
  const inline = (core: Header): void => void core.set(7, layersShape.write(manyLayers(shared, 65)) as Loose);
  const parents = encodeCbor([]);
  const lineage = { operation: "aggregate", parents: nameOf(parents), receipts: [], actor: issuer.authority } as const;
  return [
    refused("layers-65-inline", "structure", ["ART-9"], "65 layers in the core", await artifactOf({ policies: [shared], editCore: inline })),
    refused("layers-64-long-list", "long-list-form", ["ART-9"], "64 layers in a long list", await long(layerList(manyLayers(shared, 64)))),
    refused("layers-long-list-missing", "attachment-missing", ["ART-9"], "a long list that isn't attached", await long(list, { attachments: (all) => all.slice(0, 1) })),
    refused("layers-long-list-unsorted", "set-order", ["ART-4", "ART-9"], "a long list in another order", await long(encodeCbor(written.toReversed()))),
    refused("parents-none-long-list", "long-list-form", ["ART-9"], "no parents, in a long list", await artifactOf({ core: { lineage }, attachments: [encodeAttachment("list", parents)] })),
  ];
}

async function attachmentCases(): Promise<Case[]> {
  const seal = await sealed();
  const batch = await batched(seal);
  const other = await sealed({ label: "c" });
  const otherPolicy = await policy("other");
  const plus = (...more: Uint8Array[]): Uint8Array => joined(seal, { attachments: (all) => [...all, ...more] });
  const source = carried(other)[0]!;
  const otherRoot = (await batched(other)).links[1]!.root!;
  const parent = await batched(other);
  const bySeal = await sealed({ core: { lineage: { operation: "aggregate", parents: [sourceOf(other)], receipts: [], actor: issuer.authority } }, attachments: carried(parent) });
  const leaf = Buffer.from(leafHash(-16, bytesOf("other segment", 40)));
  return [
    refused("attachment-unnamed-policy", "attachment-unnamed", ["ATT-3"], "a policy that nothing names", plus(encodeAttachment("policy", otherPolicy.bytes))),
    refused("attachment-unnamed-root", "attachment-unnamed", ["ATT-3"], "a root message that no anchor names", plus(encodeAttachment("root", otherRoot))),
    refused("attachment-unnamed-source", "attachment-unnamed", ["ATT-3"], "a source that the core doesn't name", plus(source)),
    refused("attachment-source-in-other-state", "attachment-unnamed", ["ATT-3", "LIN-1"], "the parent with a cover more than when it was used", joined(bySeal)),
    refused("attachment-unnamed-list", "attachment-unnamed", ["ATT-3"], "a long list that nothing names", plus(encodeAttachment("list", encodeCbor([])))),
    refused("attachment-unnamed-approval", "attachment-unnamed", ["ATT-3"], "an approval that the core doesn't cite", plus(encodeAttachment("approval", bytesOf("approval", 20)))),
    refused("attachment-other-leaf-list", "attachment-unnamed", ["ATT-3"], "a leaf list with another root", plus(encodeAttachment("leaves", leaf))),
    refused("attachment-empty-leaf-list", "attachment-unnamed", ["ATT-3"], "an empty leaf list", plus(encodeAttachment("leaves", new Uint8Array()))),
    refused("attachment-kind-unknown", "structure", ["ATT-1"], "an attachment of kind 7", plus(encodeRaw([7, new Uint8Array(1)]))),
    refused("attachment-of-three", "structure", ["ATT-1"], "an attachment of three members", plus(encodeRaw([1, otherPolicy.bytes, null]))),
    refused("attachment-source-with-keys", "structure", ["ATT-2"], "an attached source with its keys", plus(encodeAttachment("source", encodeRaw([other.draft.coreBytes, other.keysBytes, other.links.map(({ anchor }) => anchor)])))),
    refused("attachment-policy-missing", "attachment-missing", ["ING-4"], "a compact artifact and no store", joined(seal, { attachments: () => [] })),
    refused("attachment-policy-not-in-store", "attachment-missing", ["ING-4"], "a compact artifact and a store that has another policy", joined(seal, { attachments: () => [] }), { store: [otherPolicy.bytes] }),
    refused("attachment-root-missing", "attachment-missing", ["BAT-3", "ANC-4"], "a batched cover without its root message", joined(batch, { attachments: (all) => all.slice(0, 1) })),
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
    refused("carrier-line-end-changed", "format-unknown", ["CAR-1"], "an envelope whose line end a text transport changed", artifact, of(damaged)),
    refused("carrier-json", "format-unknown", ["CAR-1"], "neither envelope nor artifact", artifact, of(Buffer.from('{"writ":1}'))),
    refused("carrier-cut-in-length", "structure", ["CAR-1"], "an envelope that ends in its length", artifact, of(envelope.subarray(0, 11))),
    refused("carrier-cut-in-artifact", "structure", ["CAR-1"], "an envelope whose length is beyond its end", artifact, of(longer)),
    refused("carrier-artifact-too-large", "input-too-large", ["CAR-2"], "an artifact a byte over the reader's limit", artifact, { ...of(envelope), limits: { maxArtifactBytes: artifact.length - 1 } }),
    refused("carrier-content-too-large", "input-too-large", ["CAR-2"], "content a byte over the reader's limit", artifact, { ...of(envelope), limits: { maxContentBytes: seal.draft.content.length - 1 } }),
    refused("carrier-content-swapped", "content-header", ["CAR-1", "ING-8"], "an envelope with the content of another artifact", artifact, of(encodeEnvelope(artifact, (await sealed({ label: "c" })).draft.content))),
    refused("carrier-content-missing", "content-size", ["CAR-1", "ING-8"], "an envelope without its content", artifact, of(encodeEnvelope(artifact, new Uint8Array()))),
  ];
}

/** Negative cases of structure. */
export async function refusedStructure(): Promise<Case[]> {
  return (await Promise.all([outerCases(), memberCases(), ruleCases(), orderCases(), longListCases(), attachmentCases(), carrierCases()])).flat();
}
