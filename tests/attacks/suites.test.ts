// The attacks on signatures and anchors, once for each suite.
import { describe, expect, test } from "vitest";
import { cover, coverBatch, describeSigner, ingest, parseTrust, suites } from "@writ/core";
import type { Signer, SignatureAlg, SuiteName, TrustPolicy } from "@writ/core";
import { rehash } from "@writ/core/rehash";
import { decodeArtifact } from "../../packages/core/src/artifact.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";
import { at, codeOf, newSigner, sealed, trustWith } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";
import { accepted, refusal, resealed, withCose, withParts } from "./forge.ts";

const content = Buffer.from("ten rows of data");
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");
const algs: readonly SignatureAlg[] = [-19, -9, -51, -49, -50];

type Entry = [Uint8Array, CborMap, Uint8Array];

/** The artifact with the signatures of its seal changed. */
function resigned(artifact: Uint8Array, change: (entries: Entry[]) => Entry[] | void): Uint8Array {
  return withParts(artifact, ({ anchors: [seal, ...rest] }) => ({
    anchors: [
      withCose(seal!, (cose) => {
        const entries = cose[3] as unknown as Entry[];
        cose[3] = (change(entries) ?? entries) as never;
      }),
      ...rest,
    ],
  }));
}

function withHeader(entry: Entry, change: (header: Map<number | string, CborValue>) => void): void {
  const header = new Map(decodeCbor(entry[0]) as CborMap);
  change(header);
  entry[0] = encodeCbor(header);
}

