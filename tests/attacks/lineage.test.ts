// Attacks through lineage: what derivers, former holders of a data key and other issuers would like to be rid of.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, decide, describeSigner, ingest, nameOf, open, parsePolicy, signPolicy } from "@writ/core";
import type { Core, Custody, EncryptionContext, Digest, Signer, VerifiedArtifact } from "@writ/core";
import { anchorsName, rootMessages } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore } from "../../packages/core/src/artifact.ts";
import { encodeSource } from "../../packages/core/src/attachments.ts";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  newSigner,
  request,
  research,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { open_, licence, source, parent, derived } from "./lineage-scene.ts";
import { accepted, attached, custodyWith, refusal, resealed } from "./forge.ts";

const layerOf = (message: Uint8Array): { policy: Digest } => ({ policy: parsePolicy(message).digest });

const later = { seconds: 200 };

/** The artifact as a source: reference and attachment. */
function sourceOf(
  artifact: VerifiedArtifact,
  role: "parent" | "superseded",
): { reference: Core["supersedes"] & object; attachment: Uint8Array } {
  const pairs = rootMessages(artifact.anchors, (name) => artifact.attachments.root(name));
  return {
    reference: { id: artifact.core.artifactId, core: artifact.name, anchors: anchorsName(pairs), role },
    attachment: attached("source", encodeSource(artifact.parts.core, artifact.parts.anchors)),
  };
}

/** A revision of `artifact` as somebody with a signer of his own makes it. */
function revised(
  artifact: Uint8Array,
  whole: VerifiedArtifact,
  signer: Signer,
  change: (core: Core) => Core,
  more: readonly Uint8Array[] = [],
  attachSource = true,
): Promise<Uint8Array> {
  const { reference, attachment } = sourceOf(whole, "superseded");
  return resealed(artifact, signer, {
    core: (core) =>
      change({
        ...core,
        issuer: signer.authority,
        revision: core.revision + 1,
        issuedAt: core.issuedAt + 100,
        supersedes: reference,
        lineage: { operation: "amend", parents: [], receipts: [], actor: signer.authority },
      }),
    attach: [...(attachSource ? [attachment] : []), ...more],
  });
}

