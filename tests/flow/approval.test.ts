// Approvals: two people with different keys allow one thing, once, for a while.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cover, decide, describeSigner, encodeCbor, decodeCbor, ingest } from "@writ/core";
import type { CborMap, CborValue, Decision, Digest, ReceiptBody, Signer, SuiteName, TrustPolicy } from "@writ/core";
import {
  countApprovals,
  layersDigest,
  readApproval,
  signApproval,
  useApprovals,
  useWaivers,
} from "@writ/core/approval";
import type { ApprovalDraft, ApprovalLedger, UseApprovalsOptions } from "@writ/core/approval";
import { directoryLedger } from "@writ/evaluator/status";
import {
  at,
  codeOf,
  document,
  evaluator,
  freshPath,
  memorySink,
  newSigner,
  policy,
  request,
  sealed,
  signers,
  start,
  trustWith,
} from "../support/scene.ts";

const officer = newSigner("urn:role:dpo", "ed25519");
const owner = newSigner("urn:role:owner", "ed25519+mldsa65");
const approving = (change: (entry: Record<string, unknown>) => object = (entry) => entry): TrustPolicy =>
  trustWith((draft) => {
    draft.signers.push({ ...describeSigner(officer, "approve"), ...change({}) }, describeSigner(owner, "approve"));
  });
const trust = approving();
const ada = "urn:person:ada";
const bob = "urn:person:bob";

const message = await policy(
  document({
    id: "urn:acme:policy:briefed",
    limits: { maxStaleness: { approval: "PT1H" } },
    permissions: [{ id: "p", operations: ["read"], duties: ["briefing"] }],
    duties: [{ id: "briefing", type: "inform", trigger: "before-use", criticality: "required" }],
  }),
);
const { artifact } = await sealed(undefined, { policies: [{ message }] });
const verified = await ingest(artifact, trust, { evaluator, clock: at(60) });
const policyName = verified.layers[0]!.policy;
const waives = { policy: policyName, duty: "briefing" };

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

function approval(change: Partial<ApprovalDraft> = {}, signer: Signer = officer): Promise<Uint8Array> {
  const draft = {
    sources: [verified.name],
    operation: "read",
    waives,
    approver: ada,
    lifetimeSeconds: 86_400,
    clock: at(60),
  };
  return signApproval({ ...draft, ...change }, signer);
}

async function ask(
  messages: readonly Uint8Array[],
  more: Partial<UseApprovalsOptions> = {},
  seconds = 120,
): Promise<Decision & { ages: object }> {
  const approvals = await useWaivers(messages, verified, "read", { ledger: ledger(), clock: at(seconds), ...more });
  const sink = memorySink();
  const decision = await decide(verified, request, {
    evaluator,
    receipts: sink,
    state: { approvals },
    clock: at(seconds),
  });
  return { ...decision, ages: Object.fromEntries(sink.bodies[0]!.stateAgesMs ?? []) };
}

/** The statement changed and signed again, past what `signApproval` refuses. */
async function forged(change: (statement: Map<number, CborValue>) => void): Promise<Uint8Array> {
  const [body, none, payload, signatures] = decodeCbor(await approval()) as [
    Uint8Array,
    CborMap,
    Uint8Array,
    CborValue[][],
  ];
  const statement = new Map(decodeCbor(payload) as ReadonlyMap<number, CborValue>);
  change(statement);
  const changed = encodeCbor(statement);
  const [header] = signatures[0] as [Uint8Array];
  const aad = new TextEncoder().encode("writ/1 approval");
  const signature = await officer.keys[0]!.sign(encodeCbor(["Signature", body, header, aad, changed]));
  return encodeCbor([body, none, changed, [[header, new Map(), signature]]]);
}

