// Public keys in DER: what stands before the raw bytes. Source: RFC 5280 4.1.2.7, RFC 8410, RFC 9881.
import { fromHex } from "#bytes";
import { equalBytes } from "./cbor.ts";
import { signatureAlgs } from "./suites.ts";
import type { SignatureAlg } from "./suites.ts";

/** SubjectPublicKeyInfo up to the raw key, by algorithm. */
export const spkiPrefix: Readonly<Record<SignatureAlg, Uint8Array>> = {
  [-19]: fromHex("302a300506032b6570032100"),
  [-9]: fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
  [-51]: fromHex("3076301006072a8648ce3d020106052b81040022036200"),
  [-49]: fromHex("308207b2300b0609608648016503040312038207a100"),
  [-50]: fromHex("30820a32300b060960864801650304031303820a2100"),
};

/** The raw key of one algorithm in DER; null where it is of another. */
export function rawOfSpki(alg: SignatureAlg, der: Uint8Array): Uint8Array | null {
  const prefix = spkiPrefix[alg];
  const fits = der.length === prefix.length + signatureAlgs[alg].publicKeyBytes;
  return fits && equalBytes(prefix, der.subarray(0, prefix.length)) ? der.subarray(prefix.length) : null;
}

/** Algorithm and raw encoding of a public key in DER (SubjectPublicKeyInfo, as a KMS gives it); null for an algorithm outside the table. Source: RFC 5280 4.1.2.7, RFC 8410, RFC 9881. */
export function parseSpki(der: Uint8Array): { readonly alg: SignatureAlg; readonly raw: Uint8Array } | null {
  for (const name of Object.keys(signatureAlgs)) {
    const alg = Number(name) as SignatureAlg;
    const raw = rawOfSpki(alg, der);
    if (raw !== null) return { alg, raw: Uint8Array.from(raw) };
  }
  return null;
}
