// Worked examples along one artifact: policy, core, keys, seal, covers, head, carriers.
import { anchorsName, earlierDigest, encodeEarlier } from "../../packages/core/src/anchor.ts";
import type { CoveredAnchor } from "../../packages/core/src/anchor.ts";
import { headDigest, nameOf } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import { inclusionPath, rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestAlg, digestBytes } from "../../packages/core/src/shape.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import { anchor, batched, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { signatureExample } from "./example-signatures.ts";
import { Encoded } from "./example.ts";
import type { Example, ExampleValue } from "./example.ts";
import { archive, bytesOf, coveredAt, issuer, notary, office } from "./material.ts";

/** The parts of an anchor's statement that a reader of the artifact can work out. */
function statementExample(id: string, title: string, chain: Chain): Example {
  const last = chain.links.at(-1)!;
  const before = chain.links.slice(0, -1);
  const [statement] = anchorParts(last);
  const map = decodeCbor(statement) as ReadonlyMap<number, CborValue>;
  const { core, coreBytes } = chain.draft;
  const suite = map.get(11) as keyof typeof suites;
  const { hash: alg } = suites[suite];
  return {
    id,
    title,
    spec: ["ANC-1", "ANC-4", "ANC-6", "ANC-7"],
    computation: "statement",
    given: {
      kind: map.get(2) as string,
      artifactId: core.artifactId,
      core: coreBytes,
      keys: chain.keysBytes,
      contentRoot: [digestAlg(core.content.root), digestBytes(core.content.root)],
      earlier: before.map(covered),
      issuedAt: map.get(10) as number,
      suite,
    },
    gives: {
      hash: alg,
      coreDigest: hash(alg, coreBytes),
      keysDigest: hash(alg, chain.keysBytes),
      earlierEncoded: new Encoded(encodeEarlier(before)),
      earlierDigest: earlierDigest(alg, before),
      statement: new Encoded(statement),
    },
  };
}

function covered({ anchor: bytes, root }: CoveredAnchor): ExampleValue {
  return { anchor: bytes, root };
}

function anchorParts({ anchor: bytes }: CoveredAnchor): readonly [Uint8Array, CborValue] {
  const map = decodeCbor(bytes) as ReadonlyMap<number, CborValue>;
  return [map.get(1) as Uint8Array, map.get(2)!];
}

function nameExample(id: string, title: string, spec: readonly string[], bytes: Uint8Array): Example {
  return {
    id,
    title,
    spec,
    computation: "name",
    given: { bytes: new Encoded(bytes) },
    gives: { name: digestBytes(nameOf(bytes)) },
  };
}

async function policyExamples({ draft }: Chain): Promise<readonly Example[]> {
  const message = draft.policies[0]!.bytes;
  const [document, cose] = decodeCbor(message) as readonly [Uint8Array, CborValue];
  const digest = hash(nameHash, document);
  const { example } = await signatureExample({
    id: "policy-signature",
    title: "the signature of a policy, over the digest of its document",
    spec: ["POM-1"],
    use: "policy",
    payload: digest,
    signer: office,
    encoded: false,
  });
  return [
    {
      id: "policy-document",
      title: "the document of a policy, expanded, and its digest",
      spec: ["POM-1", "POL-7"],
      computation: "document",
      given: { document: jsonOf(decodeCbor(document)) },
      gives: { document: new Encoded(document), digest },
    },
    example,
    {
      id: "policy-message",
      title: "the policy message and its name, the policy digest",
      spec: ["POM-1", "ART-6"],
      computation: "policy-message",
      given: { document, signature: new Encoded(encodeCbor(cose)) },
      gives: { message: new Encoded(message), name: digestBytes(nameOf(message)) },
    },
  ];
}

/** A document of text keys as an example gives it. */
function jsonOf(value: CborValue): ExampleValue {
  if (value instanceof Map)
    return Object.fromEntries<ExampleValue>(
      [...(value as ReadonlyMap<string, CborValue>)].map(([key, member]) => [key, jsonOf(member)]),
    );
  return Array.isArray(value) ? (value as readonly CborValue[]).map(jsonOf) : (value as string | number | boolean);
}

