// A small world for flow tests: authorities with keys, a trust policy, a keystore, policies. Real parts throughout; only clock and content are chosen.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSigner, ingest, localSigner, parseTrust, seal, signPolicy, suites } from "@writ/core";
import type {
  DecisionRequest,
  Issued,
  ReceiptBody,
  ReceiptSink,
  Role,
  SealOptions,
  Signer,
  SuiteName,
  TrustPolicy,
  VerifiedArtifact,
} from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import type { LocalKeystore } from "@writ/core/local";
import { createEvaluator } from "@writ/evaluator";

export const evaluator = createEvaluator();

/** Noon on the first day of the tests' time. */
export const start = Date.parse("2026-03-01T12:00:00Z");
export const at = (seconds: number) => (): number => start + seconds * 1000;

/** A signer with fresh keys. */
export function newSigner(authority: string, suite: SuiteName): Signer {
  const keys = suites[suite].algs.map((alg) => {
    if (alg === -19) return generateKeyPairSync("ed25519").privateKey;
    if (alg === -9) return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
    if (alg === -51) return generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey;
    return generateKeyPairSync(alg === -49 ? "ml-dsa-65" : "ml-dsa-87").privateKey;
  });
  return localSigner(authority, suite, keys);
}

export const signers = {
  privacy: newSigner("urn:acme:privacy-office", "ed25519"),
  issuer: newSigner("urn:acme:data", "p256"),
  hybrid: newSigner("urn:acme:data", "ed25519+mldsa65"),
  deriver: newSigner("urn:lab:statistics", "ed25519"),
  archive: newSigner("urn:acme:archive", "ed25519+mldsa65"),
  second: newSigner("urn:notary:archive", "mldsa65"),
  receipts: newSigner("urn:lab:receipts", "ed25519"),
  stranger: newSigner("urn:acme:data", "p256"),
} as const;

interface SignerEntry {
  readonly authority: string;
  [member: string]: unknown;
}

/** What a trust policy of the scene says, before it is text. */
export interface TrustDraft {
  version: 1;
  sequence: number;
  expires: string;
  signers: SignerEntry[];
  suites: Record<string, { signUntil?: string; verifyUntil?: string }>;
  [member: string]: unknown;
}

function entry(signer: Signer, role: Role, more: object = {}): SignerEntry {
  return { ...describeSigner(signer, role), ...more };
}

/** The scene's trust policy, changed by `change`. */
export function trustWith(change: (draft: TrustDraft) => void = () => undefined): TrustPolicy {
  const draft: TrustDraft = {
    version: 1,
    sequence: 1,
    expires: "2040-01-01T00:00:00Z",
    signers: [
      entry(signers.privacy, "policy"),
      entry(signers.issuer, "issue"),
      entry(signers.hybrid, "issue"),
      entry(signers.deriver, "derive"),
      entry(signers.archive, "anchor", { trustedTime: true }),
      entry(signers.second, "anchor", { trustedTime: true }),
      entry(signers.receipts, "receipt"),
    ],
    suites: Object.fromEntries(Object.keys(suites).map((name) => [name, {}])),
  };
  change(draft);
  return parseTrust(JSON.stringify(draft));
}

export const trust = trustWith();

const folder = mkdtempSync(join(tmpdir(), "writ-scene-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "key"), randomBytes(32), { mode: 0o600 });

/** A keystore with a key `data` and a key `other`. */
export const keystore: LocalKeystore = await createLocalKeystore({
  file: join(folder, "keystore"),
  keyFile: join(folder, "key"),
});
await keystore.createSymmetricKey("data");
await keystore.createSymmetricKey("other");

/** A path that doesn't exist yet, in a folder that goes when the process ends. */
export function freshPath(name: string): string {
  return join(folder, `${randomBytes(6).toString("hex")}-${name}`);
}

/** A policy document of the scene's authority, as JSON text. */
export function document(members: object): string {
  return JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:acme:policy:research",
    authority: "urn:acme:privacy-office",
    classification: "internal",
    ...members,
  });
}

export const researchDocument = document({
  limits: { notPurposes: ["dpv:Advertising"], regions: [["EU", "US"]], notOperations: ["train"] },
  permissions: [{ id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"], duties: ["d1"] }],
  duties: [{ id: "d1", type: "delete", trigger: "after-use", within: "P30D" }],
});

/** Signs a document by the scene's authority. */
export async function policy(text: string): Promise<Uint8Array> {
  return (await signPolicy(text, { evaluator, signer: signers.privacy })).message;
}

export const research = await policy(researchDocument);

/** A request that the research policy permits. */
export const request: DecisionRequest = {
  operation: "read",
  purposes: ["dpv:AcademicResearch"],
  principal: { id: "urn:person:ada", kind: "human", org: null, roles: [] },
  region: "US",
};

/** Content and artifact of one seal. */
export interface Sealed extends Issued {
  readonly stored: Uint8Array;
}

/** Seals bytes under the research policy; `change` overrides options. */
export async function sealed(
  content: Uint8Array = Buffer.from("ten rows of data"),
  change: Partial<SealOptions> = {},
): Promise<Sealed> {
  const chunks: Uint8Array[] = [];
  const issued = await seal({
    content,
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    policies: [{ message: research }],
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.issuer,
    evaluator,
    clock: at(0),
    ...change,
  });
  return { ...issued, stored: Buffer.concat(chunks) };
}

/** Ingests under the scene's trust policy a minute later. */
export async function verified(artifact: Uint8Array, seconds = 60): Promise<VerifiedArtifact> {
  return ingest(artifact, trust, { evaluator, clock: at(seconds) });
}

/** A sink that keeps what it is given, in memory. */
export function memorySink(): ReceiptSink & { readonly bodies: ReceiptBody[] } {
  const bodies: ReceiptBody[] = [];
  return {
    bodies,
    append: (body) => {
      bodies.push(body);
      return Promise.resolve(`sha384:${bodies.length.toString(16).padStart(96, "0")}` as const);
    },
  };
}

/** The code that a call throws, or what it gave. */
export async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return "nothing was thrown";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** Everything a stream gives. */
export async function drain(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}
