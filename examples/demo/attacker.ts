// The attacker: makes one of the changes of sabotage.ts, with the keys that its story gives him and no others.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { coverBatch, custodySigner, nameOf, seal, signPolicy, signTrust } from "@writ/core";
import type { Clock, Custody, SealOptions, Signer, SuiteName } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { accessKeyId, account, callerArn, layout, otherAccount, projectPair, region, signers, urns } from "./cast.ts";
import type { Caller } from "./cast.ts";
import {
  changeAttachments,
  firstSignatureOnly,
  graftProof,
  payloadOf,
  proofOf,
  putTogether,
  rootsOf,
  takeApart,
  withFirstDenialPermitted,
  withoutThirdReceipt,
} from "./forged-bytes.ts";
import type { Parts } from "./forged-bytes.ts";
import { dataKeyOf, forgeFirstSegment, policyContextOf } from "./forged-segment.ts";
import { relaxedLicence } from "./licence.ts";
import { isSabotageName } from "./sabotage.ts";
import type { SabotageName } from "./sabotage.ts";
import { paint, print } from "./screen.ts";
import { contentOf, evaluator, ingestFile, loadTrust, sidecarOf } from "./verifier.ts";

const [, , folder = "", name = "", endpoint = ""] = process.argv;
const files = layout(folder);
const sidecar = sidecarOf(files.corpus, "birdstrikes.csv");
const content = contentOf(files.corpus, "birdstrikes.csv");
const child = sidecarOf(files.corpus, "strikes-by-year.csv");

function connection(caller: Caller): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accessKeyId(caller), secretAccessKey: "the-local-kms-asks-for-none" },
  };
}

function custodyOf(caller: Caller): Custody {
  return awsCustody(connection(caller));
}

function signerAs(
  caller: Caller,
  authority: string,
  suite: SuiteName,
  keys: readonly { readonly alias: string }[],
): Promise<Signer> {
  return custodySigner(
    authority,
    suite,
    custodyOf(caller),
    keys.map(({ alias }) => `aws-kms:${alias}`),
  );
}

