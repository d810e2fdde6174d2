// Artifacts that verify: structure, attachments, stores, carriers.
import type { Layer } from "../../packages/core/src/artifact.ts";
import { layersShape, nameOf } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { encodeEnvelope } from "../../packages/core/src/carrier.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { batched, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { policy } from "./draft.ts";
import type { PolicyFixture } from "./draft.ts";
import { bureau, coveredAt, issuer } from "./material.ts";
import type { Case } from "./vector.ts";

/** `count` layers of one policy, each with a parameter of its own. */
export function manyLayers({ name }: PolicyFixture, count: number): Layer[] {
  return Array.from({ length: count }, (_, n) => ({ policy: name, parameters: new Map([["consent", `c-${n}`]]) }));
}

/** The bytes of a long list of layers. */
export function layerList(layers: readonly Layer[]): Uint8Array {
  return encodeCbor(layersShape.write(layers));
}

async function listCases(): Promise<Case[]> {
  const shared = await policy("consents", { document: { parameters: { consent: "string" } } });
  const list = layerList(manyLayers(shared, 65));
  const long = await sealed({
    policies: [shared],
    core: { layers: nameOf(list) },
    attachments: [encodeAttachment("list", list)],
  });
  const inline = await sealed({ policies: [shared], core: { layers: manyLayers(shared, 64) } });
  const fromStore = await sealed({ policies: [shared], core: { layers: nameOf(list) } });
  const none = { attachments: () => [] };
  return [
    {
      id: "layers-65-long-list",
      title: "65 layers in a long list",
      spec: ["ART-9"],
      artifact: joined(long),
      chain: long,
      expect: {},
    },
    {
      id: "layers-64",
      title: "64 layers in the core",
      spec: ["ART-9"],
      artifact: joined(inline),
      chain: inline,
      expect: {},
    },
    {
      id: "layers-long-list-from-store",
      title: "a compact artifact with its long list and policy in the store",
      spec: ["ART-9", "ING-4"],
      artifact: joined(fromStore, none),
      store: [list, shared.bytes],
      chain: fromStore,
      expect: {},
    },
  ];
}

async function coreCases(): Promise<Case[]> {
  const seal = await sealed();
  const ext = await sealed({ core: { ext: new Map([["urn:example:note", ["any", 1, null]]]) } });
  const clinic = await policy("clinic", { document: { classification: "restricted" } });
  const open = await policy("open", { signer: bureau, document: { classification: "public" } });
  const two = await sealed({ policies: [clinic, open] });
  const layer: Layer = {
    policy: clinic.name,
    parameters: new Map<string, string | number | boolean>([
      ["tenant", "blue"],
      ["count", 3],
      ["strict", true],
    ]),
    via: ["read", "train"],
  };
  const parameters = await sealed({ policies: [clinic], core: { layers: [layer] } });
  const sha384 = await sealed({ contentHash: -43 });
  const sha512 = await sealed({ contentHash: -44 });
  const unclassified = await sealed({
    policies: [
      await policy("open", {
        raw: (map) => {
          map.delete("classification");
          return map;
        },
      }),
    ],
  });
  const depth = await sealed({ core: { ext: new Map([["urn:example:deep", [[[[[[[[[[[[[1]]]]]]]]]]]]]]]) } });
  return [
    {
      id: "core-extension",
      title: "a member of ext that isn't critical is carried",
      spec: ["ART-8"],
      artifact: joined(ext),
      chain: ext,
      expect: {},
    },
    {
      id: "core-two-policies",
      title: "two policies by two authorities; the higher classification is the artifact's",
      spec: ["POM-2", "ING-4", "ART-4"],
      artifact: joined(two),
      chain: two,
      expect: { classification: "restricted" },
    },
    {
      id: "layer-parameters",
      title: "a layer with parameters and via",
      spec: ["ART-3", "ART-4"],
      artifact: joined(parameters),
      chain: parameters,
      expect: { classification: "restricted" },
    },
    {
      id: "content-checked",
      title: "content with the signed size, header and root",
      spec: ["ING-8", "CON-3", "CON-8"],
      artifact: joined(seal),
      content: seal.draft.content,
      chain: seal,
      expect: {},
    },
    {
      id: "content-sha384",
      title: "a content root under SHA-384",
      spec: ["ART-5", "CON-9"],
      artifact: joined(sha384),
      content: sha384.draft.content,
      chain: sha384,
      expect: {},
    },
    {
      id: "content-sha512",
      title: "a content root under SHA-512",
      spec: ["ART-5", "CON-9"],
      artifact: joined(sha512),
      content: sha512.draft.content,
      chain: sha512,
      expect: {},
    },
    {
      id: "policy-unclassified",
      title: "a policy without classification is public",
      spec: ["POM-1", "POL-3"],
      artifact: joined(unclassified),
      chain: unclassified,
      expect: { classification: "public" },
    },
    {
      id: "core-16-levels",
      title: "nesting 16 levels deep",
      spec: ["CBR-4"],
      artifact: joined(depth),
      chain: depth,
      expect: {},
    },
  ];
}

