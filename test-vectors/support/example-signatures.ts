// Worked examples of keys and signatures, and what every other example of a signature is made by.
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CosePurpose } from "../../packages/core/src/cose.ts";
import { thumbprint } from "../../packages/core/src/cose.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { coseSign, sigStructure } from "./cose.ts";
import { Encoded } from "./example.ts";
import type { Example, Members } from "./example.ts";
import { archive, clerk, issuerP384, notary, vault } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";

/** The COSE_Key of which COS-4 takes the thumbprint. */
function coseKey(alg: number, raw: Uint8Array): Uint8Array {
  const half = (raw.length - 1) / 2;
  if (alg === -19)
    return encodeCbor(
      new Map<number, CborValue>([
        [1, 1],
        [-1, 6],
        [-2, raw],
      ]),
    );
  if (alg === -49 || alg === -50)
    return encodeCbor(
      new Map<number, CborValue>([
        [1, 7],
        [3, alg],
        [-1, raw],
      ]),
    );
  return encodeCbor(
    new Map<number, CborValue>([
      [1, 2],
      [-1, alg === -9 ? 1 : 2],
      [-2, raw.subarray(1, 1 + half)],
      [-3, raw.subarray(1 + half)],
    ]),
  );
}

function thumbprintExample(name: string, { alg, publicKey }: Signer["keys"][number]): Example {
  return {
    id: `thumbprint-${name}`,
    title: `the thumbprint of a public key of COSE algorithm ${alg}`,
    spec: ["COS-4", "CUS-8"],
    computation: "thumbprint",
    given: { alg, publicKey },
    gives: { coseKey: new Encoded(coseKey(alg, publicKey)), thumbprint: thumbprint(alg, publicKey) },
  };
}

/** What a use of COSE_Sign says of itself. */
interface SignatureExample {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly use: CosePurpose;
  /** What is signed. */
  readonly payload: Uint8Array;
  readonly signer: Signer;
  /** Whether the payload is one item of CBOR; default true. */
  readonly encoded?: boolean;
}

const detached: ReadonlySet<CosePurpose> = new Set(["anchor", "policy"]);

/** A COSE_Sign with every part of what its signatures cover. */
export async function signatureExample(about: SignatureExample): Promise<{ example: Example; message: Uint8Array }> {
  const { id, title, spec, use, payload, signer, encoded = true } = about;
  const message = encodeRaw(await coseSign(use, payload, signer, !detached.has(use)));
  const [body, , , signers] = decodeCbor(message) as [
    Uint8Array,
    CborValue,
    CborValue,
    readonly (readonly [Uint8Array, CborValue, Uint8Array])[],
  ];
  const aad = `writ/1 ${use}`;
  const covered = signers.map(([header]) => new Encoded(sigStructure("Signature", body, header, aad, payload)));
  const gives: Members = {
    externalAad: Buffer.from(aad),
    bodyProtected: new Encoded(body),
    signerProtected: signers.map(([header]) => new Encoded(header)),
    covered,
    signatures: signers.map(([, , signature]) => signature),
    message: new Encoded(message),
  };
  const given: Members = {
    use,
    payload: encoded ? new Encoded(payload) : payload,
    keys: signer.keys.map(({ alg, publicKey }) => ({ alg, publicKey })),
  };
  const example: Example = {
    id,
    title,
    spec: ["COS-1", "COS-2", "COS-3", ...spec],
    computation: "cose-sign",
    given,
    gives,
  };
  return { example, message };
}

/** Examples of thumbprints, one for each kind of key. */
export function thumbprintExamples(): readonly Example[] {
  return [
    thumbprintExample("ed25519", notary.keys[0]!),
    thumbprintExample("p256", clerk.keys[0]!),
    thumbprintExample("p384", issuerP384.keys[0]!),
    thumbprintExample("mldsa65", archive.keys[1]!),
    thumbprintExample("mldsa87", vault.keys[0]!),
  ];
}
