// Attacks by revision: rights of the first issuer taken by others, sources that are hidden or of something else, old revisions brought back.
import { describe, expect, test } from "vitest";
import { decide, derive, describeSigner, ingest, open } from "@writ/core";
import type { Core, CustodyRule, Signer, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import { verifyLineage } from "@writ/core/lineage";
import { encodeSource } from "../../packages/core/src/attachments.ts";
import { carriedAttachments, sourceOf } from "../../packages/core/src/carried.ts";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  newSigner,
  policy,
  request,
  research,
  sealed,
  signers,
  start,
  trust,
  trustWith,
} from "../support/scene.ts";
import { accepted, attached, refusal, resealed } from "./forge.ts";

const rival = newSigner("urn:rival:data", "ed25519");
const pipeline = newSigner("urn:acme:data", "ed25519");
const known = trustWith((draft) => {
  draft.signers.push(describeSigner(rival, "issue"), describeSigner(pipeline, "derive"));
});
const entries = [{ uri: "https://status.example/1", index: 3 }];
const custodyRule: CustodyRule = { custodies: ["local"], contextPairs: new Map([["tenant", "x"]]) };
const second = await policy(
  document({
    id: "urn:acme:policy:second",
    permissions: [{ id: "p", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }],
  }),
);

const verified = (artifact: Uint8Array, seconds = 60, by: TrustPolicy = known): Promise<VerifiedArtifact> =>
  ingest(artifact, by, { evaluator, clock: at(seconds) });
const source = await sealed(Buffer.from("rows"), { status: entries, custodyRule, mediaType: "text/csv" });
const first = await verified(source.artifact);

/** The next revision of `of` as a signer makes it who asks nobody: anything in the core changed. */
function forged(
  of: VerifiedArtifact,
  signer: Signer,
  change: (core: Core) => Core = (core) => core,
  options: { readonly hidden?: boolean; readonly seconds?: number } = {},
): Promise<Uint8Array> {
  const { hidden = false, seconds = 200 } = options;
  const carried = hidden ? [] : carriedAttachments([of]);
  return resealed(encodeOf(of), signer, {
    core: (core) =>
      change({
        ...core,
        issuer: signer.authority,
        revision: core.revision + 1,
        issuedAt: start / 1000 + seconds,
        supersedes: sourceOf(of, "superseded"),
        lineage: { operation: "amend", parents: [], receipts: [], actor: signer.authority },
      }),
    keep: (kind) => (hidden ? kind === "policy" || kind === "leaves" : kind === "leaves"),
    attach: carried,
  });
}

const artifacts = new Map<VerifiedArtifact, Uint8Array>([[first, source.artifact]]);
const encodeOf = (of: VerifiedArtifact): Uint8Array => artifacts.get(of)!;
async function kept(artifact: Uint8Array, seconds: number): Promise<VerifiedArtifact> {
  const whole = await verified(artifact, seconds);
  artifacts.set(whole, artifact);
  return whole;
}
const judged = async (artifact: Promise<Uint8Array>, by: TrustPolicy = known): Promise<string> =>
  refusal(await artifact, by, { seconds: 300 });

const withoutStatus = (core: Core): Core => ({ ...core, status: [] });
const wide = (core: Core): Core => ({ ...core, custodyRule: {} });
const html = (core: Core): Core => ({ ...core, content: { ...core.content, mediaType: "text/html" } });

describe("rights of the first issuer", () => {
  test("[AMD-2] [LIN-9] by who isn't the first issuer: no status entry dropped, no rule widened, no other media type", async () => {
    for (const signer of [rival, signers.deriver]) {
      expect(await judged(forged(first, signer, withoutStatus))).toBe("parent-status");
      expect(await judged(forged(first, signer, wide))).toBe("custody-rule");
      expect(
        await judged(
          forged(first, signer, (core) => ({ ...core, custodyRule: { ...custodyRule, contextPairs: new Map() } })),
        ),
      ).not.toBe(accepted);
      expect(await judged(forged(first, signer, html))).toBe("parent-digest");
      expect(await judged(forged(first, signer)), "control").toBe(accepted);
      const narrower = { ...custodyRule, accounts: ["1"] };
      expect(
        await judged(forged(first, signer, (core) => ({ ...core, status: [...core.status, { uri: "u", index: 1 }] }))),
      ).toBe(accepted);
      expect(
        await judged(forged(first, signer, (core) => ({ ...core, custodyRule: narrower }))),
        "no key is there",
      ).toBe("custody-rule");
    }
    for (const change of [withoutStatus, wide, html])
      expect(await judged(forged(first, signers.issuer, change)), "control: the first issuer").toBe(accepted);
  });

  test("[ANC-6] [LIN-8] nobody becomes the first issuer by saying so", async () => {
    const asAcme = (core: Core): Core => withoutStatus({ ...core, issuer: core.firstIssuer });
    for (const signer of [rival, signers.deriver])
      expect(await judged(forged(first, signer, asAcme))).toBe("signer-unknown");
    const asOwn =
      (signer: Signer) =>
      (core: Core): Core =>
        withoutStatus({ ...core, firstIssuer: signer.authority });
    expect(await judged(forged(first, rival, asOwn(rival)))).toBe("parent-digest");
    const own = await kept(await forged(first, rival), 250);
    expect(await judged(forged(own, rival, asOwn(rival), { seconds: 260 })), "nor one revision later").toBe(
      "parent-digest",
    );
    expect(await judged(forged(own, rival, withoutStatus, { seconds: 260 }))).toBe("parent-status");
    expect(await judged(forged(own, rival, undefined, { seconds: 260 })), "control").toBe(accepted);
  });
});