describe("a duty waived by approvals", () => {
  test("[APR-6] [DUT-4] the use is permitted, and the receipt says how old the approval is", async () => {
    expect((await ask([])).missing.map(({ fact }) => fact)).toEqual(["approval:briefing"]);
    const { verdict, ages } = await ask([await approval()]);
    expect([verdict, ages]).toEqual(["permit", { "approval:briefing": 60_000 }]);
    expect((await ask([await approval()], {}, 60 + 3601)).verdict).toBe("unknown"); // older than the policy takes
  });

  test("[REC-11] [APR-6] the receipt names the approvals that were used up, and no permit outlives them", async () => {
    const messages = [await approval(), await approval({ approver: bob, lifetimeSeconds: 70 }, owner)];
    const names = messages.map((signed) => readApproval(signed, trust, start / 1000 + 120).name);
    const decided = async (given: readonly Uint8Array[]): Promise<[Decision, ReceiptBody]> => {
      const approvals = await useWaivers(given, verified, "read", { ledger: ledger(), clock: at(120) });
      const sink = memorySink();
      const options = { evaluator, receipts: sink, state: { approvals }, clock: at(120) };
      return [await decide(verified, request, options), sink.bodies[0]!];
    };
    const [both, said] = await decided(messages);
    expect(new Set(said.approvals)).toEqual(new Set(names));
    expect(both.permit!.until).toBe(start / 1000 + 60 + 70);
    const [one, alone] = await decided(messages.slice(0, 1));
    expect([alone.approvals, one.permit!.until]).toEqual([[names[0]], start / 1000 + 120 + 300]);
    expect((await decided([]))[1].approvals).toBeUndefined(); // control
  });

  test("[APR-9] a policy that says who lowers it says who waives its duties", async () => {
    const guarded = await policy(
      document({
        id: "urn:acme:policy:guarded",
        permissions: [{ id: "p", operations: ["read"], duties: ["briefing"] }],
        duties: [{ id: "briefing", type: "inform", trigger: "before-use", criticality: "required" }],
        declassify: {
          threshold: 2,
          approvers: ["urn:role:dpo", "urn:role:owner"],
          atMost: { purposes: [["dpv:AcademicResearch"]] },
        },
      }),
    );
    const others = newSigner("urn:role:clerk", "ed25519");
    const wider = trustWith((draft) => {
      for (const signer of [officer, owner, others]) draft.signers.push(describeSigner(signer, "approve"));
    });
    const { artifact: bytes } = await sealed(undefined, { policies: [{ message: guarded }] });
    const over = await ingest(bytes, wider, { evaluator, clock: at(60) });
    const duty = { policy: over.layers[0]!.policy, duty: "briefing" };
    const by = (signer: Signer, approver: string): Promise<Uint8Array> =>
      approval({ sources: [over.name], waives: duty, approver }, signer);
    const use = async (given: readonly Uint8Array[], more: Partial<UseApprovalsOptions> = {}): Promise<string> =>
      codeOf(() => useWaivers(given, over, "read", { ledger: ledger(), clock: at(120), ...more }));
    const [first, second, clerk] = [await by(officer, ada), await by(owner, bob), await by(others, "urn:person:cy")];
    expect(await use([first])).toBe("approval-missing");
    expect(await use([first, clerk])).toBe("approval-missing"); // a clerk is none of those whom the policy names
    expect(await use([first, second], { threshold: 1 })).toBe("nothing was thrown");
    expect(await use([first], { threshold: 1 })).toBe("approval-missing"); // fewer than the policy says serve never
    expect(await use([first, second], { threshold: 3 })).toBe("approval-missing"); // the caller may ask for more
    expect(await use([first, second], { approvers: ["urn:role:owner"] })).toBe("approval-missing");
    expect(await codeOf(() => ask([clerk]))).not.toBe("nothing was thrown"); // and it is for this artifact alone
    const loose = await approval({}, officer);
    expect((await ask([loose])).verdict).toBe("permit"); // control: without `declassify` one suffices
  });

  test("[APR-3] two of two: different signers and different persons", async () => {
    const two = { threshold: 2 };
    const both = [await approval(), await approval({ approver: bob, clock: at(90) }, owner)];
    expect(await ask(both, two)).toMatchObject({ verdict: "permit", ages: { "approval:briefing": 60_000 } });
    const onePerson = [await approval(), await approval({}, owner)];
    expect(await codeOf(() => ask(onePerson, two))).toBe("approval-missing");
    const oneKey = [await approval(), await approval({ approver: bob })];
    expect(await codeOf(() => ask(oneKey, two))).toBe("approval-missing");
    expect(await codeOf(() => ask([both[0]!, both[0]!], two))).toBe("approval-missing");
    expect(await codeOf(() => ask([], { ...two, threshold: 0 }))).toContain("RangeError");
    const ownersOnly = { approvers: ["urn:role:owner"] };
    expect(await codeOf(() => ask([both[0]!], ownersOnly))).toBe("approval-missing");
    expect((await ask([both[1]!], ownersOnly)).verdict).toBe("permit");
  });

  test("[APR-3] no count exceeds the signers or the persons, and each that is left out shares one that counted", async () => {
    const any = await approval();
    const base = readApproval(any, trust, start / 1000 + 120);
    const letter = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.array(fc.record({ keys: letter, approver: letter }), { maxLength: 12 }), (drawn) => {
        const all = drawn.map((one) => ({ ...base, ...one }));
        const counted = countApprovals(all);
        expect(new Set(counted.map(({ keys }) => keys)).size).toBe(counted.length);
        expect(new Set(counted.map(({ approver }) => approver)).size).toBe(counted.length);
        for (const { keys, approver } of all)
          expect(counted.some((one) => one.keys === keys || one.approver === approver)).toBe(true);
      }),
    );
  });

  test("[APR-5] each is used once, over all who share the ledger, whatever is decided", async () => {
    const folder = freshPath("ledger");
    const one = await approval();
    expect((await ask([one], { ledger: directoryLedger(folder) })).verdict).toBe("permit");
    expect(await codeOf(() => ask([one], { ledger: directoryLedger(folder) }))).toBe("approval-missing");
    expect((await ask([await approval()], { ledger: directoryLedger(folder) })).verdict).toBe("permit"); // control
    const many = await approval();
    const shared = directoryLedger(folder);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => codeOf(() => ask([many], { ledger: shared }))));
    expect(outcomes.filter((code) => code === "nothing was thrown")).toHaveLength(1);
    expect(await codeOf(() => ask([many], { ledger: { spend: () => Promise.resolve(undefined as never) } }))).toBe(
      "approval-missing",
    );
  });

  test("[APR-4] it serves for nothing else", async () => {
    const other = `sha384:${"0".repeat(96)}` as const;
    const wrong = [
      { operation: "aggregate" },
      { sources: [other] },
      { sources: [verified.name, other] },
      { waives: { policy: other, duty: "briefing" } },
    ];
    for (const change of wrong)
      expect([change, await codeOf(async () => ask([await approval(change)]))]).toEqual([change, "approval-mismatch"]);
    const layers = verified.layers;
    const forLayers = await signApproval(
      {
        sources: [verified.name],
        operation: "read",
        layers,
        approver: ada,
        lifetimeSeconds: 60,
        clock: at(60),
      },
      officer,
    );
    expect(await codeOf(() => ask([forLayers], {}, 90))).toBe("approval-mismatch");
    const otherDuty = await approval({ waives: { policy: policyName, duty: "report" } });
    expect((await ask([otherDuty])).verdict).toBe("unknown");
  });
});

