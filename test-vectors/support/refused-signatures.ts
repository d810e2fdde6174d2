// Refusals of signatures and their structure. What isn't the case's fault is signed as it stands.
import { thumbprint } from "../../packages/core/src/cose.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { signWithTorsion } from "../../packages/core/test/support/torsion.ts";
import { anchor, batched, chainOf, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { flipped, otherS } from "./cose.ts";
import type { CoseEdits } from "./cose.ts";
import { draft } from "./draft.ts";
import { archive, bytesOf, clerk, issuer, issuerEd25519, issuerHybrid, notary, stranger } from "./material.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const sealWith = async (cose: CoseEdits, signer: Signer = issuer): Promise<Uint8Array> =>
  joined(await sealed({}, { signer, cose }));
const hybrid = { trust: "hybrid" };

const torsionSeed = bytesOf("key issuer ed25519 -19", 32);
/** The issuer's Ed25519 key, used so that R has a part of small order. */
const withTorsion: Signer = {
  ...issuerEd25519,
  keys: issuerEd25519.keys.map((key) => ({
    ...key,
    sign: (message: Uint8Array) => Promise.resolve(signWithTorsion(torsionSeed, message, 1)),
  })),
};

/** A signer with some of another's keys: half of a hybrid one, or its keys in another order. */
function partOf(signer: Signer, suite: Signer["suite"], ...indexes: number[]): Signer {
  return { authority: signer.authority, suite, keys: indexes.map((index) => signer.keys[index]!) };
}

function der(signature: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array): Buffer => {
    const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : Buffer.from(bytes);
    return Buffer.concat([Buffer.of(2, padded.length), padded]);
  };
  const both = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}

async function suiteCases(): Promise<Case[]> {
  const base = chainOf(await draft());
  const later = await anchor(base);
  const of = async (chain: Promise<Chain>): Promise<Uint8Array> => joined(await chain);
  const half = (index: number): CoseEdits => ({
    signature: (signature, at) => (at === index ? flipped(signature) : signature),
  });
  const only = (index: number): CoseEdits => ({ signers: (entries) => [entries[index]!] });
  return [
    refused(
      "suite-unknown",
      "suite-unknown",
      ["SUI-2", "ANC-10"],
      "a seal of a suite that there isn't, signed by the issuer",
      await of(anchor(base, { statement: (s) => void s.set(11, "slhdsa") })),
    ),
    refused(
      "suite-renamed",
      "signer-unknown",
      ["ANC-8"],
      "a statement of suite ed25519, signed under p256",
      await of(anchor(base, { suite: "ed25519" })),
    ),
    refused(
      "suite-hash-changed",
      "suite-unknown",
      ["ANC-8"],
      "the statement's hash algorithm changed to SHA-384, its digests kept",
      await of(anchor(base, { statement: (s) => void s.set(5, -43) })),
    ),
    refused(
      "suite-hybrid-first-half-broken",
      "signature-invalid",
      ["SUI-3"],
      "a hybrid signature of which the Ed25519 half doesn't verify",
      await sealWith(half(0), issuerHybrid),
      hybrid,
    ),
    refused(
      "suite-hybrid-second-half-broken",
      "signature-invalid",
      ["SUI-3"],
      "a hybrid signature of which the ML-DSA half doesn't verify",
      await sealWith(half(1), issuerHybrid),
      hybrid,
    ),
    refused(
      "suite-hybrid-pq-stripped",
      "signer-unknown",
      ["SUI-1", "TRU-5"],
      "a hybrid signature without its ML-DSA half",
      await sealWith(only(0), issuerHybrid),
      hybrid,
    ),
    refused(
      "suite-hybrid-classical-stripped",
      "signer-unknown",
      ["SUI-1", "TRU-5"],
      "a hybrid signature without its Ed25519 half",
      await sealWith(only(1), issuerHybrid),
      hybrid,
    ),
    refused(
      "suite-hybrid-half-alone",
      "signer-unknown",
      ["TRU-5", "ANC-8"],
      "a new statement of suite ed25519, signed with the Ed25519 key of a hybrid signer",
      await of(sealed({}, { signer: partOf(issuerHybrid, "ed25519", 0) })),
      hybrid,
    ),
    refused(
      "suite-hybrid-order",
      "signer-unknown",
      ["SUI-1", "TRU-5"],
      "the two halves exchanged",
      await sealWith({ signers: (entries) => entries.toReversed() }, issuerHybrid),
      hybrid,
    ),
    refused(
      "suite-hybrid-of-two-signers",
      "signer-unknown",
      ["TRU-5"],
      "one half by the issuer, the other by the archive",
      joined(await sealed({}, { signer: { ...issuerHybrid, keys: [issuerHybrid.keys[0]!, archive.keys[1]!] } })),
      hybrid,
    ),
    refused(
      "suite-one-signature-more",
      "signer-unknown",
      ["TRU-5"],
      "the issuer's signature, and the notary's beside it",
      joined(await sealed({}, { signer: { ...issuer, keys: [...issuer.keys, ...notary.keys] } })),
    ),
    refused(
      "signature-flipped",
      "signature-invalid",
      ["SUI-3", "ANC-3"],
      "a bit of the seal's signature changed",
      await sealWith({ signature: (signature) => flipped(signature) }),
    ),
    refused(
      "signature-high-s",
      "signature-invalid",
      ["SUI-4"],
      "an ECDSA signature with s in the upper half",
      await sealWith({ signature: otherS }),
    ),
    refused(
      "signature-der",
      "signature-invalid",
      ["SUI-4"],
      "an ECDSA signature in DER",
      await sealWith({ signature: der }),
    ),
    refused(
      "signature-short",
      "signature-invalid",
      ["SUI-4"],
      "an Ed25519 signature of 63 bytes",
      await sealWith({ signature: (signature) => signature.subarray(0, 63) }, issuerEd25519),
    ),
    refused(
      "signature-with-cofactor-alone",
      "signature-invalid",
      ["SUI-4"],
      "an Ed25519 signature that holds only where both sides are multiplied by the cofactor",
      await sealWith({}, withTorsion),
    ),
    refused(
      "signature-empty",
      "signature-invalid",
      ["SUI-4"],
      "an empty signature",
      await sealWith({ signature: () => new Uint8Array() }),
    ),
    refused(
      "signature-other-statement",
      "signature-invalid",
      ["COS-3", "ANC-3"],
      "the cover's signature over another payload than its statement",
      joined(await anchor(later, { cose: { signed: bytesOf("payload", 64) } })),
    ),
    refused(
      "signer-stranger",
      "signer-unknown",
      ["ANC-8", "COS-5"],
      "a seal by a key that the trust policy doesn't have",
      await sealWith({}, { ...stranger, authority: issuer.authority }),
    ),
  ];
}

