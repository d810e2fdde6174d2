// Attacks on signatures and anchors: algorithms, suites, keys, order, time, batches.
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, describeSigner, ingest, localSigner, parseTrust } from "@writ/core";
import type { Signer, TrustPolicy } from "@writ/core";
import { makeStatement, rootMessages, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact } from "../../packages/core/src/artifact.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";
import { parseCose } from "../../packages/core/src/cose.ts";
import { at, newSigner, codeOf, sealed, signers, trust, trustWith, verified } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";
import { accepted, refusal, resealed, withCose, withParts } from "./forge.ts";

const content = Buffer.from("ten rows of data");
const classical = await sealed(content);
const hybrid = await sealed(content, { signer: signers.hybrid });
const covered = (await cover(await verified(classical.artifact), { signer: signers.archive, clock: at(60) })).artifact;
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");
const day = 86_400;

/** The artifact with the COSE_Sign of anchor `index` changed. */
function recosed(artifact: Uint8Array, index: number, change: (cose: CborValue[]) => void): Uint8Array {
  return withParts(artifact, ({ anchors }) => ({
    anchors: anchors.map((anchor, position) => (position === index ? withCose(anchor, change) : anchor)),
  }));
}

type Entry = [Uint8Array, CborMap, Uint8Array];
const signersOf = (cose: CborValue[]): Entry[] => cose[3] as unknown as Entry[];

/** The header of signature `index` with labels changed. */
function reheaded(cose: CborValue[], index: number, change: (header: Map<number | string, CborValue>) => void): void {
  const entry = signersOf(cose)[index]!;
  const header = new Map(decodeCbor(entry[0]) as CborMap);
  change(header);
  entry[0] = encodeCbor(header);
}

describe("algorithms and headers", () => {
  test("[COS-5] [SUI-1] another algorithm id in any signature of any anchor is refused", async () => {
    for (const [artifact, anchor, signature] of [
      [classical.artifact, 0, 0],
      [hybrid.artifact, 0, 0],
      [hybrid.artifact, 0, 1],
      [covered, 1, 0],
      [covered, 1, 1],
    ] as const) {
      const same = recosed(artifact, anchor, (cose) => reheaded(cose, signature, () => undefined));
      expect(await refusal(same), "control: taken apart and put together").toBe(accepted);
      for (const alg of [-19, -9, -51, -49, -50, -8, -7, -257, 5]) {
        let unchanged = false;
        const swapped = recosed(artifact, anchor, (cose) =>
          reheaded(cose, signature, (header) => {
            unchanged = header.get(1) === alg;
            header.set(1, alg);
          }),
        );
        if (!unchanged) expect(await refusal(swapped), String(alg)).toMatch(/^(signer-unknown|cose-structure)$/);
      }
    }
  });

  test("[SUI-2] [ANC-8] another suite or hash in a statement is refused, though the attacker's own key signs it", async () => {
    for (const suite of ["ed25519", "ed25519+mldsa65", "mldsa65", "rot13"] as const) {
      const swapped = await resealed(classical.artifact, signers.issuer, {
        statement: (statement) => ({ ...statement, suite }),
      });
      expect(await refusal(swapped), suite).toMatch(/^(signer-unknown|suite-unknown)$/);
    }
    for (const hashAlg of [-43, -44, -14, 0]) {
      const swapped = await resealed(classical.artifact, signers.issuer, {
        statement: (statement) => ({ ...statement, hashAlg }),
      });
      expect(await refusal(swapped), String(hashAlg)).toBe("suite-unknown");
    }
    expect(await refusal(await resealed(classical.artifact, signers.issuer)), "control").toBe(accepted);
  });

  test("[COS-5] keys and chains that come with the signature are refused", async () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const jwk = new Map<string, CborValue>(
      Object.entries(publicKey.export({ format: "jwk" }) as Record<string, string>),
    );
    for (const [label, value] of [
      ["jwk", jwk],
      ["x5c", [content]],
      [33, [content]],
      [2, [1]],
      [-1, jwk],
    ] as const) {
      const header = recosed(classical.artifact, 0, (cose) =>
        reheaded(cose, 0, (map) => {
          if (typeof label === "number") map.set(label, value);
        }),
      );
      if (typeof label === "number") expect(await refusal(header), String(label)).toBe("cose-structure");
      const unprotected = recosed(classical.artifact, 0, (cose) => {
        signersOf(cose)[0]![1] = new Map([[label, value as CborValue]]);
      });
      expect(await refusal(unprotected), String(label)).toBe("cose-structure");
      const body = recosed(classical.artifact, 0, (cose) => (cose[1] = new Map([[label, value as CborValue]])));
      expect(await refusal(body), String(label)).toBe("cose-structure");
    }
    expect(await refusal(recosed(classical.artifact, 0, () => undefined)), "control").toBe(accepted);
  });

  test("[COS-2] a signature for one use is none for another", async () => {
    // the policy's own signature over the seal's bytes: same key type, another use
    const asPolicy = trustWith((draft) =>
      draft.signers
        .filter(({ suite, role }) => suite === "p256" && role === "issue")
        .forEach((s) => (s["role"] = "policy")),
    );
    expect(await refusal(classical.artifact, asPolicy)).toBe("signer-role");
    const retyped = recosed(
      classical.artifact,
      0,
      (cose) => (cose[0] = encodeCbor(new Map([[16, "application/vnd.writ.policy"]]))),
    );
    expect(await refusal(retyped)).toBe("cose-structure");
    const cose = (decodeCbor(decodeArtifact(retyped).anchors[0]!) as CborMap).get(2)!;
    expect(parseCose(cose, "policy", false).signatures.length, "control: it is a policy's by form").toBe(1);
  });
});