describe("a pipeline that may derive in the first issuer's name", () => {
  test("[LIN-9] [ANC-6] takes nothing from an original, past our writer or with it", async () => {
    const codes = [
      [withoutStatus, "parent-status"],
      [wide, "custody-rule"],
      [html, "parent-digest"],
    ] as const;
    for (const [change, code] of codes) {
      expect(await judged(forged(first, pipeline, change))).toBe(code);
      const again = await kept(await forged(first, pipeline), 250);
      expect(await judged(forged(again, pipeline, change, { seconds: 260 })), "one revision later").toBe(code);
      expect(await judged(forged(first, signers.issuer, change)), "control: role issue").toBe(accepted);
    }
    const options = { custody: keystore, evaluator, signer: pipeline, clock: at(100) };
    expect(await codeOf(() => amend(first, { ...options, custodyRule: {} }))).toBe("custody-rule");
    expect(await codeOf(() => amend(first, { ...options, mediaType: "text/html" }))).toBe("parent-digest");
    const { artifact } = await amend(first, { ...options, status: [{ uri: "https://status.example/2", index: 1 }] });
    expect((await verified(artifact, 300)).core.status, "an entry beside those before").toHaveLength(2);
  });

  test("[LIN-20] [LIN-9] the walk over a corpus, where nothing is attached, finds it too", async () => {
    const walked = async (change: (core: Core) => Core, signer: Signer): Promise<readonly string[]> => {
      const hidden = await verified(await forged(first, signer, change, { hidden: true }), 300);
      const report = await verifyLineage([await verified(source.artifact, 300), hidden], { clock: at(300) });
      return report.findings.map(({ code }) => code);
    };
    expect(await walked(withoutStatus, pipeline)).toEqual(["parent-status"]);
    expect(await walked(wide, pipeline)).toEqual(["custody-rule"]);
    expect(await walked(html, pipeline)).toEqual(["parent-digest"]);
    for (const change of [withoutStatus, wide, html])
      expect(await walked(change, signers.issuer), "control: role issue").toEqual([]);
    expect(await walked((core) => core, pipeline), "control: nothing taken").toEqual([]);
  });
});

