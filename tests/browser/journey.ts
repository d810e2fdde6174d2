// From a policy to plaintext with keys that the test holds, in a page and in node alike: what one writes the other opens.
import {
  decide,
  describeSigner,
  ingest,
  localSigner,
  open,
  parseTrust,
  seal,
  signPolicy,
  signatureAlgs,
  suites,
} from "@writ/core";
import type { Custody, Signer, SuiteName } from "@writ/core";
import { createSecretKey, privateKeyOfSeed } from "@writ/core/keys";
import { createEvaluator } from "@writ/evaluator";
import { concatBytes, fromHex, toHex } from "../../packages/core/src/bytes-browser.ts";

/** What is handed from one side to the other; bytes in hex. */
export interface Handed {
  readonly artifact: string;
  readonly stored: string;
  readonly trust: string;
}

const clock = (): number => Date.parse("2026-03-01T12:00:00Z");
const request = {
  operation: "read",
  purposes: ["dpv:AcademicResearch"],
  principal: { id: "urn:person:ada", kind: "human", org: null, roles: [] },
  region: "US",
} as const;

/** A custody of one key whose secret the test holds; it hands the same secret out to whoever asks. */
function heldCustody(secret: string): Custody {
  const uri = "held:key";
  const held = () => ({ secret: createSecretKey(fromHex(secret)), call: { operation: "held" } });
  const refuse = (): never => {
    throw new TypeError("the test's custody only holds a secret");
  };
  return {
    scheme: "held",
    describe: () =>
      Promise.resolve({
        uri,
        state: "enabled",
        usage: "encrypt",
        spec: "AES_256",
        origin: "local",
        manager: "customer",
      }),
    generate: () => Promise.resolve({ ...held(), blob: fromHex("00"), uri }),
    unwrap: () => Promise.resolve(held()),
    rewrap: refuse,
    sign: refuse,
    publicKey: refuse,
  };
}

/** A signer whose keys come from seeds of one byte repeated. */
function signerOf(authority: string, suite: SuiteName, byte: number): Signer {
  const keys = suites[suite].algs.map((alg) => {
    const key = privateKeyOfSeed(alg, new Uint8Array(signatureAlgs[alg].secretBytes).fill(byte));
    if (key === null) throw new TypeError("the seed makes no key");
    return key;
  });
  return localSigner(authority, suite, keys);
}

/** Signs a policy, seals a text under it and says what is to be trusted. `secret` is 32 bytes in hex. */
export async function sealedText(text: string, suite: SuiteName, secret: string): Promise<Handed> {
  const evaluator = createEvaluator();
  const authority = signerOf("urn:acme:privacy-office", "ed25519", 1);
  const issuer = signerOf("urn:acme:data", suite, 2);
  const document = {
    version: 1,
    kind: "grant",
    id: "urn:acme:policy:research",
    authority: authority.authority,
    classification: "internal",
    permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
  };
  const { message } = await signPolicy(JSON.stringify(document), { evaluator, signer: authority });
  const written: Uint8Array[] = [];
  const { artifact } = await seal({
    content: new TextEncoder().encode(text),
    write: (chunk) => void written.push(Uint8Array.from(chunk)),
    policies: [{ message }],
    recipients: [{ custody: heldCustody(secret), keyUri: "held:key" }],
    signer: issuer,
    evaluator,
    clock,
  });
  const trust = {
    version: 1,
    sequence: 1,
    expires: "2040-01-01T00:00:00Z",
    signers: [describeSigner(authority, "policy"), describeSigner(issuer, "issue")],
    suites: { ed25519: {}, [suite]: {} },
  };
  return { artifact: toHex(artifact), stored: toHex(concatBytes(written)), trust: JSON.stringify(trust) };
}

/** Ingests, decides and opens; the text, or the code of the first failure. */
export async function openedText({ artifact, stored, trust }: Handed, secret: string): Promise<string> {
  const evaluator = createEvaluator();
  const content = fromHex(stored);
  try {
    const verified = await ingest(fromHex(artifact), parseTrust(trust), { evaluator, content, clock });
    const { permit } = await decide(verified, request, { evaluator, receipts: "none", clock });
    if (permit === undefined || permit === null) return "denied";
    const parts: Uint8Array[] = [];
    for await (const part of open(verified, permit, { custody: heldCustody(secret), content, clock }))
      parts.push(Uint8Array.from(part));
    return new TextDecoder().decode(concatBytes(parts));
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