describe("a former holder of the data key, with a signer of his own", () => {
  const relax = (core: Core): Core => ({ ...core, layers: [layerOf(open_)] });
  const dropLicence = (kind: string, content: Uint8Array): boolean =>
    kind !== "policy" || nameOf(content) === nameOf(open_);

  test("[ANC-6] seals the same content anew under a looser policy: only an issuer can", async () => {
    const relaxed = (signer: Signer): Promise<Uint8Array> =>
      resealed(source.artifact, signer, { core: relax, keep: dropLicence });
    for (const signer of [signers.deriver, signers.archive, signers.receipts, signers.privacy])
      expect(await refusal(await relaxed({ ...signer, authority: "urn:acme:data" }))).toBe("signer-role");
    expect(await refusal(await relaxed(signers.stranger))).toBe("signer-unknown");
    expect(await refusal(await relaxed(signers.issuer)), "control: the issuer could").toBe(accepted);
  });

  test("[LIN-3] [LIN-8] makes a revision without the layer, or of something else", async () => {
    const bad = async (
      change: (core: Core) => Core,
      signer = signers.deriver,
      more: readonly Uint8Array[] = [],
    ): Promise<string> => refusal(await revised(source.artifact, parent, signer, change, more), trust, later);
    expect(await bad((core) => core), "control: a revision that changes nothing").toBe(accepted);
    expect(
      await bad((core) => ({ ...core, layers: [layerOf(licence), layerOf(research)] }), signers.deriver, [
        attached("policy", research),
      ]),
      "control: adding",
    ).toBe(accepted);
    expect(await bad(relax)).toBe("layer-dropped");
    for (const signer of [signers.issuer, signers.hybrid])
      expect(await bad(relax, signer), "approvals are needed").toBe("layer-dropped");
    expect(
      await bad((core) => ({ ...core, layers: [{ ...layerOf(licence), parameters: new Map([["tenant", "x"]]) }] })),
    ).toBe("layer-dropped");
    expect(await bad((core) => ({ ...core, artifactId: randomBytes(16) }))).toBe("parent-digest");
    expect(await bad((core) => ({ ...core, firstIssuer: "urn:lab:statistics" }))).toBe("parent-digest");
    expect(await bad((core) => ({ ...core, revision: 5 }))).toBe("parent-digest");
    expect(
      await bad((core) => ({ ...core, content: { ...core.content, sizeBytes: core.content.sizeBytes - 1 } })),
    ).toBe("parent-digest");
    const otherTag = (core: Core): Uint8Array =>
      Uint8Array.from(core.content.floeHeader!, (byte, index) => (index === 73 ? byte ^ 1 : byte));
    expect(await bad((core) => ({ ...core, content: { ...core.content, floeHeader: otherTag(core) } }))).toBe(
      "parent-digest",
    );
    expect(await bad((core) => ({ ...core, content: { ...core.content, externalKey: "urn:key" } }))).toBe(
      "parent-digest",
    );
    expect(await bad((core) => ({ ...core, content: { ...core.content, mediaType: "text/html" } }))).toBe(
      "parent-digest",
    );
    expect(
      await bad((core) => ({ ...core, content: { ...core.content, mediaType: "text/html" } }), signers.hybrid),
      "control: the first issuer may",
    ).toBe(accepted);
    expect(await bad((core) => ({ ...core, custodyRule: {} }))).toBe("custody-rule");
  });

  test("[LIN-6] [LIN-7] hides what he supersedes: unchecked, and denied where the trust policy demands lineage", async () => {
    const hidden = await resealed(source.artifact, signers.deriver, {
      core: (core) =>
        relax({
          ...core,
          issuer: "urn:lab:statistics",
          revision: 1,
          supersedes: {
            id: core.artifactId,
            core: nameOf(randomBytes(9)),
            anchors: nameOf(randomBytes(9)),
            role: "superseded",
          },
          lineage: { operation: "amend", parents: [], receipts: [], actor: "urn:lab:statistics" },
        }),
      keep: dropLicence,
    });
    const demanding = trustWith((draft) => (draft["demands"] = [{ classifications: ["internal"], parents: true }]));
    const verdict = async (by: typeof trust): Promise<string> =>
      (
        await decide(await ingest(hidden, by, { evaluator, clock: at(200) }), request, {
          evaluator,
          receipts: "none",
          clock: at(200),
        })
      ).verdict;
    expect(await verdict(demanding)).toBe("deny");
    const whole = await ingest(hidden, trust, { evaluator, clock: at(200) });
    expect(whole.lineage.standing).toBe("unchecked");
    expect(whole.checks.find(({ check }) => check === "sources")?.outcome).toBe("unchecked");
  });

  test("[CON-1] [ART-7] another issuer with the same id and ciphertext opens nothing and can't name the first issuer", async () => {
    const rival = newSigner("urn:rival:data", "ed25519");
    const withRival = trustWith((draft) => draft.signers.push({ ...describeSigner(rival, "issue") }));
    const adopt = (firstIssuer: string): Promise<Uint8Array> =>
      resealed(source.artifact, rival, {
        core: (core) => ({ ...relax(core), issuer: "urn:rival:data", firstIssuer }),
        keep: dropLicence,
      });
    expect(
      await codeOf(() => adopt("urn:acme:data").then((artifact) => ingest(artifact, withRival, { clock: at(60) }))),
    ).toBe("structure");
    const taken = await ingest(await adopt("urn:rival:data"), withRival, {
      evaluator,
      content: source.stored,
      clock: at(60),
    });
    const contexts: EncryptionContext[] = [];
    const noting = custodyWith({
      unwrap: (recipient, context) => {
        contexts.push(context);
        return keystore.unwrap(recipient, context);
      },
    });
    // a custody that gives out the secret whatever is asked: only the content itself is left to refuse
    const loose = custodyWith({ unwrap: (recipient) => keystore.unwrap(recipient, contexts[0]!) });
    const opening = async (artifact: VerifiedArtifact, custody: Custody): Promise<Buffer> => {
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
      return drain(open(artifact, permit!, { custody, content: source.stored, clock: at(60) }));
    };
    await opening(parent, noting);
    expect(await codeOf(() => opening(taken, loose))).toBe("content-commitment");
    expect((await opening(parent, loose)).length, "control: the same custody opens the original").toBe(200);
  });

  test("[LIN-3] an older, looser revision verifies as before: only status and memory stop it, and it is told apart", async () => {
    const strict = await ingest(
      await revised(
        source.artifact,
        parent,
        signers.hybrid,
        (core) => ({ ...core, layers: [layerOf(licence), layerOf(research)] }),
        [attached("policy", research)],
      ),
      trust,
      { evaluator, clock: at(200) },
    );
    expect([parent.core.revision, strict.core.revision]).toEqual([0, 1]);
    expect(Buffer.from(parent.core.artifactId).equals(strict.core.artifactId)).toBe(true);
    const { permit } = await decide(parent, request, { evaluator, receipts: "none", clock: at(200) });
    expect(
      await codeOf(() => open(strict, permit!, { custody: keystore, content: source.stored, clock: at(200) })),
    ).toBe("permit-mismatch");
  });
});