describe("an approval of new layers", () => {
  test("[APR-1] [APR-4] exactly these layers of exactly these sources", async () => {
    const layers = [{ policy: policyName, parameters: new Map([["tenant", "a"]]) }];
    const draft = {
      sources: [verified.name],
      operation: "declassify",
      approver: ada,
      lifetimeSeconds: 60,
      clock: at(60),
    };
    const signed = await signApproval({ ...draft, layers }, owner);
    const change = { sources: [verified.name], operation: "declassify" };
    const use = (given: typeof layers): Promise<readonly Digest[]> =>
      useApprovals([signed], trust, { ...change, layers: given }, { ledger: ledger(), clock: at(90) });
    expect(await use(layers)).toEqual([readApproval(signed, trust, start / 1000 + 90).name]);
    expect(await codeOf(() => use([{ policy: policyName, parameters: new Map([["tenant", "b"]]) }]))).toBe(
      "approval-mismatch",
    );
    expect(
      await codeOf(() => useApprovals([signed], trust, { ...change, waives }, { ledger: ledger(), clock: at(90) })),
    ).toBe("approval-mismatch");
    expect(await codeOf(() => useApprovals([signed], trust, change, { ledger: ledger(), clock: at(90) }))).toContain(
      "TypeError",
    );
    expect(layersDigest([...layers, ...layers])).toBe(layersDigest(layers)); // a set
  });
});

