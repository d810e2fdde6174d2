// Attacks on decisions, permits and their surroundings: permits used for something else, parts that lie, clocks, pollution.
import { describe, expect, test } from "vitest";
import {
  createReceiptLog,
  cover,
  decide,
  derive,
  ingest,
  open,
  openRange,
  PolicyError,
  verifyReceipts,
} from "@writ/core";
import type {
  DecideOptions,
  Decision,
  DecisionRequest,
  Digest,
  Evaluation,
  Evaluator,
  ReceiptSink,
  VerifiedArtifact,
} from "@writ/core";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  memorySink,
  policy,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const secret = Buffer.from("the plaintext that nobody may see");
const original = await sealed(secret);
const artifact = await verified(original.artifact);
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");

async function decided(change: Partial<DecisionRequest> = {}, options: Partial<DecideOptions> = {}): Promise<Decision> {
  return decide(artifact, { ...request, ...change }, { evaluator, receipts: "none", clock: at(60), ...options });
}

function opened(decision: Decision, over: VerifiedArtifact = artifact, seconds = 61): Promise<Buffer> {
  return drain(open(over, decision.permit!, { custody: keystore, content: original.stored, clock: at(seconds) }));
}

describe("permits used for something else", () => {
  test("[PER-3] [OPS-3] a permit to delete opens nothing, though it needs no purpose and no permission", async () => {
    const toDelete = async (): Promise<Decision> => {
      const nobody = { id: "urn:nobody", kind: "human" } as const;
      return decide(
        artifact,
        { operation: "delete", purposes: [], principal: nobody },
        { evaluator, receipts: "none", clock: at(60) },
      );
    };
    expect((await toDelete()).verdict).toBe("permit");
    expect(await codeOf(async () => opened(await toDelete()))).toBe("permit-mismatch");
    const range = async (): Promise<unknown> =>
      openRange(
        artifact,
        (await toDelete()).permit!,
        { start: 0, end: 4 },
        { custody: keystore, content: original.stored, clock: at(61) },
      );
    expect(await codeOf(range)).toBe("permit-mismatch");
    expect((await opened(await decided())).equals(secret), "control: a permit to read does").toBe(true);
  });

  test("[PER-2] two opens at once on one permit: one gets the plaintext", async () => {
    const decision = await decided();
    const both = await Promise.allSettled([
      (async () => opened(decision))(),
      (async () => opened(decision))(),
      (async () =>
        openRange(
          artifact,
          decision.permit!,
          { start: 0, end: 4 },
          { custody: keystore, content: original.stored, clock: at(61) },
        ))(),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  });

  test("[PER-3] [LIM-1] [DUT-5] what is due and still to be kept is opened by nobody who says that he stores it", async () => {
    const message = await policy(
      document({
        id: "urn:acme:policy:retention",
        limits: { deleteBy: date(100), keepUntil: date(200) },
        permissions: [{ id: "p", operations: ["read", "store"], purposes: ["dpv:AcademicResearch"] }],
      }),
    );
    const kept = await sealed(secret, { policies: [{ message }] });
    const outcome = async (seconds: number, operation: "read" | "store", held = false): Promise<string> => {
      const whole = await verified(kept.artifact, seconds);
      const { permit } = await decide(
        whole,
        { ...request, operation },
        {
          evaluator: held ? { ...evaluator, evaluate: underHold } : evaluator,
          receipts: "none",
          clock: at(seconds),
        },
      );
      if (!permit) return "denied";
      const options = { custody: keystore, content: kept.stored, clock: at(seconds) };
      return codeOf(async () => expect(await drain(open(whole, permit, options))).toEqual(secret));
    };
    const underHold: Evaluator["evaluate"] = (layers, asked, state) =>
      evaluator.evaluate(layers, asked, { ...state, holds: ["urn:hold:1"] });
    expect(await outcome(99, "store"), "control").toBe("nothing was thrown");
    expect(await outcome(100, "read")).toBe("denied");
    for (const seconds of [100, 199]) expect(await outcome(seconds, "store")).toBe("permit-expired");
    expect(await outcome(200, "store")).toBe("denied");
    expect(await outcome(150, "store", true), "control: a hold suspends the deletion").toBe("nothing was thrown");
  });

  test("[PER-1] [PER-3] not for another artifact, not as a copy, a clone, a look-alike or from another process", async () => {
    const other = await verified((await sealed(secret)).artifact);
    const { permit } = await decided();
    const named = { ...permit!, head: other.head };
    for (const [forged, code] of [
      [{ ...permit! }, "permit-spent"],
      [structuredClone(permit!), "permit-spent"],
      [Object.create(permit), "permit-spent"],
      [named, "permit-spent"],
      [JSON.parse(JSON.stringify(permit!)), "permit-spent"],
      [{}, "permit-spent"],
    ] as const)
      expect(
        await codeOf(() =>
          open(artifact, forged as never, { custody: keystore, content: original.stored, clock: at(61) }),
        ),
      ).toBe(code);
    expect(() => Object.assign(permit!, { until: Number.POSITIVE_INFINITY })).toThrow(TypeError);
    expect(await codeOf(() => opened({ ...await0(permit!) }, other))).toBe("permit-mismatch");
    const { permit: again } = await decided();
    expect((await opened({ ...await0(again!) })).equals(secret), "control").toBe(true);
  });

  test("[PER-1] [ART-10] not where a caller writes another artifact's bytes into what was permitted and back", async () => {
    const closed = document({
      id: "urn:acme:policy:europe",
      permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
      limits: { regions: [["EU"]] },
    });
    const { artifact: bytes, stored } = await sealed(secret, { policies: [{ message: await policy(closed) }] });
    const refused = await verified(bytes);
    expect((await decide(refused, request, { evaluator, receipts: "none", clock: at(60) })).verdict).toBe("deny");
    const permitted = await verified(original.artifact);
    const { permit } = await decide(permitted, request, { evaluator, receipts: "none", clock: at(60) });
    const partsOf = ({ parts }: VerifiedArtifact): Uint8Array[] => [parts.core, parts.keys, ...parts.anchors];
    const own = partsOf(permitted).map((part) => Uint8Array.from(part));
    partsOf(permitted).forEach((part, index) => part.set(partsOf(refused)[index]!));
    expect(permit!.head, "control: it takes the other's head").toBe(refused.head);
    partsOf(permitted).forEach((part, index) => part.set(own[index]!));
    const opening = { custody: keystore, content: stored, clock: at(61) };
    expect(await codeOf(() => drain(open(refused, permit!, opening)))).toBe("permit-mismatch");
  });

  test("[ING-1] [PER-1] neither leads to a constructor that makes more, nor lets its methods be replaced", async () => {
    const { artifact: bytes, stored } = await sealed();
    const artifact = await verified(bytes);
    const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
    for (const value of [artifact, permit!, artifact.policies[0]!, artifact.attachments]) {
      for (let each: object | null = value; each; each = Object.getPrototypeOf(each) as object | null)
        expect(each.constructor).toBe(Object);
      expect(Object.isFrozen(value) && Object.isFrozen(Object.getPrototypeOf(value))).toBe(true);
      expect(Reflect.set(Object.getPrototypeOf(value) as object, "checks", [])).toBe(false);
    }
    const made = Object.assign(Object.create(Object.getPrototypeOf(permit) as object) as object, permit);
    const copied = Object.create(artifact) as VerifiedArtifact;
    const opening = { custody: keystore, content: stored, clock: at(60) };
    expect(await codeOf(() => drain(open(artifact, made as never, opening)))).toBe("permit-spent");
    expect(() => open(copied, permit!, opening)).toThrow(TypeError);
    expect(await drain(open(artifact, permit!, opening))).toBeInstanceOf(Buffer); // control: the real ones do open
  });

  test("[PER-3] an open that is begun in time and read too late gets nothing", async () => {
    let seconds = 61;
    const { permit } = await decided();
    const late = open(artifact, permit!, { custody: keystore, content: original.stored, clock: () => at(seconds)() });
    seconds = 100_000;
    expect(await codeOf(() => drain(late))).toBe("permit-expired");
    seconds = 61;
    const { permit: fresh } = await decided();
    const inTime = open(artifact, fresh!, { custody: keystore, content: original.stored, clock: () => at(seconds)() });
    expect((await drain(inTime)).equals(secret), "control").toBe(true);
  });

  test("[PER-3] a re-anchored artifact is another head", async () => {
    const { permit } = await decided();
    const covered = await verified((await cover(artifact, { signer: signers.archive, clock: at(60) })).artifact, 70);
    expect(
      await codeOf(() => open(covered, permit!, { custody: keystore, content: original.stored, clock: at(71) })),
    ).toBe("permit-mismatch");
  });
});

/** What a decision would look like that carries this permit. */
function await0(permit: NonNullable<Decision["permit"]>): Decision {
  return { verdict: "permit", reasons: [], missing: [], obligations: [], permit, receipt: null };
}

describe("time that passes after ingest", () => {
  const lapsing = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: date(1000) }));
  const expiring = trustWith((draft) => (draft.expires = date(1000)));
  const requiring = trustWith(
    (draft) => (draft["required"] = [{ from: date(1000), suites: ["mldsa65"], stage: "enforce" }]),
  );

  test("[DEC-5] [TRU-9] an artifact verified before its evidence lapsed is denied afterwards", async () => {
    for (const by of [lapsing, requiring]) {
      const before = await ingest(original.artifact, by, { evaluator, clock: at(60) });
      const verdictAt = async (seconds: number): Promise<Decision> =>
        decide(before, request, { evaluator, receipts: "none", clock: at(seconds) });
      expect((await verdictAt(999)).verdict, "control: a second before").toBe("permit");
      expect(await verdictAt(1000)).toMatchObject({
        verdict: "deny",
        reasons: [{ code: "standing-expired" }],
        permit: null,
      });
    }
  });

  test("[DEC-6] a permit ends where the evidence does", async () => {
    for (const by of [lapsing, requiring, expiring]) {
      const before = await ingest(original.artifact, by, { evaluator, clock: at(60) });
      const decision = await decide(before, request, { evaluator, receipts: "none", clock: at(999) });
      expect(decision.permit!.until).toBe(Math.floor(at(1000)() / 1000));
      expect(await codeOf(() => opened(decision, before, 1000))).toBe("permit-expired");
    }
  });

  test("[TRU-4] [DEC-5] under a trust policy that has expired since, nothing is permitted", async () => {
    const before = await ingest(original.artifact, expiring, { evaluator, clock: at(60) });
    const decidedAt = (seconds: number): Promise<Decision> =>
      decide(before, request, { evaluator, receipts: "none", clock: at(seconds) });
    expect(await decidedAt(1000)).toMatchObject({ verdict: "deny", reasons: [{ code: "standing-expired" }] });
    expect((await decidedAt(999)).verdict, "control").toBe("permit");
  });

  test("[LIN-2] nothing is derived from a parent whose evidence has lapsed or whose trust policy has expired", async () => {
    const deriving = (parent: VerifiedArtifact, seconds: number) => (): Promise<unknown> =>
      derive([parent], {
        operation: "aggregate",
        content: secret,
        write: () => undefined,
        evaluator,
        recipients: [{ custody: keystore, keyUri: "local:data" }],
        signer: signers.deriver,
        clock: at(seconds),
      });
    const parent = await ingest(original.artifact, lapsing, { evaluator, clock: at(60) });
    expect(await codeOf(deriving(parent, 999)), "control").toBe("nothing was thrown");
    expect(await codeOf(deriving(parent, 1000))).toBe("suite-lapsed");
    expect(await codeOf(deriving(await ingest(original.artifact, lapsing, { evaluator, clock: at(2000) }), 2000))).toBe(
      "suite-lapsed",
    );
    expect(await codeOf(deriving(await ingest(original.artifact, expiring, { evaluator, clock: at(60) }), 1000))).toBe(
      "trust-expired",
    );
  });

  test("a clock that tells no time stops everything that asks it", async () => {
    for (const clock of [
      () => Number.NaN,
      () => Number.POSITIVE_INFINITY,
      () => -1,
      () => "1772366400000" as never,
      () => undefined as never,
    ]) {
      const decision = await decided();
      const calls = [
        () => ingest(original.artifact, trust, { clock }),
        () => decided({}, { clock }),
        () => open(artifact, decision.permit!, { custody: keystore, content: original.stored, clock }),
        () => cover(artifact, { signer: signers.archive, clock }),
        () => sealed(secret, { clock }),
      ];
      for (const call of calls) expect(await codeOf(call)).toContain("RangeError");
    }
  });

  test("[ANC-9] a clock set back makes evidence of the future, not evidence that lasts", async () => {
    const covered = (await cover(artifact, { signer: signers.archive, clock: at(5000) })).artifact;
    expect(await codeOf(() => ingest(covered, trust, { clock: at(4000) }))).toBe("anchor-time");
    expect(await codeOf(() => ingest(covered, trust, { clock: at(4700) })), "control").toBe("nothing was thrown");
  });
});

