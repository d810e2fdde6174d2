// amend: revisions add layers freely and lower them with approvals; keys follow the policies, content is not touched.
import { describe, expect, test } from "vitest";
import { cover, decide, derive, describeSigner, ingest, open, parsePolicy } from "@writ/core";
import type { Custody, Digest, Layer, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import type { Amended, AmendOptions } from "@writ/core/amend";
import { signApproval } from "@writ/core/approval";
import type { ApprovalDraft, ApprovalLedger } from "@writ/core/approval";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
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
  trustWith,
} from "../support/scene.ts";
import { testCustody } from "../support/test-custodies.ts";

const officer = newSigner("urn:role:dpo", "ed25519");
const owner = newSigner("urn:role:owner", "ed25519");
const intern = newSigner("urn:role:intern", "ed25519");
const withApprovers = (change: Parameters<typeof trustWith>[0] = () => undefined): TrustPolicy =>
  trustWith((draft) => {
    draft.signers.push(
      describeSigner(officer, "approve"),
      describeSigner(owner, "approve"),
      describeSigner(intern, "approve"),
    );
    change(draft);
  });
const trust = withApprovers();

const statistics = { permissions: [{ id: "s1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }] };
const strictDocument = {
  id: "urn:acme:policy:strict",
  limits: { regions: [["US"]], notOperations: ["train"], purposes: [["dpv:AcademicResearch"]] },
  declassify: {
    threshold: 2,
    approvers: ["urn:role:dpo", "urn:role:owner"],
    atMost: { regions: [["EU", "US"]], notOperations: ["train"], purposes: [["dpv:AcademicResearch"]] },
  },
  ...statistics,
};
const strict = await policy(document(strictDocument));
const looser = await policy(
  document({
    ...statistics,
    id: "urn:acme:policy:looser",
    limits: { regions: [["EU", "US"]], notOperations: ["train"], purposes: [["dpv:AcademicResearch"]] },
  }),
);
const tooLoose = await policy(
  document({ ...statistics, id: "urn:acme:policy:too-loose", limits: { notOperations: ["train"] } }),
);
const nameOfPolicy = (message: Uint8Array): Digest => parsePolicy(message).digest;

function ledger(): ApprovalLedger {
  const used = new Set<Digest>();
  return {
    spend: (names) => {
      if (names.some((name) => used.has(name))) return Promise.resolve(false);
      for (const name of names) used.add(name);
      return Promise.resolve(true);
    },
  };
}

const verify = (artifact: Uint8Array, seconds = 300, by = trust): Promise<VerifiedArtifact> =>
  ingest(artifact, by, { evaluator, clock: at(seconds) });
const source = await sealed(Buffer.from("ten rows"), {
  policies: [{ message: strict }],
  status: [{ uri: "https://status.acme.example/1", index: 4 }],
});
const first = await verify(source.artifact, 60);

function amended(of: VerifiedArtifact, change: Partial<AmendOptions> = {}): Promise<Amended> {
  return amend(of, { custody: keystore, evaluator, signer: signers.issuer, clock: at(120), ...change });
}

/** The layers after `strict` was replaced. */
const layersWith = (message: Uint8Array, of = first): readonly Layer[] =>
  amendedLayers(of, [{ message }], [nameOfPolicy(strict)]).layers;

interface By {
  readonly signer?: typeof officer;
  readonly approver?: string;
}

function approval(by: By, change: Partial<ApprovalDraft> = {}): Promise<Uint8Array> {
  const { signer = officer, approver = "urn:person:ada" } = by;
  const draft = {
    sources: [first.name],
    operation: "amend",
    layers: layersWith(looser),
    approver,
    lifetimeSeconds: 86_400,
    clock: at(100),
  };
  return signApproval({ ...draft, ...change }, signer);
}

const ada = { signer: officer, approver: "urn:person:ada" };
const bob = { signer: owner, approver: "urn:person:bob" };
const both = async (change: Partial<ApprovalDraft> = {}): Promise<Uint8Array[]> => [
  await approval(ada, change),
  await approval(bob, change),
];
const lowered = (
  approvals: readonly Uint8Array[],
  change: Partial<AmendOptions> = {},
  message = looser,
  used = ledger(),
): Promise<Amended> =>
  amended(first, {
    add: [{ message }],
    lower: { remove: [nameOfPolicy(strict)], approvals, ledger: used },
    ...change,
  });

async function plaintext(artifact: VerifiedArtifact, seconds = 300): Promise<string> {
  const valid = [{ uri: "https://status.acme.example/1", index: 4, value: "valid", ageMs: 0 }] as const;
  const state = { status: [...valid, { ...valid[0], index: 5 }] };
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", state, clock: at(seconds) });
  return (
    await drain(open(artifact, permit!, { custody: keystore, content: source.stored, clock: at(seconds) }))
  ).toString();
}

describe("a revision", () => {
  test("[AMD-1] [AMD-3] adds a layer: same id and content, keys under the new policies, the old revision attached", async () => {
    const { artifact, revision, calls } = await amended(first, { add: [{ message: research }] });
    const next = await verify(artifact);
    expect([revision, next.core.revision]).toEqual([1, 1]);
    expect(next.core.content).toEqual(first.core.content);
    expect(next.lineage).toMatchObject({ standing: "checked", sources: [first.name] });
    expect(next.policies.map(({ id }) => id).sort()).toEqual(["urn:acme:policy:research", "urn:acme:policy:strict"]);
    expect(next.keys.recipients[0]!.blob).not.toEqual(first.keys.recipients[0]!.blob);
    expect(calls).toHaveLength(1);
    expect(await plaintext(next)).toBe("ten rows");
    expect(await plaintext(first), "the old revision still opens: nothing in it tells").toBe("ten rows");
  });

  test("[AMD-3] where a custody can't move the secret, it is wrapped anew; the data key stays", async () => {
    const noRewrap: Custody = {
      scheme: "local",
      describe: (uri) => keystore.describe(uri),
      generate: (uri, context) => keystore.generate(uri, context),
      unwrap: (recipient, context) => keystore.unwrap(recipient, context),
      rewrap: () => Promise.resolve(null),
      sign: (uri, alg, message) => keystore.sign(uri, alg, message),
      publicKey: (uri) => keystore.publicKey(uri),
    };
    const { artifact, calls } = await amended(first, { add: [{ message: research }], custody: noRewrap });
    expect(calls).toHaveLength(2);
    expect(await plaintext(await verify(artifact))).toBe("ten rows");
    const other = await amended(first, {
      add: [{ message: research }],
      recipients: [{ custody: keystore, keyUri: "local:other" }],
    });
    const moved = await verify(other.artifact);
    expect(moved.keys.recipients.map(({ custodyUri }) => custodyUri)).toEqual(["local:other"]);
    expect(await plaintext(moved)).toBe("ten rows");
    expect(await codeOf(() => amended(first, { add: [{ message: research }], custody: [] }))).toBe(
      "custody-no-recipient",
    );
    const unchanged = await amended(first, { mediaType: "text/csv", custody: [] });
    expect(unchanged.calls, "the same policies: the same context").toEqual([]);
    expect((await verify(unchanged.artifact)).keys).toEqual(first.keys);
  });

  test("[AMD-3] [RCP-12] what opened the key for a revision is noted where it came by classical TLS", async () => {
    const { artifact } = await sealed(Buffer.from("rows"), {
      policies: [{ message: strict }],
      recipients: [{ custody: testCustody(), keyUri: "test:aes" }],
    });
    const recipients = [{ custody: keystore, keyUri: "local:data" }];
    const wraps = async (transportGroup: string): Promise<unknown> => {
      const custody = testCustody(transportGroup);
      const revised = await amended(await verify(artifact, 60), { recipients, custody, custodyRule: {} });
      return (await verify(revised.artifact)).keys.exposures.map(({ kind, custodyUri }) => [kind, custodyUri]);
    };
    expect(await wraps("secp256r1")).toEqual([["classical-transport", "test:aes"]]);
    expect(await wraps("none"), "control").toEqual([]);
  });

  test("[AMD-2] [LIN-9] by others: layers, a narrower rule and more status; nothing else", async () => {
    const by = { signer: signers.deriver };
    const more = await amended(first, { ...by, status: [{ uri: "urn:lab:status", index: 0 }] });
    expect((await verify(more.artifact)).core.status).toHaveLength(2);
    expect(more.superseded).toEqual([]);
    expect(await codeOf(() => amended(first, { ...by, mediaType: "text/html" }))).toBe("parent-digest");
    expect(await codeOf(() => amended(first, { ...by, custodyRule: {} }))).toBe("custody-rule");
    const narrower = { custodyRule: { ...first.core.custodyRule, managers: ["customer"] } };
    await verify((await amended(first, { ...by, ...narrower })).artifact);
    const wide = await amended(first, { custodyRule: {}, mediaType: "text/html" });
    expect((await verify(wide.artifact)).core).toMatchObject({ custodyRule: {}, content: { mediaType: "text/html" } });
  });

  test("[AMD-4] the first issuer's own entries end with the old revision, before anything is given out", async () => {
    const order: string[] = [];
    const status = [{ uri: "https://status.acme.example/1", index: 5 }];
    const supersede: AmendOptions["supersede"] = (entries) => {
      order.push(...entries.map(({ index }) => `superseded ${index}`));
      return Promise.resolve();
    };
    const next = await amended(first, { status, supersede });
    expect(order).toEqual(["superseded 4"]);
    expect((await verify(next.artifact)).core.status).toEqual(status);
    expect(next.warnings).toEqual([]);
    const failing = { status, supersede: () => Promise.reject(new TypeError("the list is away")) };
    await expect(amended(first, failing)).rejects.toThrow("the list is away");
    await expect(amended(first, { supersede })).rejects.toThrow(RangeError);
    const silent = await amended(first, { add: [{ message: research }] });
    expect(silent.warnings.map(({ code }) => code)).toEqual(["copies-unaware"]);
    expect((await verify(silent.artifact)).core.status, "kept, so that a revocation still stops it").toEqual(
      first.core.status,
    );
  });

  test("[LIN-9] a deriver who is first issuer is not rid of what his parents had, however often he amends", async () => {
    const child = await derive([first], {
      operation: "transform",
      content: Buffer.from("sums"),
      write: () => undefined,
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      clock: at(100),
    });
    const by = { signer: signers.deriver };
    const own = [{ uri: "urn:lab:status", index: 1 }];
    const one = await verify((await amended(await verify(child.artifact), { ...by, status: own })).artifact);
    expect(new Set(one.core.status.map(({ index }) => index))).toEqual(new Set([1, 4]));
    const two = await verify((await amended(one, { ...by, status: [{ uri: "urn:lab:status", index: 2 }] })).artifact);
    expect(new Set(two.core.status.map(({ index }) => index))).toEqual(new Set([2, 4]));
    expect(two.lineage.sources).toHaveLength(3);
    const wide = await amended(two, { ...by, custodyRule: {} });
    expect(await codeOf(() => verify(wide.artifact))).toBe("custody-rule");
  });

  test("[AMD-5] nothing is revised whose evidence has expired, or whose lineage is not checked where it must be", async () => {
    const lapsing = withApprovers((draft) => (draft.suites["p256"] = { verifyUntil: "2026-03-01T12:05:00Z" }));
    const soon = await verify(source.artifact, 60, lapsing);
    expect(await codeOf(() => amended(soon, { clock: at(299) }))).toBe("nothing was thrown");
    expect(await codeOf(() => amended(soon, { clock: at(300) }))).toBe("suite-lapsed");
    const demanding = withApprovers((draft) => (draft["demands"] = [{ classifications: ["internal"], parents: true }]));
    const { artifact } = await amended(first, { mediaType: "text/csv" });
    const whole = await verify(artifact, 300, demanding);
    expect(await codeOf(() => amended(whole, { clock: at(310) }))).toBe("nothing was thrown");
    const parts = decodeArtifact(artifact);
    const hidden = {
      ...parts,
      attachments: parts.attachments.filter((one) => listAttachments([one])[0]!.kind !== "source"),
    };
    const torn = await verify(encodeArtifact(hidden), 300, demanding);
    expect(await codeOf(() => amended(torn, { clock: at(310) }))).toBe("lineage-unchecked");
  });

  test("what can't be a revision: unknown options, nothing permitted, policies that aren't in force", async () => {
    await expect(amended(first, { more: 1 } as never)).rejects.toThrow(TypeError);
    const absent = { remove: [nameOfPolicy(research)], approvals: [], ledger: ledger() };
    expect(await codeOf(() => amended(first, { lower: absent }))).toBe("policy-reference");
    const none = await policy(document({ ...statistics, limits: { purposes: [["dpv:Advertising"]] } }));
    expect(await codeOf(() => amended(first, { add: [{ message: none }] }))).toBe("empty-meet");
    const all = { remove: [nameOfPolicy(strict)], approvals: [], ledger: ledger() };
    expect(await codeOf(() => amended(first, { lower: all }))).toBe("empty-meet");
    await expect(amended({ ...first }, {})).rejects.toThrow(TypeError);
  });
});

describe("a layer that is lowered", () => {
  test("[APR-7] two of two approve, and any verifier sees it", async () => {
    const { artifact, warnings } = await lowered(await both());
    expect(warnings.map(({ code }) => code)).toEqual(["copies-unaware", "cover-before"]);
    for (const by of [evaluator, undefined]) {
      const next = await ingest(artifact, trust, { ...(by ? { evaluator: by } : {}), clock: at(300) });
      expect(next.policies.map(({ id }) => id)).toEqual(["urn:acme:policy:looser"]);
      expect(next.core.lineage.approvals).toHaveLength(2);
    }
    expect(await plaintext(await verify(artifact))).toBe("ten rows");
  });

  test("[APR-3] [APR-4] [APR-5] [APR-7] what isn't enough", async () => {
    const refused = async (approvals: readonly Uint8Array[]): Promise<string> => codeOf(() => lowered(approvals));
    expect(await refused(await both()), "control").toBe("nothing was thrown");
    expect(await refused([])).toBe("approval-missing");
    expect(await refused([await approval(ada)])).toBe("approval-missing");
    const twice = await approval(ada);
    expect(await refused([twice, twice])).toBe("approval-missing");
    expect(await refused([await approval(ada), await approval({ ...bob, approver: ada.approver })])).toBe(
      "approval-missing",
    );
    expect(await refused([await approval(ada), await approval({ ...ada, approver: bob.approver })])).toBe(
      "approval-missing",
    );
    expect(await refused([await approval(ada), await approval({ ...bob, signer: intern })]), "no approver").toBe(
      "approval-missing",
    );
    expect(await refused(await both({ layers: layersWith(tooLoose) })), "other layers").toBe("approval-mismatch");
    expect(await refused(await both({ sources: [nameOfPolicy(strict)] })), "another source").toBe("approval-mismatch");
    expect(await refused(await both({ operation: "declassify" }))).toBe("approval-mismatch");
    expect(await refused(await both({ lifetimeSeconds: 10 }))).toBe("approval-expired");
    expect(await refused([await approval(ada), await approval({ ...bob, signer: signers.issuer })])).toBe(
      "signer-role",
    );
    const used = ledger();
    const approvals = await both();
    await lowered(approvals, {}, looser, used);
    expect(await codeOf(() => lowered(approvals, {}, looser, used)), "used before").toBe("approval-missing");
  });

  test("[INH-8] [APR-7] approvals don't go below what the policy allows at most, and nobody lowers a policy without `declassify`", async () => {
    const layers = layersWith(tooLoose);
    expect(await codeOf(async () => lowered(await both({ layers }), {}, tooLoose))).toBe("lowering-refused");
    const plain = await verify((await sealed()).artifact);
    const remove = { remove: [nameOfPolicy(research)], approvals: [], ledger: ledger() };
    expect(await codeOf(() => amended(plain, { add: [{ message: looser }], lower: remove }))).toBe("lowering-refused");
  });

  test("[APR-5] nothing is used up where the revision fails before", async () => {
    const used = ledger();
    const approvals = await both();
    expect(await codeOf(() => lowered(approvals, { custody: [] }, looser, used))).toBe("custody-no-recipient");
    await lowered(approvals, {}, looser, used);
  });

  test("[APR-8] an approval is good at the time at which sources are judged, and a cover keeps it so", async () => {
    const { artifact } = await lowered(await both());
    const day = 86_400 + 100;
    expect(await codeOf(() => verify(artifact, day - 1))).toBe("nothing was thrown");
    expect(await codeOf(() => verify(artifact, day))).toBe("approval-expired");
    const next = await verify(artifact);
    expect(next.deadline).toMatchObject({ at: at(day)() / 1000 });
    const covered = await cover(next, { signer: signers.archive, clock: at(400) });
    expect((await verify(covered.artifact, 40 * 86_400)).deadline).toBeNull();
    const timed = withApprovers((draft) => {
      const issuer = draft.signers.find(({ role, suite }) => role === "issue" && suite === "p256")!;
      issuer["trustedTime"] = true;
    });
    expect(await codeOf(() => verify(artifact, 40 * 86_400, timed)), "a seal trusted for time dates itself").toBe(
      "nothing was thrown",
    );
    const marked = withApprovers((draft) => {
      const one = draft.signers.find(({ authority }) => authority === "urn:role:dpo")!;
      one["invalidSince"] = "2026-03-01T12:30:00Z";
    });
    expect(await codeOf(() => verify(artifact, 300, marked))).toBe("signer-compromised");
    expect(await codeOf(() => verify(covered.artifact, 500, marked)), "covered before the mark").toBe(
      "nothing was thrown",
    );
  });

  test("[APR-7] several generations: what was lowered once stays lowered, and each further layer asks again", async () => {
    const once = await verify((await lowered(await both())).artifact);
    const again = await verify((await amended(once, { add: [{ message: research }], clock: at(200) })).artifact);
    const child = await derive([again], {
      operation: "transform",
      content: Buffer.from("sums"),
      write: () => undefined,
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      clock: at(240),
    });
    const end = await verify(child.artifact);
    expect(end.lineage).toMatchObject({ standing: "checked" });
    expect(end.lineage.sources).toHaveLength(3);
    expect(end.policies.map(({ id }) => id).sort()).toEqual(["urn:acme:policy:looser", "urn:acme:policy:research"]);
    expect(await codeOf(() => verify(child.artifact, 90_000)), "its source's approvals end, too").toBe(
      "approval-expired",
    );
  });
});

describe("declassify as a derivation", () => {
  test("[INH-8] [APR-7] a child under fewer layers, by the same approvals, which serve no revision", async () => {
    const layers = layersWith(looser);
    const make = (
      approvals: readonly Uint8Array[],
      operation: "declassify" | "transform" = "declassify",
    ): Promise<Uint8Array> =>
      derive([first], {
        operation,
        add: [{ message: looser }],
        lower: { remove: [nameOfPolicy(strict)], approvals, ledger: ledger() },
        content: Buffer.from("sums"),
        write: () => undefined,
        evaluator,
        recipients: [{ custody: keystore, keyUri: "local:data" }],
        signer: signers.deriver,
        clock: at(120),
      }).then(({ artifact }) => artifact);
    const child = await make(await both({ operation: "declassify", layers }));
    for (const by of [evaluator, undefined]) {
      const found = await ingest(child, trust, { ...(by ? { evaluator: by } : {}), clock: at(300) });
      expect(found.policies.map(({ id }) => id)).toEqual(["urn:acme:policy:looser"]);
    }
    expect(await codeOf(async () => make(await both()))).toBe("approval-mismatch");
    expect(await codeOf(() => make([]))).toBe("approval-missing");
    await expect(make([], "transform")).rejects.toThrow(RangeError);
  });
});
