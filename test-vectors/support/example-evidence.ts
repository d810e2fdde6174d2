// Worked examples of approvals, requests, receipts, reports, evidence packs and signed trust policies.
import { layersDigest } from "../../packages/core/src/approval-check.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { Layer } from "../../packages/core/src/artifact.ts";
import { layersShape } from "../../packages/core/src/artifact.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import { requestDigest } from "../../packages/core/src/decide.ts";
import { leafHash, rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { jsonToCbor } from "../../packages/core/src/policy.ts";
import { signReport } from "../../packages/core/src/report.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import { joined, sealed } from "./chain.ts";
import { policy } from "./draft.ts";
import { pack, packed, receipt, rootOver } from "./evidence-draft.ts";
import { signatureExample } from "./example-signatures.ts";
import { Encoded } from "./example.ts";
import type { Example } from "./example.ts";
import { bytesOf, coveredAt, notary, officer, register, signerOf } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { trustPolicies } from "./trust.ts";

const name = (digest: Digest): Loose => [nameHash, digestBytes(digest)];

function approvalOf(what: ReadonlyMap<number, Loose>, operation: string, core: Uint8Array): Uint8Array {
  return encodeRaw(
    new Map<number | string, Loose>([
      [1, 1],
      [2, [name(nameOf(core))]],
      [3, operation],
      ...what,
      [6, "urn:example:person:ada"],
      [7, coveredAt],
      [8, coveredAt + 7 * 86_400],
      [9, bytesOf("example approval nonce", 16)],
    ]),
  );
}

async function approvalExamples(): Promise<readonly Example[]> {
  const { draft } = await sealed();
  const lax = await policy("lax");
  const layers: readonly Layer[] = [
    { policy: lax.name, parameters: new Map([["consent", "urn:example:consent:7"]]), via: ["aggregate"] },
  ];
  const lowering = approvalOf(new Map([[4, name(layersDigest(layers))]]), "amend", draft.coreBytes);
  const waived = new Map<number, Loose>([
    [1, name(draft.policies[0]!.name)],
    [2, "d1"],
  ]);
  const waiver = approvalOf(new Map([[5, waived]]), "read", draft.coreBytes);
  const ofLayers = await signatureExample({
    id: "approval-layers",
    title: "an approval of an exact new set of layers",
    spec: ["APR-1"],
    use: "approval",
    payload: lowering,
    signer: officer,
  });
  const ofDuty = await signatureExample({
    id: "approval-duty",
    title: "an approval that waives a duty",
    spec: ["APR-1"],
    use: "approval",
    payload: waiver,
    signer: officer,
  });
  return [
    {
      id: "layer-set",
      title: "the digest of a set of layers, as an approval names it",
      spec: ["APR-1"],
      computation: "layer-set",
      given: {
        layers: [
          { policy: digestBytes(lax.name), parameters: { consent: "urn:example:consent:7" }, via: ["aggregate"] },
        ],
      },
      gives: { encoded: new Encoded(encodeCbor(layersShape.write(layers))), digest: digestBytes(layersDigest(layers)) },
    },
    ofLayers.example,
    ofDuty.example,
  ];
}

function requestExample(): Example {
  const request = {
    operation: "read",
    purposes: ["https://w3id.org/dpv#AcademicResearch"],
    principal: { id: "svc-1", kind: "service", roles: ["researcher"] },
    region: "EU",
    facts: { "urn:example:fact:score": 1 },
  } as const;
  return {
    id: "request",
    title: "a request and its digest",
    spec: ["DEC-4"],
    computation: "request",
    given: { request },
    gives: {
      encoded: new Encoded(encodeCbor(jsonToCbor(request))),
      digest: digestBytes(requestDigest(request)),
    },
  };
}

async function receiptExamples(): Promise<readonly Example[]> {
  const chain = await sealed();
  const one = receipt(chain, 0);
  const { hash: alg } = suites[register.suite];
  const leaf = saltedLeaf(alg, "writ/1 receipt leaf", one.bytes, one.salt);
  const root = await rootOver([one]);
  const payload = (decodeCbor(root) as readonly Uint8Array[])[2]!;
  const signed = await signatureExample({
    id: "receipt-root-signature",
    title: "the signature of a root over receipts, here over that one leaf",
    spec: ["REC-5", "BAT-3"],
    use: "receipt root",
    payload,
    signer: register,
  });
  return [
    {
      id: "receipt",
      title: "a decision receipt and its name",
      spec: ["REC-1", "ART-6"],
      computation: "name",
      given: { bytes: new Encoded(one.bytes) },
      gives: { name: digestBytes(nameOf(one.bytes)) },
    },
    {
      id: "receipt-leaf",
      title: "the leaf of a receipt",
      spec: ["BAT-2", "REC-5"],
      computation: "leaf",
      given: { hash: alg, label: "writ/1 receipt leaf", message: one.bytes, salt: one.salt },
      gives: { encoded: new Encoded(encodeCbor(["writ/1 receipt leaf", one.bytes, one.salt])), leaf },
    },
    signed.example,
  ];
}

async function reportExamples(): Promise<readonly Example[]> {
  const chain = await sealed();
  const file = await signReport(
    {
      campaign: bytesOf("example campaign", 16),
      corpus: "corpus",
      suite: notary.suite,
      mode: "commit",
      startedAt: coveredAt,
      endedAt: coveredAt + 60,
      ended: "complete",
      trustSequence: 7,
      signCalls: 1,
      entries: [
        { path: "a.sealed.writ", outcome: "anchored", attempts: 1, artifactId: chain.draft.core.artifactId },
        { path: "b.sealed.writ", outcome: "set-aside", attempts: 3, code: "anchor-chain" },
      ],
    },
    notary,
  );
  const [, , message, entries] = decodeCbor(file) as readonly [string, number, Uint8Array, readonly Uint8Array[]];
  const { hash: alg } = suites[notary.suite];
  const encoded = entries.map((entry) => encodeCbor(["writ/1 report leaf", entry]));
  const leaves = encoded.map((bytes) => leafHash(alg, bytes));
  const signed = await signatureExample({
    id: "report-signature",
    title: "the signature of a campaign's report",
    spec: ["RAN-15"],
    use: "report",
    payload: (decodeCbor(message) as readonly Uint8Array[])[2]!,
    signer: notary,
  });
  return [
    {
      id: "report-leaf",
      title: "the leaves of a report's two entries, and their root",
      spec: ["RAN-16"],
      computation: "report",
      given: { hash: alg, entries: entries.map((entry) => new Encoded(entry)) },
      gives: {
        encoded: encoded.map((bytes) => new Encoded(bytes)),
        leaves,
        root: rootOfLeaves(alg, Buffer.concat(leaves)),
      },
    },
    signed.example,
  ];
}

async function packExamples(): Promise<readonly Example[]> {
  const chain = await sealed();
  const one = receipt(chain, 0);
  const bytes = await pack([
    [1, joined(chain)],
    [2, packed(one, null)],
  ]);
  const [, , message, items] = decodeCbor(bytes) as readonly [string, number, Uint8Array, readonly Uint8Array[]];
  const signed = await signatureExample({
    id: "evidence-pack-signature",
    title: "the signature of an evidence pack, over its manifest",
    spec: ["EVP-1", "EVP-2"],
    use: "evidence pack",
    payload: (decodeCbor(message) as readonly Uint8Array[])[2]!,
    signer: register,
  });
  return [
    {
      id: "evidence-items",
      title: "the items of an evidence pack in their order, and the names that the manifest has for them",
      spec: ["EVP-1", "EVP-2", "ART-4"],
      computation: "names",
      given: { items: [...items] },
      gives: { names: items.map((item) => digestBytes(nameOf(item))) },
    },
    signed.example,
  ];
}

async function trustExample(): Promise<Example> {
  const { name: title, sequence, expires, suites: accepted } = trustPolicies[0]!;
  const signer = trustPolicies[0]!.signers[0]!;
  const json = { version: 1, name: title, sequence, expires, signers: [signer], suites: accepted };
  const { example } = await signatureExample({
    id: "trust-signature",
    title: "the signed form of a trust policy: the payload is its JSON text",
    spec: ["TRU-7"],
    use: "trust",
    payload: Buffer.from(JSON.stringify(json)),
    signer: signerOf("example root", "urn:example:root", "ed25519"),
    encoded: false,
  });
  return example;
}

/** Examples of all that is signed beside artifacts and policies. */
export async function evidenceExamples(): Promise<readonly Example[]> {
  return [
    ...(await approvalExamples()),
    requestExample(),
    ...(await receiptExamples()),
    ...(await reportExamples()),
    ...(await packExamples()),
    await trustExample(),
  ];
}