describe("parts that lie", () => {
  const answering = (answer: unknown): ReceiptSink => ({ append: () => Promise.resolve(answer as never) });

  test("[REC-3] a sink that throws, or says stored without a name, releases nothing", async () => {
    const throwing: ReceiptSink = {
      append: () => {
        throw new RangeError("disk full");
      },
    };
    for (const sink of [
      throwing,
      answering(undefined),
      answering(null),
      answering(true),
      answering("stored"),
      answering(`sha256:${"0".repeat(64)}`),
    ])
      expect(await codeOf(() => decided({}, { receipts: sink }))).toBe("receipt-not-durable");
    expect((await decided({}, { receipts: answering(`sha384:${"0".repeat(96)}`) })).verdict, "control").toBe("permit");
    for (const sink of [{}, { append: 1 }, null, "None", ["none"]])
      expect(await codeOf(() => decided({}, { receipts: sink as never }))).toBe("receipts-required");
  });

  test("[OPN-4] a sink that fails at the end withholds a range, and a stream ends with its code", async () => {
    let calls = 0;
    const failing: ReceiptSink = {
      append: (body) => {
        calls += 1;
        return body.kind === "release"
          ? Promise.reject(new RangeError("full"))
          : Promise.resolve<Digest>(`sha384:${"1".repeat(96)}`);
      },
    };
    const options = { custody: keystore, content: original.stored, clock: at(61) };
    const decision = await decided({}, { receipts: failing });
    expect(await codeOf(() => openRange(artifact, decision.permit!, { start: 0, end: 4 }, options))).toBe(
      "receipt-not-durable",
    );
    expect(
      await codeOf(async () => drain(open(artifact, (await decided({}, { receipts: failing })).permit!, options))),
    ).toBe("receipt-not-durable");
    expect(calls).toBe(4);
  });

  test("[DEC-6] an evaluator that throws or answers nonsense makes no permit", async () => {
    const saying = (answer: Partial<Evaluation>): Evaluator => ({
      ...evaluator,
      id: "liar",
      evaluate: (layers, asked, state) => ({ ...evaluator.evaluate(layers, asked, state), ...answer }),
    });
    const throwing: Evaluator = {
      ...evaluator,
      evaluate: () => {
        throw new PolicyError("request-schema", "no");
      },
    };
    const sink = memorySink();
    expect(await codeOf(() => decided({}, { evaluator: throwing, receipts: sink }))).toBe("request-schema");
    expect(sink.bodies).toEqual([]);
    for (const verdict of ["PERMIT", true, 1, ["permit"], undefined])
      expect((await decided({}, { evaluator: saying({ verdict: verdict as never }) })).permit).toBeNull();
    for (const until of [Number.NaN, undefined as never, "9".repeat(20) as never, {} as never]) {
      expect(await codeOf(() => decided({}, { evaluator: saying({ until }), receipts: sink }))).toContain("TypeError");
      expect(sink.bodies).toEqual([]);
    }
    expect((await decided({}, { evaluator: saying({}) })).permit, "control").not.toBeNull();
  });

  test("[REC-4] a receipt that could not be read again is never stored, so that it can't spoil its log", async () => {
    const entries: Uint8Array[] = [];
    const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(60) });
    await decided({}, { receipts: log });
    const [good] = memorySinkOf(await receiptBodies());
    for (const spoiled of [
      { ...good!, operation: "" },
      { ...good!, purposes: Array.from({ length: 9 }, () => "urn:a") },
      { ...good!, artifactId: new Uint8Array(3) },
      { ...good!, exit: "x".repeat(65) },
      { ...good!, missing: ["x".repeat(5000)] },
      { ...good!, principal: new Map() },
      { ...good!, verdict: "maybe" },
      { ...good!, reasons: [] },
    ])
      expect(await codeOf(() => log.append(spoiled as never))).toBe("structure");
    await decided({}, { receipts: log });
    expect(verifyReceipts(entries, null).length).toBe(2);
  });

  test("[REC-4] long facts, purposes and names in a request leave a log that can be read", async () => {
    const entries: Uint8Array[] = [];
    const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(60) });
    const long = "x".repeat(1900);
    const asking: Partial<DecisionRequest>[] = [
      { facts: { [`urn:${long}`]: 1 } },
      { purposes: [`urn:${long}`] },
      { principal: { id: `urn:${long}`, kind: "human" } },
      { principal: { id: "urn:a", kind: "human", org: "" } },
      { region: "" },
    ];
    for (const change of asking) {
      const before = entries.length;
      const code = await codeOf(() => decided(change, { receipts: log }));
      expect(["nothing was thrown", "request-schema"], JSON.stringify(change).slice(0, 40)).toContain(code);
      expect(entries.length - before).toBe(code === "request-schema" ? 0 : 1);
    }
    expect(verifyReceipts(entries, null).length).toBe(entries.length);
  });
});