describe.each((Object.keys(suites) as SuiteName[]).map((suite) => ({ suite })))("$suite", ({ suite }) => {
  const issuer = newSigner("urn:acme:data", suite);
  const twin = newSigner("urn:acme:data", suite);
  const authority = newSigner("urn:acme:time", suite);
  const change = (draft: TrustDraft): void => {
    draft.signers.push(describeSigner(issuer, "issue"), { ...describeSigner(authority, "anchor"), trustedTime: true });
  };
  const known = trustWith(change);
  const also = (more: (draft: TrustDraft) => void): TrustPolicy =>
    trustWith((draft) => {
      change(draft);
      more(draft);
    });
  const every = issuer.keys.map((_, index) => index);
  const seal = sealed(content, { signer: issuer });
  const coveredBy = async (artifact: Uint8Array, seconds: number): Promise<Uint8Array> =>
    (await cover(await ingest(artifact, known, { clock: at(seconds) }), { signer: authority, clock: at(seconds) }))
      .artifact;

  test("[COS-5] [SUI-1] [TRU-5] algorithm ids swapped, headers with keys or chains, and a key twice are refused", async () => {
    const { artifact } = await seal;
    expect(
      await refusal(
        resigned(artifact, () => undefined),
        known,
      ),
      "control",
    ).toBe(accepted);
    for (const index of every) {
      for (const alg of algs.filter((other) => other !== issuer.keys[index]!.alg)) {
        const swapped = resigned(artifact, (entries) => withHeader(entries[index]!, (header) => header.set(1, alg)));
        expect(await refusal(swapped, known), String(alg)).toBe("signer-unknown");
      }
      for (const label of [15, 33, 34, -1]) {
        const headed = resigned(artifact, (entries) =>
          withHeader(entries[index]!, (header) => header.set(label, [content])),
        );
        expect(await refusal(headed, known), String(label)).toBe("cose-structure");
      }
      const twice = resigned(artifact, (entries) => [...entries, entries[index]!]);
      expect(await refusal(twice, known)).toBe("cose-structure");
      const unprotected = resigned(artifact, (entries) => void (entries[index]![1] = new Map([[4, content]])));
      expect(await refusal(unprotected, known)).toBe("cose-structure");
    }
  });

  test("[SUI-3] [SUI-4] every signature is checked: changed, cut, lengthened, of another artifact or another pair", async () => {
    const { artifact } = await seal;
    const other = await sealed(content, { signer: issuer });
    const ofTwin = await resealed(artifact, twin);
    const foreign = (from: Uint8Array): Entry[] =>
      (decodeCbor(decodeArtifact(from).anchors[0]!) as ReadonlyMap<number, CborValue[]>).get(
        2,
      )![3] as unknown as Entry[];
    for (const index of every) {
      const changes: readonly ((signature: Uint8Array) => Uint8Array)[] = [
        (signature) => signature.map((byte, position) => (position === 7 ? byte ^ 1 : byte)),
        (signature) => signature.subarray(1),
        (signature) => Buffer.concat([signature, Buffer.of(0)]),
        () => foreign(other.artifact)[index]![2],
        () => foreign(ofTwin)[index]![2],
      ];
      for (const [number, made] of changes.entries()) {
        const forged = resigned(artifact, (entries) => void (entries[index]![2] = made(entries[index]![2])));
        expect(await refusal(forged, known), String(number)).toBe("signature-invalid");
      }
    }
    expect(await refusal(ofTwin, known)).toBe("signer-unknown");
  });

  test("[TRU-5] [ANC-8] a half stripped, alone in a new statement, or put first is refused", async () => {
    const { artifact } = await seal;
    if (issuer.keys.length === 1) {
      const claimed: Signer = { ...issuer, suite: suite === "ed25519" ? "p256" : "ed25519" };
      expect(await refusal(await resealed(artifact, claimed), known)).toBe("signer-unknown");
      return;
    }
    for (const index of every) {
      const half = issuer.keys[index]!;
      const alone = (Object.keys(suites) as SuiteName[]).find(
        (name) => suites[name].algs.length === 1 && suites[name].algs[0] === half.alg,
      )!;
      const stripped = resigned(artifact, (entries) => entries.filter((_, at) => at === index));
      expect(await refusal(stripped, known)).toBe("signer-unknown");
      const anew = await resealed(artifact, { authority: issuer.authority, suite: alone, keys: [half] });
      expect(await refusal(anew, known)).toBe("signer-unknown");
      const knownAlone = trustWith((draft) => {
        draft.signers.push(describeSigner({ authority: issuer.authority, suite: alone, keys: [half] }, "issue"));
      });
      expect(await refusal(anew, knownAlone), "control: known as a signer of its own").toBe(accepted);
    }
    expect(
      await refusal(
        resigned(artifact, (entries) => entries.toReversed()),
        known,
      ),
    ).toBe("signer-unknown");
  });

  test("[TRU-3] a public key of another pair under the thumbprint of this one is no signer", async () => {
    const entry = describeSigner(issuer, "issue");
    const mixed = entry.keys.map((key, index) => ({
      ...key,
      publicKey: describeSigner(twin, "issue").keys[index]!.publicKey,
    }));
    expect(await codeOf(() => also((draft) => (draft.signers.at(-2)!["keys"] = mixed)))).toBe("trust-schema");
    expect(await codeOf(() => parseTrust("{}"))).toBe("trust-schema");
  });

  test("[TRU-8] [TRU-9] a cover dated back by a stolen key revives nothing once the key is marked", async () => {
    const { artifact } = await seal;
    const covered = await coveredBy(artifact, 60);
    const lapsed = (draft: TrustDraft): void => void (draft.suites[suite] = { verifyUntil: date(1000) });
    const standing = async (by: TrustPolicy): Promise<string> => {
      const found = ingest(covered, by, { clock: at(2000) });
      return found.then(
        ({ evidence }) => evidence.standing,
        (fault: { code: string }) => fault.code,
      );
    };
    expect(await standing(known), "control").toBe("valid");
    expect(await standing(also(lapsed))).toBe(suite === "ed25519" ? "suite-lapsed" : "expired"); // the policy is signed under ed25519
    expect(
      await refusal(
        covered,
        also((draft) => Object.assign(draft.signers.at(-2)!, { invalidSince: date(30) })),
      ),
    ).toBe("signer-compromised");
    expect(
      await refusal(
        covered,
        also((draft) => Object.assign(draft.signers.at(-2)!, { invalidSince: date(90) })),
      ),
      "control: dated before the mark by another authority",
    ).toBe(accepted);
    const both = also((draft) =>
      draft.signers.slice(-2).forEach((signer) => Object.assign(signer, { invalidSince: date(90) })),
    );
    expect(await refusal(covered, both)).toBe("signer-compromised");
  });

  test("[BAT-5] [ANC-4] [TRU-10] leaves of other batches, anchors of other artifacts, and older prefixes are refused", async () => {
    const [one, two] = await Promise.all([seal, sealed(content, { signer: issuer })]);
    const verified = (artifact: Uint8Array): ReturnType<typeof ingest> => ingest(artifact, known, { clock: at(60) });
    const inBatch = async (...artifacts: Uint8Array[]): Promise<Uint8Array[]> => {
      const all = await Promise.all(artifacts.map(verified));
      const { covered } = await coverBatch(all, { signer: authority, clock: at(90) });
      return [...covered].map(({ artifact }) => artifact);
    };
    const [first, second] = (await inBatch(one.artifact, two.artifact)) as [Uint8Array, Uint8Array];
    const [elsewhere] = (await inBatch(two.artifact)) as [Uint8Array];
    expect(await refusal(first, known, { seconds: 120 }), "control").toBe(accepted);
    const lastOf = (artifact: Uint8Array): Uint8Array => decodeArtifact(artifact).anchors.at(-1)!;
    const moved = withParts(first, ({ anchors }) => ({ anchors: [anchors[0]!, lastOf(second)] }));
    expect(await refusal(moved, known, { seconds: 120 })).toBe("anchor-artifact");
    const swapped = (to: Uint8Array): Uint8Array => {
      const mine = new Map(decodeCbor(lastOf(first)) as CborMap);
      mine.set(2, (decodeCbor(to) as CborMap).get(2)!);
      return encodeCbor(mine);
    };
    const ofOther = withParts(first, ({ anchors, attachments }) => ({
      anchors: [anchors[0]!, swapped(lastOf(elsewhere))],
      attachments: [
        ...attachments.filter((bytes) => bytes[1] !== 2),
        ...decodeArtifact(elsewhere).attachments.filter((bytes) => bytes[1] === 2),
      ],
    }));
    expect(await refusal(ofOther, known, { seconds: 120 })).toBe("batch-root");
    const requiring = also(
      (draft) => (draft["required"] = [{ from: date(100), suites: [suite], authorities: 2, stage: "enforce" }]),
    );
    const prefix = withParts(first, ({ anchors, attachments }) => ({
      anchors: anchors.slice(0, 1),
      attachments: attachments.filter((bytes) => bytes[1] !== 2),
    }));
    expect(await refusal(prefix, requiring, { seconds: 99 }), "control: the second before").toBe(accepted);
    expect(await refusal(prefix, requiring, { seconds: 120 })).toBe("suite-required");
    expect(await refusal(first, requiring, { seconds: 120 }), "control: whole").toBe(accepted);
  });

  test("[ANC-11] a rehash counts under it like a cover, and lifts the era no further", async () => {
    const { artifact, stored } = await seal;
    const before = await ingest(artifact, known, { clock: at(60) });
    const next = await rehash(before, { signer: authority, content: stored, contentHash: -43, clock: at(90) });
    const after = await ingest(next.artifact, known, { content: stored, clock: at(120) });
    expect([after.evidence.era, after.evidence.anchors.at(-1)!.kind]).toEqual([suites[suite].era, "rehash"]);
  });
});
