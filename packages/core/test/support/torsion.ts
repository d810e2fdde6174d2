// Ed25519 signatures that hold with the cofactor alone: R has a part of small order, which multiplying by 8 makes go away.
import { hash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";

const { Point } = ed25519;
const order = Point.Fn.ORDER;

/** A point of order 8. */
const small = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

function scalarOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`) % order;
}

/** Signs with the key of a 32-byte seed; with `torsion` 0 as everybody does, with 1 to 7 so that the equation of RFC 8032 5.1.7 holds only times 8. */
export function signWithTorsion(seed: Uint8Array, message: Uint8Array, torsion: number): Uint8Array {
  const { scalar, prefix, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
  const r = scalarOf(hash("sha512", Buffer.concat([prefix, message]), "buffer"));
  const part = Array.from({ length: torsion }, () => small).reduce((sum, point) => sum.add(point), Point.ZERO);
  const R = Point.BASE.multiply(r).add(part).toBytes();
  const k = scalarOf(hash("sha512", Buffer.concat([R, pointBytes, message]), "buffer"));
  const s = (r + k * scalar) % order;
  return Buffer.concat([R, Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse()]);
}