async function batchExamples(before: Chain): Promise<readonly Example[]> {
  const chain = await batched(before);
  const { root, ...link } = chain.links.at(-1)!;
  const [statement, proof] = anchorParts({ ...link, root });
  const { hash: alg } = suites[notary.suite];
  const salt = (proof as ReadonlyMap<number, Uint8Array>).get(1)!;
  const leaf = saltedLeaf(alg, "writ/1 anchor leaf", statement, salt);
  const leaves = [0, 1, 2, 3, 4].map((n) => (n === 2 ? leaf : bytesOf(`a leaf ${n}`, 32)));
  const payload = (decodeCbor(root!) as readonly Uint8Array[])[2]!;
  const { example } = await signatureExample({
    id: "anchor-root-signature",
    title: "the signature of a root over anchors",
    spec: ["BAT-3", "BAT-4"],
    use: "anchor root",
    payload,
    signer: notary,
  });
  return [
    statementExample("cover-statement", "the statement of a cover that goes into a batch", chain),
    {
      id: "anchor-leaf",
      title: "the leaf of a statement in a batch",
      spec: ["BAT-2"],
      computation: "leaf",
      given: { hash: alg, label: "writ/1 anchor leaf", message: statement, salt },
      gives: { encoded: new Encoded(encodeCbor(["writ/1 anchor leaf", statement, salt])), leaf },
    },
    {
      id: "anchor-tree",
      title: "root and path of the third of five leaves",
      spec: ["BAT-2", "BAT-5", "CON-9", "CON-10"],
      computation: "tree",
      given: { hash: alg, leaves, index: 2 },
      gives: {
        root: rootOfLeaves(alg, Buffer.concat(leaves)),
        path: [...inclusionPath(alg, Buffer.concat(leaves), 2)],
      },
    },
    example,
    {
      id: "anchor-batched",
      title: "the batched anchor, which names its root message",
      spec: ["ANC-2", "BAT-5"],
      computation: "batched-anchor",
      given: {
        statement,
        salt,
        treeSize: 5,
        index: 2,
        path: [...inclusionPath(alg, Buffer.concat(leaves), 2)],
        rootMessage: root!,
      },
      gives: { rootName: digestBytes(nameOf(root!)), anchor: new Encoded(link.anchor) },
    },
    {
      id: "source-anchors",
      title: "the name of all anchors of an artifact, by which what derives from it names them",
      spec: ["LIN-1", "ANC-4", "ART-6"],
      computation: "anchors-name",
      given: { anchors: chain.links.map(covered) },
      gives: { encoded: new Encoded(encodeEarlier(chain.links)), name: digestBytes(anchorsName(chain.links)) },
    },
  ];
}

async function hybridExamples(before: Chain): Promise<readonly Example[]> {
  const chain = await anchor(before, { signer: archive, time: coveredAt });
  const [statement] = anchorParts(chain.links.at(-1)!);
  const { example } = await signatureExample({
    id: "cover-hybrid-signature",
    title: "the signatures of a direct hybrid cover: both over the same statement, each with its own header",
    spec: ["SUI-1", "SUI-3", "ANC-3"],
    use: "anchor",
    payload: statement,
    signer: archive,
  });
  return [statementExample("cover-hybrid-statement", "the statement of a direct hybrid cover", chain), example];
}

/** Examples along one artifact. */
export async function artifactExamples(): Promise<readonly Example[]> {
  const chain = await sealed();
  const { coreBytes, content } = chain.draft;
  const [statement] = anchorParts(chain.links[0]!);
  const bytes = joined(chain);
  const anchors = chain.links.map((link) => link.anchor);
  const attachments = chain.draft.policies.map((policy) => encodeAttachment("policy", policy.bytes));
  const { example: sealExample } = await signatureExample({
    id: "seal-signature",
    title: "the signature of a direct anchor, here the seal",
    spec: ["ANC-3"],
    use: "anchor",
    payload: statement,
    signer: issuer,
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [
    ...(await policyExamples(chain)),
    nameExample("core", "a core and its name", ["ART-3", "ART-6"], coreBytes),
    nameExample("keys", "the keys part: one recipient, no exposures", ["ART-3", "RCP-1"], chain.keysBytes),
    statementExample("seal-statement", "the statement of a seal", chain),
    sealExample,
    {
      id: "artifact",
      title: "the artifact, and its head digest",
      spec: ["ART-1", "ART-10", "ATT-1"],
      computation: "artifact",
      given: { core: coreBytes, keys: chain.keysBytes, anchors, attachments },
      gives: {
        head: new Encoded(encodeCbor([coreBytes, chain.keysBytes, anchors])),
        headDigest: digestBytes(headDigest({ core: coreBytes, keys: chain.keysBytes, anchors, attachments })),
        artifact: new Encoded(bytes),
      },
    },
    {
      id: "envelope",
      title: "an envelope: magic, length, artifact, content",
      spec: ["CAR-1"],
      computation: "envelope",
      given: { artifact: bytes, content },
      gives: { envelope: Buffer.concat([Buffer.from("89575249540d0a01", "hex"), length, bytes, content]) },
    },
    ...(await hybridExamples(chain)),
    ...(await batchExamples(chain)),
  ];
}