describe("stripping and mixing", () => {
  test("[SUI-3] [TRU-5] the post-quantum half stripped, alone, doubled, exchanged or put first is refused", async () => {
    const changes: Record<string, (entries: Entry[], other: Entry[]) => Entry[]> = {
      stripped: ([ed]) => [ed!],
      alone: ([, ml]) => [ml!],
      exchanged: ([ed, ml]) => [ml!, ed!],
      doubled: ([ed]) => [ed!, ed!],
      mixed: ([ed], [, other]) => [ed!, other!],
      added: ([ed, ml], [other]) => [ed!, ml!, other!],
    };
    const stranger = newSigner("urn:acme:data", "ed25519+mldsa65");
    const foreign = await resealed(hybrid.artifact, stranger);
    const others = signersOf(
      structuredClone((decodeCbor(decodeArtifact(foreign).anchors[0]!) as CborMap).get(2)) as CborValue[],
    );
    for (const [name, change] of Object.entries(changes)) {
      const forged = recosed(hybrid.artifact, 0, (cose) => (cose[3] = change(signersOf(cose), others) as never));
      expect(await refusal(forged), name).toMatch(/^(signer-unknown|cose-structure)$/);
    }
    expect(await refusal(recosed(hybrid.artifact, 0, () => undefined)), "control").toBe(accepted);
  });

  test("[SUI-3] one half over another statement leaves nothing: each half is checked", async () => {
    for (const half of [0, 1]) {
      const flipped = recosed(hybrid.artifact, 0, (cose) => {
        const signature = Uint8Array.from(signersOf(cose)[half]![2]);
        signature[5]! ^= 1;
        signersOf(cose)[half]![2] = signature;
      });
      expect(await refusal(flipped), String(half)).toBe("signature-invalid");
    }
  });

  test("[TRU-5] the classical half of a hybrid signer can't sign a statement of its own suite", async () => {
    const keys = signers.hybrid.keys.slice(0, 1);
    const half: Signer = { authority: signers.hybrid.authority, suite: "ed25519", keys };
    const forged = await resealed(classical.artifact, half);
    expect(await refusal(forged)).toBe("signer-unknown");
    const asOwn = trustWith((draft) => {
      draft.signers = draft.signers.filter(({ suite, role }) => !(suite === "ed25519+mldsa65" && role === "issue"));
      draft.signers.push({ ...describeSigner(half, "issue") });
    });
    expect(await refusal(forged, asOwn), "control: a trust policy that knows the half as a signer takes it").toBe(
      accepted,
    );
  });

  test("[COS-5] one key twice under two names is refused", async () => {
    const twice = recosed(hybrid.artifact, 0, (cose) => {
      const [ed] = signersOf(cose);
      cose[3] = [ed!, ed!] as never;
    });
    expect(await refusal(twice)).toBe("cose-structure");
  });

  test("[TRU-10] an older prefix of the anchors fails from the day of the requirement on", async () => {
    const requiring = trustWith(
      (draft) => (draft["required"] = [{ from: date(100), suites: ["ed25519+mldsa65"], stage: "enforce" }]),
    );
    const prefix = withParts(covered, ({ anchors }) => ({ anchors: anchors.slice(0, 1) }));
    expect(await refusal(prefix, requiring, { seconds: 99 }), "control: the day before").toBe(accepted);
    expect(await refusal(prefix, requiring, { seconds: 100 })).toBe("suite-required");
    expect(await refusal(covered, requiring, { seconds: 100 })).toBe(accepted);
  });

  test("[ANC-4] [ANC-6] anchors of A don't stand on B, nor covers before what they cover", async () => {
    const other = await sealed(content);
    const mine = decodeArtifact(covered).anchors;
    expect(await refusal(withParts(other.artifact, () => ({ anchors: [mine[0]!] })))).toBe("anchor-artifact");
    expect(await refusal(withParts(other.artifact, ({ anchors }) => ({ anchors: [...anchors, mine[1]!] })))).toBe(
      "anchor-artifact",
    );
    expect(await refusal(withParts(covered, () => ({ anchors: [mine[1]!, mine[0]!] })))).toBe("anchor-kind");
    expect(await refusal(withParts(covered, () => ({ anchors: [mine[0]!, mine[1]!, mine[1]!] })))).toBe(
      "anchor-sequence",
    );
    expect(await refusal(covered), "control").toBe(accepted);
  });

  test("[ANC-6] a trusted anchor signer seals nothing in the issuer's name", async () => {
    const inName: Signer = { ...signers.archive, authority: "urn:acme:data" };
    expect(await refusal(await resealed(classical.artifact, inName))).toBe("signer-role");
    const asIssuer = trustWith((draft) => {
      draft.signers = draft.signers.filter(({ authority }) => authority !== "urn:acme:archive");
      draft.signers.push({ ...describeSigner(inName, "issue") });
    });
    expect(await refusal(await resealed(classical.artifact, inName), asIssuer), "control: with the role it would").toBe(
      accepted,
    );
  });
});