async function attachmentCases(): Promise<Case[]> {
  const seal = await sealed();
  const leaves = encodeAttachment("leaves", seal.draft.leaves);
  const withLeaves: Chain = { ...seal, draft: { ...seal.draft, attachments: [leaves] } };
  const batch = await batched(seal);
  const release = await policy("aggregates");
  const naming = await policy("strikes", {
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const withRelease = await sealed({ policies: [naming], attachments: [encodeAttachment("policy", release.bytes)] });
  const none = { attachments: () => [] };
  const cited = await sealed({
    core: {
      lineage: {
        operation: "seal",
        parents: [],
        receipts: [nameOf(Buffer.from("a receipt"))],
        actor: issuer.authority,
        tool: "writ/0.1.0",
      },
    },
  });
  return [
    {
      id: "lineage-receipt-and-tool",
      title: "a lineage that cites a receipt and names a tool",
      spec: ["ART-3", "ART-9"],
      artifact: joined(cited),
      chain: cited,
      expect: {},
    },
    {
      id: "attachment-leaf-list",
      title: "a leaf list that hashes to the content root",
      spec: ["ATT-3"],
      artifact: joined(withLeaves),
      content: seal.draft.content,
      chain: withLeaves,
      expect: {},
    },
    {
      id: "attachment-release-policy",
      title: "a policy that a policy in force names for release",
      spec: ["ATT-3"],
      artifact: joined(withRelease),
      chain: withRelease,
      expect: {},
    },
    {
      id: "compact-from-store",
      title: "a compact artifact; its policy is in the store",
      spec: ["ING-4", "ATT-4"],
      artifact: joined(seal, none),
      store: [seal.draft.policies[0]!.bytes],
      chain: seal,
      expect: {},
    },
    {
      id: "compact-batched-from-store",
      title: "a compact artifact; its policy and root message are in the store",
      spec: ["ING-4", "BAT-3"],
      artifact: joined(batch, none),
      store: [batch.links[1]!.root!, seal.draft.policies[0]!.bytes],
      chain: batch,
      expect: { judgedAt: coveredAt },
    },
  ];
}

async function carrierCases(): Promise<Case[]> {
  const seal = await sealed();
  const artifact = joined(seal);
  const limits = { maxArtifactBytes: artifact.length, maxContentBytes: seal.draft.content.length };
  return [
    {
      id: "carrier-envelope",
      title: "an envelope: magic, length, artifact, content",
      spec: ["CAR-1", "ING-8"],
      carrier: encodeEnvelope(artifact, seal.draft.content),
      chain: seal,
      expect: {},
    },
    {
      id: "carrier-sidecar",
      title: "a sidecar is the bare artifact",
      spec: ["CAR-1"],
      carrier: artifact,
      chain: seal,
      expect: {},
    },
    {
      id: "carrier-at-limits",
      title: "artifact and content just within the reader's limits",
      spec: ["CAR-2", "ING-2"],
      carrier: encodeEnvelope(artifact, seal.draft.content),
      limits,
      chain: seal,
      expect: {},
    },
  ];
}

/** Positive cases of structure. */
export async function acceptedStructure(): Promise<Case[]> {
  return [...(await listCases()), ...(await coreCases()), ...(await attachmentCases()), ...(await carrierCases())];
}
