// COSE_Sign with every part open to change before it is signed: a case has one fault, so its signatures hold.
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { thumbprint } from "../../packages/core/src/cose.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

/** A header before it is encoded. */
export type Header = Map<number | string, Loose>;

/** What a case changes. */
export interface CoseEdits {
  /** USE of the typ, and of the external_aad unless `aad` is given. */
  readonly use?: string;
  readonly typ?: string;
  readonly aad?: string;
  /** First member of the Sig_structure. */
  readonly context?: string;
  readonly bodyHeader?: (header: Header) => void;
  readonly signerHeader?: (header: Header, index: number) => void;
  readonly bodyUnprotected?: Loose;
  readonly signerUnprotected?: Loose;
  /** What is signed in place of the payload. */
  readonly signed?: Uint8Array;
  readonly signature?: (signature: Uint8Array, index: number) => Uint8Array;
  readonly signers?: (entries: Loose[]) => Loose[];
  readonly message?: (members: Loose[]) => Loose;
}

/** The bytes that a signature covers. Spec: COS-3. */
export function sigStructure(
  context: string,
  body: Uint8Array,
  signer: Uint8Array,
  aad: string,
  payload: Uint8Array,
): Uint8Array {
  return encodeRaw([context, body, signer, new TextEncoder().encode(aad), payload]);
}

/** A COSE_Sign of use `use` over `payload` by the signer's keys in order, with the changes of a case. */
export async function coseSign(
  use: string,
  payload: Uint8Array,
  signer: Signer,
  attached: boolean,
  edits: CoseEdits = {},
): Promise<Loose> {
  const named = edits.use ?? use;
  const body: Header = new Map([[16, edits.typ ?? `application/vnd.writ.${named.replace(" ", "-")}`]]);
  edits.bodyHeader?.(body);
  const bodyBytes = encodeRaw(body);
  const entries: Loose[] = [];
  for (const [index, key] of signer.keys.entries()) {
    const header: Header = new Map<number | string, Loose>([
      [1, key.alg],
      [4, thumbprint(key.alg, key.publicKey)],
    ]);
    edits.signerHeader?.(header, index);
    const headerBytes = encodeRaw(header);
    const covered = sigStructure(
      edits.context ?? "Signature",
      bodyBytes,
      headerBytes,
      edits.aad ?? `writ/1 ${named}`,
      edits.signed ?? payload,
    );
    const signature = await key.sign(covered);
    entries.push([headerBytes, edits.signerUnprotected ?? new Map(), edits.signature?.(signature, index) ?? signature]);
  }
  const members: Loose[] = [
    bodyBytes,
    edits.bodyUnprotected ?? new Map(),
    attached ? payload : null,
    edits.signers?.(entries) ?? entries,
  ];
  return edits.message?.(members) ?? members;
}

/** What each signature of an encoded COSE_Sign covers, for the intermediate values of a vector. */
export function coveredBytes(cose: Uint8Array | CborValue, use: string, payload: Uint8Array): Uint8Array[] {
  const [body, , , signers] = (cose instanceof Uint8Array ? decodeCbor(cose) : cose) as [
    Uint8Array,
    CborValue,
    CborValue,
    readonly [Uint8Array, CborValue, Uint8Array][],
  ];
  return signers.map(([header]) => sigStructure("Signature", body, header, `writ/1 ${use}`, payload));
}

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const p384Order = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

/** ECDSA signature of P-256 or P-384 with s in the other half. */
export function otherS(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const order = half === 32 ? p256Order : p384Order;
  const s = BigInt(`0x${Buffer.from(signature.subarray(half)).toString("hex")}`);
  const other = Buffer.from((order - s).toString(16).padStart(half * 2, "0"), "hex");
  return Buffer.concat([signature.subarray(0, half), other]);
}

/** The bytes with one bit changed. */
export function flipped(bytes: Uint8Array, at = Math.floor(bytes.length / 2)): Uint8Array {
  const out = new Uint8Array(bytes);
  out[at] = (out[at] ?? 0) ^ 1;
  return out;
}