describe("stolen keys and time", () => {
  const lapsing = (more: Parameters<typeof trustWith>[0] = () => undefined): TrustPolicy =>
    trustWith((draft) => {
      draft.suites["p256"] = { verifyUntil: date(30 * day) };
      more(draft);
    });
  const markArchive = (draft: TrustDraft): void =>
    draft.signers
      .filter(({ authority }) => authority === "urn:acme:archive")
      .forEach((signer) => (signer["invalidSince"] = date(40 * day)));

  /** A cover that the thief dates back to day 10, made when p256 had long lapsed. */
  async function backDated(by: Signer, seconds: number): Promise<Uint8Array> {
    const whole = await verified(classical.artifact);
    const statement = makeStatement(
      {
        core: whole.parts.core,
        keys: whole.parts.keys,
        artifactId: whole.core.artifactId,
        contentRoot: whole.core.content.root,
      },
      rootMessages(whole.anchors, () => undefined),
      { kind: "cover", suite: by.suite, issuedAt: Math.floor(at(seconds)() / 1000) },
    );
    const anchor = await signAnchor(statement, by);
    return withParts(classical.artifact, ({ anchors }) => ({ anchors: [...anchors, anchor] }));
  }

  test("[TRU-8] [TRU-9] a back-dated cover by a stolen time authority revives nothing once its key is marked", async () => {
    const forged = await backDated(signers.archive, 10 * day);
    const standing = async (by: TrustPolicy): Promise<string> =>
      (await ingest(forged, by, { clock: at(50 * day) })).evidence.standing;
    expect(await standing(lapsing()), "control: before the key is marked it works").toBe("valid");
    expect(await standing(lapsing(markArchive))).toBe("expired");
  });

  test("[TRU-8] another authority's cover dated after the mark saves nothing, nor does one of the same authority", async () => {
    const forged = await backDated(signers.archive, 10 * day);
    const again = async (by: Signer, seconds: number): Promise<Uint8Array> =>
      (await cover(await ingest(forged, trust, { clock: at(11 * day) }), { signer: by, clock: at(seconds) })).artifact;
    const standing = async (artifact: Uint8Array, by: TrustPolicy): Promise<string> =>
      (await ingest(artifact, by, { clock: at(60 * day) })).evidence.standing;
    expect(await standing(await again(signers.second, 45 * day), lapsing(markArchive))).toBe("expired");
    expect(await standing(await again(signers.second, 20 * day), lapsing(markArchive)), "control: dated in time").toBe(
      "valid",
    );
  });

  test("[TRU-8] a marked seal isn't dated by another key of the same authority", async () => {
    const marked = (authority: string): TrustPolicy =>
      trustWith((draft) => {
        draft.signers
          .filter(({ suite, role }) => suite === "p256" && role === "issue")
          .forEach((s) => (s["invalidSince"] = date(20 * day)));
        draft.signers
          .filter(({ suite, authority: name }) => suite === "ed25519+mldsa65" && name === authority)
          .forEach((s) => (s["trustedTime"] = true));
      });
    const byTwin = await backDated(signers.hybrid, 10 * day);
    const byOther = await backDated(signers.archive, 10 * day);
    expect(await refusal(byTwin, marked("urn:acme:data"), { seconds: 50 * day })).toBe("signer-compromised");
    expect(await refusal(byOther, marked("urn:acme:archive"), { seconds: 50 * day }), "control").toBe(accepted);
  });

  test("[TRU-8] a policy signed with a stolen key counts only where another authority dates the seal before the mark", async () => {
    const marked = trustWith((draft) =>
      draft.signers
        .filter(({ role }) => role === "policy")
        .forEach((signer) => (signer["invalidSince"] = date(20 * day))),
    );
    const inTime = await backDated(signers.archive, 10 * day);
    const late = await backDated(signers.archive, 30 * day);
    expect(await refusal(classical.artifact, marked, { seconds: 50 * day })).toBe("signer-compromised");
    expect(await refusal(late, marked, { seconds: 50 * day })).toBe("signer-compromised");
    expect(await refusal(inTime, marked, { seconds: 50 * day }), "control").toBe(accepted);
  });

  test("[ANC-9] anchors from the future, at one time or going back are refused", async () => {
    expect(await refusal(await backDated(signers.archive, 400), trust, { seconds: 60 })).toBe("anchor-time");
    expect(await refusal(await backDated(signers.archive, 0), trust)).toBe("anchor-time");
    expect(await refusal(await backDated(signers.archive, -5), trust)).toBe("anchor-time");
    expect(await refusal(await backDated(signers.archive, 1), trust), "control").toBe(accepted);
  });
});