async function formCases(): Promise<Case[]> {
  const kid = thumbprint(issuer.keys[0]!.alg, issuer.keys[0]!.publicKey);
  const jwk = new Map<string, Loose>([
    ["kty", "EC"],
    ["crv", "P-256"],
    ["x", "AA"],
    ["y", "AA"],
  ]);
  const twice = (entries: Loose[]): Loose[] => [...entries, ...entries];
  const form = (id: string, title: string, cose: CoseEdits, spec = ["COS-1"]): Promise<Case> =>
    sealWith(cose).then((bytes) => refused(id, "cose-structure", spec, title, bytes));
  return Promise.all([
    form("cose-jwk", "a public key in the signer's header", { signerHeader: (header) => void header.set(15, jwk) }, [
      "COS-5",
    ]),
    form(
      "cose-jwk-in-body",
      "a public key in the body's header",
      { bodyHeader: (header) => void header.set(15, jwk) },
      ["COS-5"],
    ),
    form(
      "cose-x5c",
      "a certificate chain in the signer's header",
      { signerHeader: (header) => void header.set(33, [bytesOf("certificate", 40)]) },
      ["COS-5"],
    ),
    form("cose-crit", "`crit` in the body's header", { bodyHeader: (header) => void header.set(2, [16]) }, ["COS-5"]),
    form(
      "cose-text-label",
      "a header under a text label",
      {
        bodyHeader: (header) => {
          header.clear();
          header.set("typ", "application/vnd.writ.anchor");
        },
      },
      ["COS-1"],
    ),
    form("cose-unprotected-body", "an unprotected header of the body", {
      bodyUnprotected: new Map([[3, "text/plain"]]),
    }),
    form("cose-unprotected-kid", "an unprotected header of a signer", { signerUnprotected: new Map([[4, kid]]) }),
    form("cose-empty-protected", "an empty byte string as the body's header", {
      message: ([, ...rest]) => [new Uint8Array(), ...rest],
    }),
    form("cose-no-typ", "no typ", { bodyHeader: (header) => void header.delete(16) }),
    form("cose-no-kid", "no kid", { signerHeader: (header) => void header.delete(4) }),
    form("cose-short-kid", "a kid of 31 bytes", { signerHeader: (header) => void header.set(4, kid.subarray(0, 31)) }, [
      "COS-1",
      "COS-4",
    ]),
    form("cose-unknown-algorithm", "the algorithm changed to −7, which leaves the curve open", {
      signerHeader: (header) => void header.set(1, -7),
    }),
    form("cose-algorithm-outside-suites", "the algorithm changed to −52, which no suite has", {
      signerHeader: (header) => void header.set(1, -52),
    }),
    form("cose-text-algorithm", "an algorithm by its name", { signerHeader: (header) => void header.set(1, "ESP256") }),
    form("cose-key-twice", "one key twice", { signers: twice }, ["COS-5"]),
    form("cose-no-signers", "no signature", { signers: () => [] }),
    form("cose-five-signers", "five signatures", {
      signers: ([entry]) => [
        ...Array.from({ length: 4 }, (_, n) => [
          new Uint8Array([0xa2, 0x01, 0x28, 0x04, 0x58, 0x20, ...bytesOf(`kid ${n}`, 32)]),
          new Map(),
          new Uint8Array(64),
        ]),
        entry!,
      ],
    }),
    form("cose-five-members", "a structure of five members", { message: (members) => [...members, []] }),
    form("cose-signer-of-four", "a signature of four members", {
      signers: ([entry]) => [[...(entry as Loose[]), null]],
    }),
    form(
      "cose-payload-attached",
      "the statement attached where the payload is detached",
      { message: ([body, unprotected, , signers]) => [body!, unprotected!, new Uint8Array(4), signers!] },
      ["COS-3"],
    ),
    form("cose-typ-of-policy", "the typ of another use, signed under its external_aad too", { use: "policy" }, [
      "COS-2",
    ]),
    form("cose-typ-foreign", "a typ that isn't ours", { typ: "application/jwt", aad: "writ/1 anchor" }, ["COS-2"]),
  ]);
}

