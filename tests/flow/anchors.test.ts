// Anchors and the time rule: what evidence proves, for how long, and that nothing can be taken away from it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cover,
  coverBatch,
  describeSigner,
  eraAtLeast,
  ingest,
  openSignedTrust,
  parseTrust,
  signTrust,
} from "@writ/core";
import type { Signer, TrustPolicy } from "@writ/core";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import type { ArtifactParts } from "../../packages/core/src/artifact.ts";
import {
  at,
  codeOf,
  evaluator,
  newSigner,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { decide } from "@writ/core";

const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");
const day = 86_400;

/** An artifact sealed at 0, then covered at the times given by the signers given. */
async function anchored(
  covers: readonly { by: Signer; seconds: number }[],
  sealedBy: Signer = signers.issuer,
): Promise<Uint8Array> {
  let { artifact } = await sealed(Buffer.from("x"), { signer: sealedBy });
  for (const { by, seconds } of covers) {
    const { artifact: next } = await cover(await ingest(artifact, trust, { clock: at(seconds) }), {
      signer: by,
      clock: at(seconds),
    });
    artifact = next;
  }
  return artifact;
}

function without(artifact: Uint8Array, change: (parts: ArtifactParts) => Partial<ArtifactParts>): Uint8Array {
  const parts = decodeArtifact(artifact);
  return encodeArtifact({ ...parts, ...change(parts) });
}

/** `valid`, `expired`, or the code that ingest threw. */
async function standing(artifact: Uint8Array, by: TrustPolicy, seconds: number): Promise<string> {
  try {
    return (await ingest(artifact, by, { clock: at(seconds) })).evidence.standing;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("the chain", () => {
  const steps = [
    { by: signers.archive, seconds: 10 },
    { by: signers.second, seconds: 20 },
    { by: signers.archive, seconds: 30 },
  ];

  test("[ANC-5] every prefix verifies, and the era never goes down", async () => {
    const parts = decodeArtifact(await anchored(steps));
    let era = "classical" as "classical" | "hybrid" | "pq";
    for (let count = 1; count <= parts.anchors.length; count += 1) {
      const artifact = await verified(encodeArtifact({ ...parts, anchors: parts.anchors.slice(0, count) }));
      expect(artifact.evidence.anchors.length).toBe(count);
      expect(eraAtLeast(artifact.evidence.era, era)).toBe(true);
      era = artifact.evidence.era;
    }
    expect(era).toBe("pq");
  });

  test("[ANC-4] [ANC-6] removing, doubling, exchanging or mixing anchors is refused", async () => {
    const whole = await anchored(steps);
    const other = decodeArtifact(await anchored(steps));
    const { anchors } = decodeArtifact(whole);
    const order = fc.array(
      fc.oneof(
        fc.nat({ max: 3 }).map((index) => anchors[index]!),
        fc.nat({ max: 3 }).map((index) => other.anchors[index]!),
      ),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(order, async (mixed) => {
        const isPrefix = mixed.every((anchor, index) => anchor === anchors[index]);
        const result = await standing(
          without(whole, () => ({ anchors: mixed })),
          trust,
          60,
        );
        if (isPrefix) expect(result).toBe("valid");
        else expect(result).toMatch(/^anchor-/);
      }),
      { numRuns: 150 },
    );
  });

  test("[ANC-7] keys can't be exchanged under the anchors", async () => {
    const a = await anchored(steps);
    const { keys } = decodeArtifact(await anchored(steps));
    expect(
      await standing(
        without(a, () => ({ keys })),
        trust,
        60,
      ),
    ).toBe("anchor-keys");
    expect(await standing(a, trust, 60)).toBe("valid");
  });

  test("[BAT-1] [BAT-5] artifacts covered in one batch verify each alone; one's anchor on another does not", async () => {
    const originals = await Promise.all([sealed(Buffer.from("a")), sealed(Buffer.from("b")), sealed(Buffer.from("c"))]);
    const ingested = await Promise.all(originals.map(({ artifact }) => verified(artifact)));
    const covered = [...(await coverBatch(ingested, { signer: signers.archive, clock: at(60) })).covered];
    for (const { artifact } of covered) {
      const again = await verified(artifact, 120);
      expect(again.evidence).toMatchObject({ era: "hybrid", standing: "valid" });
      expect(again.evidence.anchors[1]).toMatchObject({ batched: true });
    }
    const [a, b] = covered.map(({ artifact }) => decodeArtifact(artifact));
    expect(await standing(encodeArtifact({ ...a!, anchors: [a!.anchors[0]!, b!.anchors[1]!] }), trust, 120)).toBe(
      "anchor-artifact",
    );
  });
});

describe("the time rule", () => {
  const lapsing = (more: Parameters<typeof trustWith>[0] = () => undefined): TrustPolicy =>
    trustWith((draft) => {
      draft.suites["p256"] = { verifyUntil: date(30 * day) };
      more(draft);
    });

  test("[TRU-9] [ING-6] evidence lapses with its suite unless it was covered in time", async () => {
    const bare = await anchored([]);
    const covered = await anchored([{ by: signers.archive, seconds: 10 * day }]);
    const late = await anchored([{ by: signers.archive, seconds: 40 * day }]);
    expect([await standing(bare, lapsing(), 20 * day), await standing(bare, lapsing(), 31 * day)]).toEqual([
      "valid",
      "expired",
    ]);
    expect(await standing(covered, lapsing(), 3000 * day)).toBe("valid");
    expect(await standing(late, lapsing(), 41 * day)).toBe("expired");
  });

  test("[TRU-9] a cover dates what is before it only where its signer is trusted for time", async () => {
    const covered = await anchored([{ by: signers.archive, seconds: 10 * day }]);
    const untrusted = lapsing((draft) =>
      draft.signers
        .filter(({ authority }) => authority === "urn:acme:archive")
        .forEach((signer) => delete signer["trustedTime"]),
    );
    expect(await standing(covered, untrusted, 31 * day)).toBe("expired");
    expect(await standing(covered, lapsing(), 31 * day)).toBe("valid");
  });

  test("[TRU-8] a marked key's seal counts only under another authority's earlier date", async () => {
    const marked = trustWith((draft) =>
      draft.signers
        .filter(({ suite, role }) => suite === "p256" && role === "issue")
        .forEach((signer) => (signer["invalidSince"] = date(20 * day))),
    );
    expect(await standing(await anchored([]), marked, 5 * day)).toBe("signer-compromised");
    expect(await standing(await anchored([{ by: signers.archive, seconds: 10 * day }]), marked, 50 * day)).toBe(
      "valid",
    );
    expect(await standing(await anchored([{ by: signers.archive, seconds: 25 * day }]), marked, 50 * day)).toBe(
      "signer-compromised",
    );
  });

  test("[SUI-5] a suite that the trust policy drops, or no longer accepts for signing, makes no evidence", async () => {
    const artifact = await anchored([]);
    expect(
      await standing(
        artifact,
        trustWith((draft) => delete draft.suites["p256"]),
        60,
      ),
    ).toBe("suite-lapsed");
    expect(
      await standing(
        artifact,
        trustWith((draft) => (draft.suites["p256"] = { signUntil: date(0) })),
        60,
      ),
    ).toBe("suite-lapsed");
    expect(
      await standing(
        artifact,
        trustWith((draft) => (draft.suites["p256"] = { signUntil: date(1) })),
        60,
      ),
    ).toBe("valid");
  });

  test("[TRU-10] a requirement is reported, then enforced: stripping and older copies end there", async () => {
    const require = (stage: string, authorities = 1): TrustPolicy =>
      trustWith(
        (draft) =>
          (draft["required"] = [{ from: date(100), suites: ["ed25519+mldsa65", "mldsa65"], authorities, stage }]),
      );
    const whole = await anchored([{ by: signers.archive, seconds: 10 }]);
    const stripped = without(whole, ({ anchors }) => ({ anchors: anchors.slice(0, 1) }));
    expect(await standing(stripped, require("enforce"), 99)).toBe("valid");
    expect(await standing(stripped, require("enforce"), 100)).toBe("suite-required");
    const reported = await ingest(stripped, require("report-only"), { clock: at(100) });
    expect(reported.checks.find(({ check }) => check === "requirements")?.outcome).toBe("reported");
    expect(await standing(whole, require("enforce"), 100)).toBe("valid");
    expect(await standing(whole, require("enforce", 2), 100)).toBe("suite-required");
    expect(
      await standing(
        await anchored([
          { by: signers.archive, seconds: 10 },
          { by: signers.second, seconds: 20 },
        ]),
        require("enforce", 2),
        100,
      ),
    ).toBe("valid");
  });

  test("[ANC-9] a clock far behind refuses, one a little behind does not", async () => {
    const artifact = await anchored([{ by: signers.archive, seconds: 400 }]);
    expect(await standing(artifact, trust, 99)).toBe("anchor-time");
    expect(await standing(artifact, trust, 100)).toBe("valid");
  });

  test("[TRU-6] a signer's dates and role bound what it signs", async () => {
    const dated = (from: number, to: number): TrustPolicy =>
      trustWith((draft) =>
        draft.signers
          .filter(({ suite, role }) => suite === "p256" && role === "issue")
          .forEach((signer) => Object.assign(signer, { notBefore: date(from), notAfter: date(to) })),
      );
    const artifact = await anchored([]);
    expect([
      await standing(artifact, dated(0, 1), 60),
      await standing(artifact, dated(1, 9), 60),
      await standing(artifact, dated(-9, 0), 60),
    ]).toEqual(["valid", "signer-dates", "signer-dates"]);
    const asAnchor = trustWith((draft) =>
      draft.signers
        .filter(({ suite, role }) => suite === "p256" && role === "issue")
        .forEach((signer) => (signer["role"] = "anchor")),
    );
    expect(await standing(artifact, asAnchor, 60)).toBe("signer-role");
  });
});

describe("the trust policy", () => {
  test("[TRU-4] an expired one is refused; a copy of one is none", async () => {
    const artifact = await anchored([]);
    const short = trustWith((draft) => (draft.expires = date(50)));
    expect([await standing(artifact, short, 49), await standing(artifact, short, 50)]).toEqual([
      "valid",
      "trust-expired",
    ]);
    await expect(ingest(artifact, { ...trust })).rejects.toThrow(TypeError);
  });

  test("[TRU-7] the signed form opens under the pinned root alone, and never goes back", async () => {
    const root = newSigner("urn:acme:root", "ed25519+mldsa65");
    const draft = (sequence: number): string =>
      JSON.stringify({
        version: 1,
        sequence,
        expires: "2040-01-01T00:00:00Z",
        signers: [describeSigner(signers.issuer, "issue")],
        suites: { p256: {} },
      });
    const signed = await signTrust(draft(7), root);
    expect(openSignedTrust(signed, root.keys, 7).sequence).toBe(7);
    expect(await codeOf(() => openSignedTrust(signed, root.keys, 8))).toBe("trust-sequence");
    expect(await codeOf(() => openSignedTrust(signed, newSigner("urn:acme:root", "ed25519+mldsa65").keys))).toBe(
      "signer-unknown",
    );
    const altered = Uint8Array.from(signed);
    altered[altered.length - 5]! ^= 1;
    expect(await codeOf(() => openSignedTrust(altered, root.keys))).toBe("signature-invalid");
  });

  test("[TRU-15] who keeps no sequence takes none that could have been replaced more than 90 days ago", async () => {
    const root = newSigner("urn:acme:root", "ed25519");
    const expires = "2026-06-30T00:00:00Z";
    const draft = {
      version: 1,
      sequence: 7,
      expires,
      signers: [describeSigner(signers.issuer, "issue")],
      suites: { p256: {} },
    };
    const signed = await signTrust(JSON.stringify(draft), root);
    const before =
      (days: number, seconds = 0) =>
      (): number =>
        Date.parse(expires) - (days * 86_400 + seconds) * 1000;
    expect(openSignedTrust(signed, root.keys, null, before(90)).sequence).toBe(7);
    expect(await codeOf(() => openSignedTrust(signed, root.keys, null, before(90, 1)))).toBe("trust-sequence");
    for (const seen of [0, 7])
      // control: who keeps it takes any
      expect(openSignedTrust(signed, root.keys, seen, before(5000)).sequence).toBe(7);
    expect(await codeOf(() => openSignedTrust(signed, root.keys, 8, before(1)))).toBe("trust-sequence");
    const lasting = await signTrust(JSON.stringify({ ...draft, expires: "9999-01-01T00:00:00Z" }), root);
    expect(await codeOf(() => openSignedTrust(lasting, root.keys))).toBe("trust-sequence"); // by the machine's clock
    for (const wrong of [Number.NaN, -1, 1.5, "7" as unknown as number])
      expect(() => openSignedTrust(signed, root.keys, wrong)).toThrow(RangeError);
  });

  test("[TRU-1] [TRU-2] [TRU-3] what isn't one is refused", async () => {
    const json = (change: (draft: Record<string, never>) => void): string => {
      const draft = {
        version: 1,
        sequence: 1,
        expires: "2040-01-01T00:00:00Z",
        signers: [describeSigner(signers.issuer, "issue"), describeSigner(signers.archive, "anchor")],
        suites: { p256: {} },
      };
      change(draft as never);
      return JSON.stringify(draft);
    };
    const bad: [string, (draft: never) => void][] = [
      ["trust-schema", (draft: { expires: string }) => (draft.expires = "2040-02-30T00:00:00Z")],
      ["trust-schema", (draft: { more: number }) => (draft.more = 1)],
      ["trust-schema", (draft: { signers: unknown[] }) => draft.signers.push(describeSigner(signers.issuer, "policy"))],
      ["trust-schema", (draft: { signers: { suite: string }[] }) => (draft.signers[0]!.suite = "ed25519")],
      ["trust-schema", (draft: { signers: { suite: string }[] }) => (draft.signers[0]!.suite = "rot13")],
      [
        "trust-schema",
        (draft: { signers: { keys: { thumbprint: string }[] }[] }) =>
          (draft.signers[0]!.keys[0]!.thumbprint = "00".repeat(32)),
      ],
      [
        "trust-schema",
        (draft: { signers: { trustedTime: boolean; role: string }[] }) =>
          Object.assign(draft.signers[0]!, { trustedTime: true, role: "policy" }),
      ],
    ] as never;
    for (const [code, change] of bad)
      expect(["trust-schema", "key-mismatch"], code).toContain(await codeOf(() => parseTrust(json(change as never))));
    expect(await codeOf(() => parseTrust(json(() => undefined)))).toBe("nothing was thrown");
    expect(await codeOf(() => parseTrust('{"version":1,"version":1}'))).toBe("json-duplicate-member");
    expect(await codeOf(() => parseTrust("{"))).toBe("json-invalid");
  });

  test("nothing that trust decides is remembered across trust policies", async () => {
    const artifact = await anchored([{ by: signers.archive, seconds: 10 }]);
    const changes: Parameters<typeof trustWith>[0][] = [
      (draft) => (draft.signers = draft.signers.filter(({ role }) => role !== "policy")),
      (draft) => (draft.signers = draft.signers.filter(({ role }) => role !== "issue")),
      (draft) => (draft.signers = draft.signers.filter(({ role }) => role !== "anchor")),
      (draft) => delete draft.suites["ed25519"],
      (draft) => (draft.expires = date(1)),
      (draft) => (draft["required"] = [{ from: date(0), suites: ["mldsa65"], stage: "enforce" }]),
      (draft) => (draft["demands"] = [{ classifications: ["internal"], status: true }]),
      (draft) =>
        draft.signers.filter(({ role }) => role === "policy").forEach((signer) => (signer["scope"] = ["urn:other:"])),
      (draft) =>
        draft.signers.filter(({ role }) => role === "policy").forEach((signer) => (signer["notAfter"] = date(-1))),
      (draft) =>
        draft.signers.filter(({ role }) => role === "policy").forEach((signer) => (signer["invalidSince"] = date(5))),
    ];
    for (const change of changes) {
      expect(await standing(artifact, trust, 60)).toBe("valid");
      expect(await standing(artifact, trustWith(change), 60)).not.toBe("valid");
    }
  });
});

describe("what a former key holder can't do", () => {
  test("an anchor signer can't seal, an issuer can't write policy, a stranger with the issuer's name is nobody", async () => {
    const asIssuer: Signer = { ...signers.archive, authority: "urn:acme:data" };
    expect(await standing(await anchored([], asIssuer), trust, 60)).toBe("signer-role");
    expect(await standing(await anchored([], signers.stranger), trust, 60)).toBe("signer-unknown");
    expect(await standing(await anchored([], signers.hybrid), trust, 60)).toBe("valid");
  });

  test(
    "mutated artifacts are refused with our errors alone, and decide the same where they verify",
    { timeout: 120_000 },
    async () => {
      const artifact = await anchored([{ by: signers.archive, seconds: 10 }]);
      const whole = await verified(artifact);
      const baseline = await decide(whole, request, { evaluator, receipts: "none", clock: at(60) });
      const runs = process.env["SLOW"] === "1" ? 20_000 : 400;
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: artifact.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          fc.constantFrom("flip", "drop", "insert", "truncate"),
          async (position, value, how) => {
            const bytes = [...artifact];
            if (how === "flip") bytes[position]! ^= value;
            else if (how === "drop") bytes.splice(position, 1);
            else if (how === "insert") bytes.splice(position, 0, value);
            else bytes.length = position;
            try {
              const mutant = await ingest(Uint8Array.from(bytes), trust, { evaluator, clock: at(60) });
              expect(mutant.name).toBe(whole.name);
              expect(mutant.head).toBe(whole.head);
              expect((await decide(mutant, request, { evaluator, receipts: "none", clock: at(60) })).verdict).toBe(
                baseline.verdict,
              );
            } catch (error) {
              expect(error).toHaveProperty("code");
              refused += 1;
            }
          },
        ),
        { numRuns: runs },
      );
      expect(refused).toBeGreaterThan(runs * 0.95);
    },
  );
});
