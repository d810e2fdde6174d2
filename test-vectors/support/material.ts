// Keys, ids, salts and nonces of the vectors: all from labels, so that every run gives the same bytes.
import type { Signer } from "../../packages/core/src/signer.ts";
import { sha256 } from "../../packages/core/src/crypto.ts";
import { nobleKeygen, nobleSign } from "../../packages/core/src/crypto-noble.ts";
import { signatureAlgs, suites } from "../../packages/core/src/suites.ts";
import type { SignatureAlg, SuiteName } from "../../packages/core/src/suites.ts";

/** `length` bytes that follow from a label: SHA-256 over `writ/1 test vector ‖ label ‖ block number`, block by block. */
export function bytesOf(label: string, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let at = 0, block = 0; at < length; at += 32, block += 1) {
    out.set(sha256(Buffer.from(`writ/1 test vector ${label} ${block}`)).subarray(0, length - at), at);
  }
  return out;
}

/** A source of "randomness" for one content. */
export function randomOf(label: string): (size: number) => Uint8Array<ArrayBuffer> {
  let calls = 0;
  return (size) => {
    calls += 1;
    return new Uint8Array(bytesOf(`${label} random ${calls}`, size));
  };
}

/** A signer whose keys come from its label and whose signatures are deterministic. */
export function signerOf(label: string, authority: string, suite: SuiteName): Signer {
  const keys = suites[suite].algs.map((alg: SignatureAlg) => {
    const secret = bytesOf(`key ${label} ${alg}`, signatureAlgs[alg].secretBytes);
    return {
      alg,
      publicKey: nobleKeygen(alg, secret),
      sign: (message: Uint8Array) => Promise.resolve(nobleSign(alg, secret, message)),
    };
  });
  return { authority, suite, keys };
}

/** Seconds since the epoch of an instant. */
export function seconds(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** When artifacts are sealed unless a case says otherwise. */
export const sealedAt: number = seconds("2026-01-10T09:00:00Z");
/** When artifacts are covered unless a case says otherwise. */
export const coveredAt: number = seconds("2026-02-01T09:00:00Z");
/** When a second cover is made unless a case says otherwise. */
export const coveredAgainAt: number = seconds("2026-02-20T09:00:00Z");
/** The clock of the verifier unless a case says otherwise. */
export const defaultNow = "2026-03-01T12:00:00Z";

export const issuer: Signer = signerOf("issuer", "urn:example:issuer", "p256");
/** Of role derive in the issuer's name. */
export const pipeline: Signer = signerOf("pipeline", "urn:example:issuer", "ed25519");
export const issuerEd25519: Signer = signerOf("issuer ed25519", "urn:example:issuer", "ed25519");
export const issuerHybrid: Signer = signerOf("issuer hybrid", "urn:example:issuer", "ed25519+mldsa65");
export const issuerPq: Signer = signerOf("issuer pq", "urn:example:issuer", "mldsa65");
export const issuerP384: Signer = signerOf("issuer p384", "urn:example:issuer", "p384");
export const issuerP384Hybrid: Signer = signerOf("issuer p384 hybrid", "urn:example:issuer", "p384+mldsa65");
export const issuerP384Long: Signer = signerOf("issuer p384 long", "urn:example:issuer", "p384+mldsa87");
export const issuerCnsa: Signer = signerOf("issuer cnsa", "urn:example:issuer", "mldsa87");
/** Anchors under the CNSA 2.0 suite, trusted for time. */
export const vault: Signer = signerOf("vault", "urn:example:vault", "mldsa87");
export const otherIssuer: Signer = signerOf("other issuer", "urn:example:other-issuer", "p256");
export const office: Signer = signerOf("office", "urn:example:office", "ed25519");
/** Policy authority with a scope: `urn:example:bureau:`. */
export const bureau: Signer = signerOf("bureau", "urn:example:bureau", "p256");
/** Derives: its seals have parents. */
export const lab: Signer = signerOf("lab", "urn:example:lab", "p256");
/** Anchors, trusted for time. */
export const notary: Signer = signerOf("notary", "urn:example:notary", "ed25519");
/** Anchors under a hybrid suite, trusted for time. */
export const archive: Signer = signerOf("archive", "urn:example:archive", "ed25519+mldsa65");
/** Anchors, not trusted for time. */
export const clerk: Signer = signerOf("clerk", "urn:example:clerk", "p256");
/** Approve. */
export const officer: Signer = signerOf("officer", "urn:example:role:dpo", "ed25519");
/** Approves as `officer` does, under another suite. */
export const officerP384: Signer = signerOf("officer p384", "urn:example:role:dpo", "p384");
export const owner: Signer = signerOf("owner", "urn:example:role:owner", "p256");
export const intern: Signer = signerOf("intern", "urn:example:role:intern", "ed25519");
export const register: Signer = signerOf("register", "urn:example:register", "ed25519");
/** Signs receipts once ed25519 has lapsed. */
export const registerP256: Signer = signerOf("register p256", "urn:example:register", "p256");
/** Not in any trust policy. */
export const stranger: Signer = signerOf("stranger", "urn:example:stranger", "p256");