describe("a deriver", () => {
  test("[POM-2] can't write a policy: not in its own name, not in the authority's", async () => {
    const child = await derived([parent]);
    const forge = async (signer: Signer, authority: string): Promise<Uint8Array> => {
      const text = document({
        id: "urn:acme:policy:forged",
        authority,
        permissions: [{ id: "p", operations: ["train"], purposes: ["dpv:AcademicResearch"] }],
      });
      return (await signPolicy(text, { evaluator, signer: { ...signer, authority } })).message;
    };
    const under = async (message: Uint8Array): Promise<string> =>
      refusal(
        await resealed(child.artifact, signers.deriver, {
          core: (core) => ({ ...core, layers: [layerOf(message)] }),
          attach: [attached("policy", message)],
        }),
        trust,
        later,
      );
    expect(await under(await forge(signers.deriver, "urn:acme:privacy-office"))).toBe("signer-role");
    expect(await under(await forge(signers.deriver, "urn:lab:statistics"))).toBe("signer-role");
    expect(await under(await forge(newSigner("urn:x", "ed25519"), "urn:acme:privacy-office"))).toBe("signer-unknown");
    expect(await under(await forge(signers.privacy, "urn:acme:other-office"))).toBe("policy-authority");
    expect(await under(research), "a real policy in place of the parent's").toBe("layer-dropped");
    expect(await refusal(await resealed(child.artifact, signers.deriver), trust, later), "control").toBe(accepted);
  });

  test("[LIN-3] [LIN-4] can't drop, swap, release early or shed parameters of a parent's layer, also two steps away", async () => {
    const child = await derived([parent], { add: [{ message: research }] });
    const without = (core: Core): Core => ({
      ...core,
      layers: (core.layers as readonly { policy: Digest }[]).filter(
        ({ policy: name }) => name !== layerOf(licence).policy,
      ),
    });
    for (const by of [evaluator, undefined]) {
      const options = by ? { evaluator: by, clock: at(200) } : { clock: at(200) };
      const dropped = await resealed(child.artifact, signers.deriver, { core: without });
      expect(await codeOf(() => ingest(dropped, trust, options))).toBe("layer-dropped");
      const released = await resealed(child.artifact, signers.deriver, {
        core: (core) => ({ ...core, layers: [layerOf(open_)] }),
        keep: (kind, content) => kind !== "policy" || nameOf(content) !== nameOf(research),
      });
      expect(await codeOf(() => ingest(released, trust, options)), "no release for `transform`").toBe("layer-dropped");
    }
    const grandchild = await derived([await verified(child.artifact, 200)], { clock: at(260) });
    const far = await resealed(grandchild.artifact, signers.deriver, { core: without });
    expect(await refusal(far, trust, { seconds: 300 })).toBe("layer-dropped");
    // the middle generation forged, the last one honest about it
    const middle = await resealed(child.artifact, signers.deriver, { core: without });
    expect(await refusal(middle, trust, later)).toBe("layer-dropped");
    const chain = await resealed(middle, signers.deriver, {
      core: (core) => ({
        ...core,
        artifactId: randomBytes(16),
        issuedAt: core.issuedAt + 10,
        lineage: {
          ...core.lineage,
          parents: [
            {
              id: decodeCore(decodeArtifact(middle).core).artifactId,
              core: nameOf(decodeArtifact(middle).core),
              anchors: anchorsName(decodeArtifact(middle).anchors.map((anchor) => ({ anchor, root: null }))),
              role: "parent",
            },
          ],
        },
      }),
      attach: [attached("source", encodeSource(decodeArtifact(middle).core, decodeArtifact(middle).anchors))],
    });
    expect(await refusal(chain, trust, later)).toBe("layer-dropped");
  });

  test("[LIN-2] can't point at another valid artifact, nor at the right one with other anchors", async () => {
    const other = await verified((await sealed(randomBytes(10), { policies: [{ message: open_ }] })).artifact);
    const child = await derived([parent]);
    const { reference, attachment } = sourceOf(other, "parent");
    const pointing = (
      parents: Core["lineage"]["parents"],
      attach: readonly Uint8Array[],
      keep = false,
    ): Promise<string> =>
      resealed(child.artifact, signers.deriver, {
        core: (core) => ({ ...core, lineage: { ...core.lineage, parents } }),
        keep: (kind) => keep || kind !== "source",
        attach,
      }).then((artifact) => refusal(artifact, trust, later));
    const [right] = decodeCore(decodeArtifact(child.artifact).core).lineage.parents as readonly (typeof reference)[];
    const rightSource = sourceOf(parent, "parent").attachment;
    expect(await pointing([right!], [rightSource]), "control").toBe(accepted);
    // the other artifact really is a parent then, and its layer has to be kept
    expect(await pointing([reference], [attachment])).toBe("layer-dropped");
    expect(await pointing([{ ...reference, id: right!.id }], [attachment])).toBe("parent-digest");
    expect(
      await pointing([{ ...right!, core: reference.core }], [rightSource]),
      "the right anchors, another core",
    ).toBe("attachment-unnamed");
    expect(await pointing([{ ...right!, anchors: reference.anchors }], [rightSource])).toBe("attachment-unnamed");
    expect(await pointing([right!], [rightSource, attachment]), "an artifact more than was named").toBe(
      "attachment-unnamed",
    );
  });

  test("[ART-8] can't hide a critical extension in a source", async () => {
    const odd = await resealed(source.artifact, signers.issuer, {
      core: (core) => ({ ...core, crit: ["urn:x"], ext: new Map([["urn:x", 1]]) }),
    });
    expect(await refusal(odd)).toBe("crit-unknown");
    const parts = decodeArtifact(odd);
    const naming = async (artifact: ReturnType<typeof decodeArtifact>): Promise<string> =>
      refusal(
        await resealed((await derived([parent])).artifact, signers.deriver, {
          core: (core) => ({
            ...core,
            lineage: {
              ...core.lineage,
              parents: [
                {
                  id: decodeCore(artifact.core).artifactId,
                  core: nameOf(artifact.core),
                  anchors: anchorsName(artifact.anchors.map((anchor) => ({ anchor, root: null }))),
                  role: "parent",
                },
              ],
            },
          }),
          keep: (kind) => kind !== "source",
          attach: [attached("source", encodeSource(artifact.core, artifact.anchors))],
        }),
        trust,
        later,
      );
    expect(await naming(parts)).toBe("crit-unknown");
    expect(await naming(decodeArtifact(source.artifact)), "control").toBe(accepted);
  });

  test("[TRU-11] can't launder what an issuer sealed outside its scope", async () => {
    const scoped = trustWith((draft) =>
      draft.signers
        .filter(({ authority, role }) => authority === "urn:acme:data" && role === "issue")
        .forEach((s) => (s["scope"] = ["urn:acme:policy:research"])),
    );
    expect(await refusal(source.artifact, scoped)).toBe("signer-scope");
    expect(await refusal((await derived([parent])).artifact, scoped, later)).toBe("signer-scope");
    const inScope = await verified((await sealed()).artifact);
    expect(await refusal((await derived([inScope])).artifact, scoped, later), "control").toBe(accepted);
  });

  test("[LIN-6] can't date a child before the anchors of its parent that it names", async () => {
    const covered = await verified((await cover(parent, { signer: signers.archive, clock: at(5000) })).artifact, 5000);
    const child = await derived([covered], { clock: at(5100) });
    const dated = (seconds: number): Promise<Uint8Array> =>
      resealed(child.artifact, signers.deriver, {
        core: (core) => ({ ...core, issuedAt: Math.floor(at(seconds)() / 1000) }),
      });
    expect(await refusal(await dated(100), trust, { seconds: 5200 })).toBe("lineage-time");
    expect(await refusal(await dated(4699), trust, { seconds: 5200 })).toBe("lineage-time");
    expect(await refusal(await dated(4700), trust, { seconds: 5200 }), "control: within what clocks may differ").toBe(
      accepted,
    );
  });

  test("[LIN-5] [RCP-10] can't lose a status entry or widen the custody rule among many", async () => {
    const status = Array.from({ length: 50 }, (_, index) => ({ uri: "https://status.example/1", index }));
    const revocable = await verified(
      (
        await sealed(randomBytes(10), {
          status,
          custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "a"]]) },
        })
      ).artifact,
    );
    const child = await derived([revocable, parent]);
    expect(await refusal(child.artifact, trust, later), "control").toBe(accepted);
    const forged = (change: (core: Core) => Core): Promise<string> =>
      resealed(child.artifact, signers.deriver, { core: change }).then((artifact) => refusal(artifact, trust, later));
    expect(await forged((core) => ({ ...core, status: core.status.filter(({ index }) => index !== 25) }))).toBe(
      "parent-status",
    );
    expect(
      await forged((core) => ({
        ...core,
        status: core.status.map((entry) => ({ ...entry, uri: "https://status.example/2" })),
      })),
    ).toBe("parent-status");
    expect(
      await forged((core) => ({
        ...core,
        custodyRule: { custodies: ["local", "aws-kms"], contextPairs: new Map([["tenant", "a"]]) },
      })),
    ).toBe("custody-rule");
    expect(
      await forged((core) => ({
        ...core,
        custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "b"]]) },
      })),
    ).toBe("custody-rule");
    expect(await forged((core) => ({ ...core, custodyRule: { custodies: ["local"] } }))).toBe("custody-rule");
  });
});