async function receiptBodies(): Promise<ReturnType<typeof memorySink>> {
  const sink = memorySink();
  await decided({}, { receipts: sink });
  return sink;
}

function memorySinkOf({ bodies }: ReturnType<typeof memorySink>): typeof bodies {
  return bodies;
}

test("facts left out: neither bans nor duties are shed, and several purposes don't help each other", async () => {
  const careful = await policy(
    document({
      id: "urn:acme:policy:careful",
      limits: { notPurposes: ["dpv:Advertising"], notParties: ["urn:org:broker"] },
      permissions: [
        {
          id: "p1",
          operations: ["read"],
          purposes: ["dpv:AcademicResearch"],
          when: { "principal.roles": { hasAny: ["nurse"] } },
          duties: ["d1"],
        },
        { id: "p2", operations: ["read"], purposes: ["dpv:ServiceProvision"] },
      ],
      duties: [{ id: "d1", type: "delete", trigger: "after-use", within: "P1D" }],
    }),
  );
  const guarded = await verified((await sealed(secret, { policies: [{ message: careful }] })).artifact);
  const ask = async (change: object): Promise<Decision> =>
    decide(
      guarded,
      { ...request, principal: { id: "urn:a", kind: "human", org: "urn:org:clinic", roles: ["nurse"] }, ...change },
      { evaluator, receipts: "none", clock: at(60) },
    );
  const whole = await ask({});
  expect(whole).toMatchObject({ verdict: "permit", obligations: [{ duty: "d1" }] });
  const noOrg = await ask({ principal: { id: "urn:a", kind: "human", roles: ["nurse"] } });
  expect(noOrg.verdict).toBe("unknown");
  const noRoles = await ask({ principal: { id: "urn:a", kind: "human", org: "urn:org:clinic" } });
  expect(noRoles.verdict).not.toBe("permit");
  expect(noRoles.obligations.map(({ duty }) => duty)).toEqual(["d1"]);
  expect(
    (await ask({ principal: { id: "urn:a", kind: "human", org: "urn:org:broker", roles: ["nurse"] } })).verdict,
  ).toBe("deny");
  // each purpose has a permission, none has both; one that is banned, unknown or broader than a banned one spoils the rest
  expect((await ask({ purposes: ["dpv:ServiceProvision"] })).verdict).toBe("permit");
  for (const purposes of [
    ["dpv:AcademicResearch", "dpv:ServiceProvision"],
    ["dpv:AcademicResearch", "dpv:Advertising"],
    ["dpv:AcademicResearch", "dpv:Marketing"],
    ["dpv:AcademicResearch", "urn:not:a:term"],
  ])
    expect((await ask({ purposes })).verdict, purposes.join()).toBe("deny");
  expect((await ask({ purposes: ["dpv:AcademicResearch", "dpv:AcademicResearch"] })).verdict, "control").toBe("permit");
  expect(await codeOf(() => ask({ purposes: [] }))).toBe("request-schema");
  expect(await codeOf(() => ask({ purposes: "dpv:AcademicResearch" }))).toContain("TypeError");
  for (const change of [
    { region: 5 },
    { principal: { id: "urn:a", kind: "human", roles: "nurse" } },
    { operation: ["read"] },
    { principal: null },
  ])
    expect(await codeOf(() => ask(change)), JSON.stringify(change)).toContain("TypeError");
});