/** A key in the other account; `spec` as KMS names it. The owner may do anything with it, the producer may wrap to it. */
async function foreignKey(spec: "SYMMETRIC_DEFAULT" | "ECC_NIST_P256"): Promise<string> {
  const allow = (principal: string, action: string): object => ({
    Effect: "Allow",
    Principal: { AWS: principal },
    Action: action,
    Resource: "*",
  });
  const statements = [
    allow(`arn:aws:iam::${otherAccount}:root`, "kms:*"),
    allow(callerArn("producer"), "kms:*"),
    allow(`arn:aws:iam::${account}:root`, "kms:DescribeKey"),
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const KeyUsage = spec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY";
  const made = await new KMSClient(connection("outsider")).send(
    new CreateKeyCommand({ KeySpec: spec, KeyUsage, Policy }),
  );
  return `aws-kms:${made.KeyMetadata?.Arn ?? ""}`;
}

/** Puts an artifact of the attacker's own making, content included, in the place of the genuine one. */
async function replaceBySeal(
  policies: SealOptions["policies"],
  signer: Signer,
  more: Partial<SealOptions> & { readonly clock?: Clock } = {},
): Promise<void> {
  const chunks: Uint8Array[] = [];
  const keyUri = await foreignKey("SYMMETRIC_DEFAULT");
  const { artifact } = await seal({
    content: Buffer.from("any rows at all"),
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    policies,
    recipients: [{ custody: custodyOf("outsider"), keyUri }],
    signer,
    evaluator,
    ...more,
  });
  writeFileSync(content, Buffer.concat(chunks));
  writeFileSync(sidecar, artifact);
}

/** Rewrites the bytes of an artifact. */
function rewrite(file: string, change: (parts: Parts) => void): void {
  const parts = takeApart(readFileSync(file));
  change(parts);
  writeFileSync(file, putTogether(parts));
}

async function relaxPolicy(): Promise<void> {
  const { formerLicensor, formerIssuer } = signers;
  const licensor = await signerAs("former", urns.licensor, formerLicensor.suite, formerLicensor.keys);
  const issuer = await signerAs("former", urns.issuer, formerIssuer.suite, formerIssuer.keys);
  const { message } = await signPolicy(JSON.stringify(relaxedLicence()), { evaluator, signer: licensor });
  await replaceBySeal([{ message }], issuer, { clock: () => Date.now() - 90 * 86_400_000 });
}

async function swapPolicy(): Promise<void> {
  const signer = await signerAs("producer", urns.licensor, signers.issuer.suite, signers.issuer.keys);
  const { message } = await signPolicy(JSON.stringify(relaxedLicence()), { evaluator, signer });
  const licence = readFileSync(files.licence);
  rewrite(sidecar, (parts) =>
    changeAttachments(parts, "policy", (policy) => [licence.equals(policy) ? message : policy]),
  );
}

async function forgeIssuer(): Promise<void> {
  const signer = await signerAs("migration", urns.issuer, signers.archive.suite, signers.archive.keys);
  await replaceBySeal([{ message: readFileSync(files.licence) }], signer, {
    releasePolicies: [readFileSync(files.release)],
  });
}

async function forgeTrust(): Promise<void> {
  const text = new TextDecoder().decode(payloadOf(readFileSync(files.trust)));
  const root = await custodySigner(urns.licensor, "p256", custodyOf("outsider"), [await foreignKey("ECC_NIST_P256")]);
  writeFileSync(files.trust, await signTrust(text, root));
}

/** The consumer once opened the file and kept its data key. */
async function reencryptSegment(): Promise<void> {
  const artifact = await ingestFile(sidecar, loadTrust(folder, "attacker"), null);
  const [recipient] = artifact.keys.recipients;
  const context = new Map([
    ...projectPair,
    ["writ-artifact", Buffer.from(artifact.core.artifactId).toString("base64url")],
    ["writ-policy", policyContextOf(artifact.layers.map(({ policy }) => policy))],
  ]);
  const unwrapped = await custodyOf("consumer").unwrap(recipient!, context);
  const dataKey = dataKeyOf(unwrapped!.secret, artifact.core.artifactId, recipient!.wrappedKey);
  const forged = forgeFirstSegment(
    readFileSync(content),
    dataKey,
    artifact.core.artifactId,
    artifact.core.firstIssuer,
    (plain) => plain.write("Large", plain.indexOf("Small")),
  );
  writeFileSync(content, forged);
}

/** A leaf of another batch that the archive did sign, over another artifact. */
async function graftForeignLeaf(): Promise<void> {
  const other = await ingestFile(child, loadTrust(folder, "attacker"), null);
  const signer = await signerAs("migration", urns.archive, signers.archive.suite, signers.archive.keys);
  const { root, covered } = await coverBatch([other], { signer });
  const donor = takeApart([...covered][0]!.artifact);
  const message = rootsOf(donor).find((candidate) => nameOf(candidate) === root)!;
  rewrite(sidecar, (parts) => graftProof(parts, message, proofOf(donor.anchors.at(-1)!)));
}

function dropParent(): void {
  const licence = readFileSync(files.licence);
  rewrite(child, (parts) => {
    changeAttachments(parts, "source", () => []);
    changeAttachments(parts, "policy", (policy) => (licence.equals(policy) ? [] : [policy])); // named by the parent alone
  });
}

function flipBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[5000]! ^= 1;
  writeFileSync(file, bytes);
}

const attacks: Readonly<Partial<Record<SabotageName, () => void | Promise<void>>>> = {
  "ciphertext-bit": () => flipBit(content),
  "wrong-account": async () => writeFileSync(files.dataKeyUri, await foreignKey("SYMMETRIC_DEFAULT")),
  "policy-relaxed": relaxPolicy,
  "policy-swapped": swapPolicy,
  "issuer-forged": forgeIssuer,
  "trust-forged": forgeTrust,
  "segment-reencrypted": reencryptSegment,
  "parent-dropped": dropParent,
  "hybrid-stripped": () => rewrite(sidecar, (parts) => graftProof(parts, firstSignatureOnly(rootsOf(parts)[0]!))),
  "older-copy": () => writeFileSync(sidecar, readFileSync(sidecarOf(files.old, "birdstrikes.csv"))),
  "foreign-leaf": graftForeignLeaf,
  "wrap-swapped": () => rewrite(sidecar, (parts) => void (parts.keys = takeApart(readFileSync(child)).keys)),
  "old-trust": () => writeFileSync(files.trust, readFileSync(join(files.old, "trust.signed"))),
  "receipt-removed": () => writeFileSync(files.receipts, withoutThirdReceipt(readFileSync(files.receipts))),
  "receipt-edited": () => writeFileSync(files.receipts, withFirstDenialPermitted(readFileSync(files.receipts))),
};

const attack = isSabotageName(name) ? attacks[name] : undefined;
if (attack === undefined) throw new TypeError(`no attack is called \`${name}\``);
await attack();
print(paint("yellow", `   ! ${name}`));