describe("the message", () => {
  const now = start / 1000 + 120;

  test.each<SuiteName>(["ed25519", "p256", "ed25519+mldsa65", "mldsa65"])(
    "[APR-2] by a signer of suite %s",
    async (suite) => {
      const signer = newSigner("urn:role:dpo", suite);
      const own = trustWith((draft) => void draft.signers.push(describeSigner(signer, "approve")));
      expect(readApproval(await approval({}, signer), own, now)).toMatchObject({
        approver: ada,
        authority: "urn:role:dpo",
      });
    },
  );

  test("[APR-2] another role, another key, a marked key, dates, a lapsed suite", async () => {
    const read = (signed: Uint8Array, under = trust): Promise<string> => codeOf(() => readApproval(signed, under, now));
    const good = await approval();
    expect(await read(good)).toBe("nothing was thrown");
    expect(await read(await approval({}, signers.issuer))).toBe("signer-role");
    expect(await read(await approval({}, newSigner("urn:role:dpo", "ed25519")))).toBe("signer-unknown");
    expect(
      await read(
        good,
        approving(() => ({ invalidSince: "2027-01-01T00:00:00Z" })),
      ),
    ).toBe("signer-compromised");
    expect(
      await read(
        good,
        approving(() => ({ notAfter: "2026-03-01T12:01:00Z" })),
      ),
    ).toBe("signer-dates");
    const lapsed = trustWith((draft) => {
      draft.signers.push(describeSigner(officer, "approve"));
      draft.suites["ed25519"] = { verifyUntil: "2026-03-01T12:01:30Z" };
    });
    expect(await read(good, lapsed)).toBe("suite-lapsed");
    const torn = Uint8Array.from(good);
    torn[torn.length - 1] = torn[torn.length - 1]! ^ 1;
    expect(await read(torn)).toBe("signature-invalid");
    expect(await read(encodeCbor(["x"]))).toBe("cose-structure");
  });

  test("[APR-2] it is good for 30 days at most, and not before its time", async () => {
    const until = async (lifetimeSeconds: number, seconds: number): Promise<string> => {
      const signed = await approval({ lifetimeSeconds });
      return codeOf(() => readApproval(signed, trust, start / 1000 + seconds));
    };
    expect(await until(60, 119)).toBe("nothing was thrown");
    expect(await until(60, 120)).toBe("approval-expired");
    expect(await until(60, -241)).toBe("approval-expired");
    expect(await until(60, -240)).toBe("nothing was thrown");
    for (const lifetime of [0, 30 * 86_400 + 1, 1.5])
      expect(await codeOf(() => approval({ lifetimeSeconds: lifetime }))).toContain("RangeError");
    const long = await forged((statement) => statement.set(8, (statement.get(7) as number) + 30 * 86_400 + 1));
    expect(await codeOf(() => readApproval(long, trust, now))).toBe("approval-expired");
    expect(await codeOf(async () => readApproval(await forged(() => undefined), trust, now))).toBe(
      "nothing was thrown",
    ); // control
  });

  test("[APR-1] both or neither of layers and duty, an unknown version, no source", async () => {
    const read = async (change: (statement: Map<number, CborValue>) => void): Promise<string> => {
      const signed = await forged(change);
      return codeOf(() => readApproval(signed, trust, now));
    };
    expect(await read((statement) => void statement.delete(5))).toBe("structure");
    expect(await read((statement) => void statement.set(4, (statement.get(2) as CborValue[])[0]!))).toBe("structure");
    expect(await read((statement) => void statement.set(1, 2))).toBe("structure");
    expect(await read((statement) => void statement.set(2, []))).toBe("structure");
    expect(await codeOf(() => approval({ layers: verified.layers }))).toBe("structure");
    expect(await codeOf(() => approval({ more: 1 } as never))).toContain("TypeError");
  });

  test("no other signature of Writ is an approval", async () => {
    const { artifact: covered } = await cover(verified, { signer: signers.archive, clock: at(90) });
    expect(covered.length).toBeGreaterThan(0);
    expect(await codeOf(() => readApproval(message, trust, now))).toBe("cose-structure");
    const anchors = verified.parts.anchors[0]!;
    expect(await codeOf(() => readApproval(anchors, trust, now))).toBe("cose-structure");
    expect(countApprovals([])).toEqual([]);
  });
});
