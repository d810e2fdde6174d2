// ECDSA signatures as bytes: r‖s with s in the lower half of the order. The same on every platform.
import { allocate, concatBytes, fromHex, toHex } from "#bytes";
import { VerificationError } from "./errors.ts";
import { signatureAlgs } from "./suites.ts";
import type { SignatureAlg } from "./suites.ts";

const orders: Readonly<Record<"prime256v1" | "secp384r1", bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
};

function scalar(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

/** True for a private scalar of the curve: neither 0 nor beyond the order. */
export function isScalar(curve: keyof typeof orders, bytes: Uint8Array): boolean {
  const value = scalar(bytes);
  return value > 0n && value < orders[curve];
}

/** True where s of r‖s is in the lower half of the order. Spec: SUI-4. */
export function isLowS(curve: keyof typeof orders, signature: Uint8Array): boolean {
  return scalar(signature.subarray(signature.length / 2)) <= orders[curve] / 2n;
}

/** The same ECDSA signature (r‖s) with s in the lower half. */
export function toLowS(alg: SignatureAlg, signature: Uint8Array): Uint8Array {
  const { curve } = signatureAlgs[alg];
  if (curve === undefined || isLowS(curve, signature)) return signature;
  const half = signature.length / 2;
  const s = orders[curve] - scalar(signature.subarray(half));
  return concatBytes([signature.subarray(0, half), fromHex(s.toString(16).padStart(half * 2, "0"))]);
}

/** ECDSA signature from DER (as KMS gives it) to r‖s with low s; other algorithms as they are. Throws `signature-invalid`. */
export function rawSignature(alg: SignatureAlg, signature: Uint8Array): Uint8Array {
  const facts = signatureAlgs[alg];
  if (facts.curve === undefined) return signature;
  const size = facts.signatureBytes / 2;
  const out = allocate(facts.signatureBytes);
  let at = 2;
  for (const end of [size, 2 * size]) {
    const length = signature[at + 1] ?? 0;
    if (signature[0] !== 0x30 || signature[at] !== 2 || length === 0 || at + 2 + length > signature.length)
      throw new VerificationError("signature-invalid", "the custody's signature is not DER");
    let integer = signature.subarray(at + 2, at + 2 + length);
    while (integer.length > size && integer[0] === 0) integer = integer.subarray(1);
    if (integer.length > size)
      throw new VerificationError("signature-invalid", "the custody's signature is not of this curve");
    out.set(integer, end - integer.length);
    at += 2 + length;
  }
  return toLowS(alg, out);
}