describe("sources of a revision", () => {
  test("[LIN-8] of another artifact, another number, or an earlier revision once more", async () => {
    const other = await kept((await sealed(Buffer.from("rows"))).artifact, 60);
    const otherSource = (core: Core): Core => ({ ...core, supersedes: sourceOf(other, "superseded") });
    const attachOther = resealed(await forged(first, rival, otherSource, { hidden: true }), rival, {
      attach: [attached("source", encodeSource(other.parts.core, other.parts.anchors)), attached("policy", research)],
    });
    expect(await judged(attachOther)).toBe("parent-digest");
    expect(
      await judged(
        forged(first, rival, (core) => ({ ...core, supersedes: { ...core.supersedes!, id: other.core.artifactId } })),
      ),
    ).toBe("parent-digest");
    expect(await judged(forged(first, rival, (core) => ({ ...core, revision: 2 })))).toBe("parent-digest");
    expect(await judged(forged(first, rival)), "control").toBe(accepted);
  });

  test("[LIN-6] [LIN-7] one that is hidden leaves lineage unchecked: a deriver's and another issuer's is denied, the first issuer's where parents are demanded", async () => {
    const demanding = trustWith((draft) => {
      draft.signers.push(describeSigner(rival, "issue"));
      draft["demands"] = [{ classifications: ["internal"], parents: true }];
    });
    const reasons = async (artifact: Uint8Array, by: TrustPolicy): Promise<readonly string[]> => {
      const whole = await verified(artifact, 300, by);
      const decision = await decide(whole, request, { evaluator, receipts: "none", clock: at(300) });
      return [whole.lineage.standing, decision.verdict, ...decision.reasons.map(({ code }) => code)];
    };
    const hidden = (signer: Signer): Promise<Uint8Array> => forged(first, signer, withoutStatus, { hidden: true });
    const refused = ["unchecked", "deny", "lineage-unchecked"];
    expect(await reasons(await hidden(signers.deriver), known)).toEqual(refused);
    expect(await reasons(await hidden(rival), known)).toEqual(refused);
    expect(await reasons(await hidden(signers.issuer), demanding)).toEqual(refused);
    const permitted = ["unchecked", "permit"];
    expect(await reasons(await hidden(signers.issuer), known), "what trust doesn't demand isn't asked").toEqual(
      permitted,
    );
    expect(await reasons(await forged(first, rival), demanding), "control").not.toContain("deny");
  });

  test("[LIN-7] [DEC-5] another issuer opens nothing under parameters of his own, and passes nothing on, by hiding what he revised", async () => {
    const message = await policy(
      document({
        id: "urn:acme:policy:consented",
        parameters: { consent: "string" },
        limits: { consents: [{ param: "consent" }] },
        permissions: [{ id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }],
      }),
    );
    const asked = { message, parameters: { consent: "urn:consent:patient-7" } };
    const { artifact, stored } = await sealed(Buffer.from("rows of patient 7"), { policies: [asked] });
    const consented = await kept(artifact, 60);
    const state = { consents: { "urn:consent:his-own": { value: "given" as const, ageMs: 0 } } };
    const relaxed = (core: Core): Core => ({
      ...core,
      layers: [{ ...consented.layers[0]!, parameters: new Map([["consent", "urn:consent:his-own"]]) }],
    });
    const outcome = async (signer: Signer, hidden: boolean): Promise<string> => {
      const whole = await verified(await forged(consented, signer, relaxed, { hidden }), 300);
      const decision = await decide(whole, request, { evaluator, receipts: "none", clock: at(300), state });
      if (!decision.permit) return decision.reasons.map(({ code }) => code).join(" ");
      const plain = open(whole, decision.permit, { custody: keystore, content: stored, clock: at(300) });
      return (await drain(plain)).toString();
    };
    expect(await outcome(rival, true)).toBe("lineage-unchecked");
    expect(await codeOf(() => outcome(rival, false))).toBe("layer-dropped");
    expect(await outcome(signers.issuer, true), "control: whose data it is").toBe("rows of patient 7");
    const parent = await verified(await forged(consented, rival, relaxed, { hidden: true }), 300);
    const passedOn = derive([parent], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: rival,
      evaluator,
      clock: at(310),
    });
    expect(await codeOf(() => passedOn)).toBe("lineage-unchecked");
  });

  test("[LIN-3] a child's revision keeps what its parents had, whoever makes it and however often", async () => {
    const child = await derive([first], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      add: [{ message: second }],
      evaluator,
      clock: at(100),
    });
    const own = await kept(child.artifact, 150);
    const without =
      (name: string) =>
      (core: Core): Core => ({
        ...core,
        layers: (core.layers as readonly { readonly policy: string }[]).filter(
          ({ policy: digest }) => digest !== name,
        ) as Core["layers"],
      });
    const [inherited, added] = [
      first.policies[0]!.digest,
      own.policies.find(({ digest }) => digest !== first.policies[0]!.digest)!.digest,
    ];
    for (const name of [inherited, added])
      for (const signer of [signers.deriver, rival])
        expect(await judged(forged(own, signer, without(name)))).toBe("layer-dropped");
    for (const change of [withoutStatus, wide])
      expect(await judged(forged(own, signers.deriver, change)), "what the parent had, not his to change").toMatch(
        /^(parent-status|custody-rule)$/,
      );
    const again = await kept(await forged(own, signers.deriver), 250);
    expect(await judged(forged(again, signers.deriver, withoutStatus, { seconds: 260 }))).toBe("parent-status");
    expect(await judged(forged(again, signers.deriver, html, { seconds: 260 })), "control: what he set himself").toBe(
      accepted,
    );
  });
});

test("[LIN-20] [LIN-21] an older revision, or a second one of the same number, verifies by itself and is told beside the others", async () => {
  const options = { custody: keystore, evaluator, signer: signers.issuer, add: [{ message: second }] };
  const strict = await verified((await amend(first, { ...options, clock: at(100) })).artifact, 300);
  const fork = await verified(await forged(first, rival), 300);
  const old = await verified(source.artifact, 300);
  expect(await refusal(source.artifact, trust, { seconds: 300 }), "no signature stops it").toBe(accepted);
  const report = await verifyLineage([old, strict, fork], { clock: at(300) });
  expect(report.superseded.map(({ core }) => core)).toEqual([old.name, old.name]);
  expect(report.forks.map(({ revision, cores }) => [revision, cores.length])).toEqual([[1, 2]]);
  const alone = await verifyLineage([old], { clock: at(300) });
  expect([alone.superseded.length, alone.forks.length], "control").toEqual([0, 0]);
  expect(await codeOf(() => amend(old, { ...options, clock: at(300) })), "nor does it stop a writer").toBe(accepted);
});