async function bindingCases(): Promise<Case[]> {
  const invalid = (id: string, title: string, cose: CoseEdits, spec: string[]): Promise<Case> =>
    sealWith(cose).then((bytes) => refused(id, "signature-invalid", spec, title, bytes));
  const base = await sealed();
  const seal = await sealed({}, { signer: issuer });
  return [
    ...(await Promise.all([
      invalid("cose-aad-of-policy", "signed under the external_aad of another use", { aad: "writ/1 policy" }, [
        "COS-2",
      ]),
      invalid("cose-aad-empty", "signed with an empty external_aad", { aad: "" }, ["COS-2"]),
      invalid("cose-context-signature1", "signed as a COSE_Sign1", { context: "Signature1" }, ["COS-3"]),
    ])),
    refused(
      "cose-algorithm-changed",
      "signer-unknown",
      ["TRU-5"],
      "the header's algorithm changed to −19, the key's kid kept",
      await sealWith({ signerHeader: (header) => void header.set(1, -19) }),
    ),
    refused(
      "cose-kid-of-another",
      "signature-invalid",
      ["ANC-8"],
      "the kid of another p256 signer",
      joined(
        await anchor(seal, {
          signer: clerk,
          cose: {
            signerHeader: (header) => void header.set(4, thumbprint(issuer.keys[0]!.alg, issuer.keys[0]!.publicKey)),
          },
        }),
      ),
    ),
    refused(
      "cose-kid-unknown",
      "signer-unknown",
      ["COS-4", "ANC-8"],
      "a kid that is the SHA-256 of the raw public key",
      await sealWith({ signerHeader: (header) => void header.set(4, bytesOf("other thumbprint", 32)) }),
    ),
    refused(
      "cose-root-detached",
      "cose-structure",
      ["BAT-3", "COS-3"],
      "a root message without its payload",
      joined(await batched(base, { rootAttached: false })),
    ),
    refused(
      "cose-root-of-receipts",
      "cose-structure",
      ["COS-2", "BAT-3"],
      "a root of receipts in place of one of anchors",
      joined(await batched(base, { rootUse: "receipt root" })),
    ),
    refused(
      "cose-root-aad-of-receipts",
      "signature-invalid",
      ["COS-2"],
      "a root of anchors, signed under the external_aad of receipts",
      joined(await batched(base, { rootCose: { aad: "writ/1 receipt root" } })),
    ),
  ];
}

/** Negative cases of signatures. */
export async function refusedSignatures(): Promise<Case[]> {
  return [...(await suiteCases()), ...(await formCases()), ...(await bindingCases())];
}
