// COSE_Sign (RFC 9052 4.1), as Writ uses it: untagged, a closed list of headers, one signature an algorithm of the suite.
import { decodeCbor, encodeCbor } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import { sha256 } from "#crypto";
import { VerificationError } from "./errors.ts";
import { equalBytes } from "./cbor.ts";
import { signatureAlgs, suites } from "./suites.ts";
import type { SignatureAlg } from "./suites.ts";

/** What is signed: each purpose has its own external_aad and typ, so that no signature serves for another. Spec: COS-2. */
export type CosePurpose =
  | "anchor"
  | "anchor root"
  | "policy"
  | "approval"
  | "receipt root"
  | "report"
  | "evidence pack"
  | "trust";

const algsInUse: ReadonlySet<CborValue | undefined> = new Set(Object.values(suites).flatMap(({ algs }) => algs));

const labelAlg = 1;
const labelKid = 4;
const labelTyp = 16;

/** One signing key, wherever it lives. */
export interface SigningKey {
  readonly alg: SignatureAlg;
  /** Raw public key. */
  readonly publicKey: Uint8Array;
  /** Signs the message itself; r‖s with low s for ECDSA. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A parsed COSE_Sign, nothing of it believed. */
export interface ParsedCose {
  readonly bodyProtected: Uint8Array;
  /** Null where the payload is detached. */
  readonly payload: Uint8Array | null;
  readonly signatures: readonly {
    readonly alg: SignatureAlg;
    readonly kid: Uint8Array;
    readonly protectedBytes: Uint8Array;
    readonly signature: Uint8Array;
  }[];
}

/** COSE key thumbprint of a raw public key: SHA-256 over the deterministic COSE_Key of its required members. Spec: COS-4. Source: RFC 9679, RFC 9964. */
export function thumbprint(alg: SignatureAlg, publicKey: Uint8Array): Uint8Array {
  const { keyType, curve, publicKeyBytes } = signatureAlgs[alg];
  if (publicKey.length !== publicKeyBytes)
    throw new VerificationError("key-mismatch", "the public key has not the length of its algorithm");
  if (keyType === "ed25519")
    return sha256(
      encodeCbor(
        new Map<number, CborValue>([
          [1, 1],
          [-1, 6],
          [-2, publicKey],
        ]),
      ),
    );
  if (keyType === "ec") {
    const half = (publicKeyBytes - 1) / 2;
    const coordinates: [number, CborValue][] = [
      [-2, publicKey.subarray(1, 1 + half)],
      [-3, publicKey.subarray(1 + half)],
    ];
    return sha256(
      encodeCbor(new Map<number, CborValue>([[1, 2], [-1, curve === "prime256v1" ? 1 : 2], ...coordinates])),
    );
  }
  return sha256(
    encodeCbor(
      new Map<number, CborValue>([
        [1, 7],
        [3, alg],
        [-1, publicKey],
      ]),
    ),
  );
}

function typ(purpose: CosePurpose): string {
  return `application/vnd.writ.${purpose.replace(" ", "-")}`;
}

function externalAad(purpose: CosePurpose): Uint8Array {
  return new TextEncoder().encode(`writ/1 ${purpose}`);
}

function toBeSigned(
  bodyProtected: Uint8Array,
  signProtected: Uint8Array,
  purpose: CosePurpose,
  payload: Uint8Array,
): Uint8Array {
  return encodeCbor(["Signature", bodyProtected, signProtected, externalAad(purpose), payload]);
}

/** COSE_Sign over `payload` by each key in order; `attached` puts the payload inside. Spec: COS-1, COS-3. */
export async function signCose(
  purpose: CosePurpose,
  payload: Uint8Array,
  keys: readonly SigningKey[],
  attached: boolean,
): Promise<CborValue> {
  const bodyProtected = encodeCbor(new Map([[labelTyp, typ(purpose)]]));
  const signatures: CborValue[] = [];
  for (const key of keys) {
    const signProtected = encodeCbor(
      new Map<number, CborValue>([
        [labelAlg, key.alg],
        [labelKid, thumbprint(key.alg, key.publicKey)],
      ]),
    );
    const signature = await key.sign(toBeSigned(bodyProtected, signProtected, purpose, payload));
    if (signature.length !== signatureAlgs[key.alg].signatureBytes)
      throw new VerificationError(
        "signature-invalid",
        "a signer gave a signature of another length than its algorithm's",
      );
    signatures.push([signProtected, new Map(), signature]);
  }
  return [bodyProtected, new Map(), attached ? payload : null, signatures];
}

function broken(what: string): never {
  throw new VerificationError("cose-structure", `the COSE_Sign has ${what}`);
}

function emptyMap(value: CborValue | undefined): boolean {
  return value instanceof Map && value.size === 0;
}

/** The header `protectedBytes` as a map with exactly the labels given; anything else is refused (`jwk`, `x5c`, `crit` …). Spec: COS-5. */
function header(
  protectedBytes: CborValue | undefined,
  labels: readonly number[],
): ReadonlyMap<number | string, CborValue> {
  if (!(protectedBytes instanceof Uint8Array) || protectedBytes.length === 0) broken("no protected header");
  const value = decodeCbor(protectedBytes);
  if (!(value instanceof Map) || value.size !== labels.length || !labels.every((label) => value.has(label)))
    broken("a header outside the closed list");
  return value;
}

/** Checks the form of a COSE_Sign; throws VerificationError `cose-structure` or FormatError. Spec: COS-1, COS-5. */
export function parseCose(value: CborValue | undefined, purpose: CosePurpose, attached: boolean): ParsedCose {
  if (!Array.isArray(value) || value.length !== 4) broken("not four members");
  const [bodyProtected, bodyUnprotected, payload, signers] = value as CborValue[];
  if (header(bodyProtected, [labelTyp]).get(labelTyp) !== typ(purpose)) broken("another typ than this place asks for");
  if (!emptyMap(bodyUnprotected)) broken("an unprotected header");
  if (attached ? !(payload instanceof Uint8Array) : payload !== null)
    broken(attached ? "no payload" : "a payload where it must be detached");
  if (!Array.isArray(signers) || signers.length === 0 || signers.length > 4) broken("no signature, or too many");
  const signatures = (signers as CborValue[]).map((entry) => {
    if (
      !Array.isArray(entry) ||
      entry.length !== 3 ||
      !emptyMap(entry[1] as CborValue) ||
      !(entry[2] instanceof Uint8Array)
    )
      broken("a malformed signature");
    const [protectedBytes, , signature] = entry as [Uint8Array, unknown, Uint8Array];
    const map = header(protectedBytes, [labelAlg, labelKid]);
    const alg = map.get(labelAlg);
    const kid = map.get(labelKid);
    if (!algsInUse.has(alg)) broken("an algorithm that no suite has");
    if (!(kid instanceof Uint8Array) || kid.length !== 32) broken("a kid that is no thumbprint");
    return { alg: alg as SignatureAlg, kid, protectedBytes, signature };
  });
  signatures.forEach((a, index) => {
    if (signatures.some((b, other) => other < index && equalBytes(a.kid, b.kid))) broken("one key twice");
  });
  return { bodyProtected: bodyProtected as Uint8Array, payload: payload as Uint8Array | null, signatures };
}

/** The bytes that signature `index` covers. */
export function signedBytes(cose: ParsedCose, index: number, purpose: CosePurpose, payload: Uint8Array): Uint8Array {
  return toBeSigned(cose.bodyProtected, cose.signatures[index]!.protectedBytes, purpose, payload);
}