describe("keys of the trust policy", () => {
  test("[TRU-3] a public key that isn't the thumbprint's, and a private key of another pair, sign nothing", async () => {
    const other = describeSigner(newSigner("urn:acme:data", "mldsa65"), "issue").keys[0]!;
    const draft = (publicKey: string): string =>
      JSON.stringify({
        version: 1,
        sequence: 1,
        expires: "2040-01-01T00:00:00Z",
        signers: [
          {
            ...describeSigner(signers.second, "anchor"),
            keys: [{ ...describeSigner(signers.second, "anchor").keys[0]!, publicKey }],
          },
        ],
        suites: { mldsa65: {} },
      });
    expect(await codeOf(() => parseTrust(draft(other.publicKey)))).toBe("trust-schema");
    expect(
      await codeOf(() => parseTrust(draft(describeSigner(signers.second, "anchor").keys[0]!.publicKey))),
      "control",
    ).toBe(accepted);

    // an AKP pair whose halves differ: the private half of one key under the public half of another
    const [a, b] = [newSigner("urn:acme:archive", "mldsa65"), signers.second];
    const mismatched: Signer = { ...b, keys: [{ ...b.keys[0]!, sign: (message) => a.keys[0]!.sign(message) }] };
    const whole = await verified(classical.artifact);
    const anchorBy = async (signer: Signer): Promise<Uint8Array> =>
      (await cover(whole, { signer, clock: at(60) })).artifact;
    expect(await refusal(await anchorBy(mismatched))).toBe("signature-invalid");
    expect(await refusal(await anchorBy(b)), "control").toBe(accepted);
    const { privateKey } = generateKeyPairSync("ed25519");
    expect(await codeOf(() => localSigner("urn:x", "mldsa65", [privateKey]))).toBe("key-mismatch");
  });
});
