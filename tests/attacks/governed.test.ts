// Attacks on governed values: functions that change what was asked while they hold the plaintext, batches that are asked two things.
import { describe, expect, test } from "vitest";
import { parsePolicy } from "@writ/core";
import type { ConsentSource, DecisionRequest, Receipt } from "@writ/core";
import { govern, governRecords } from "@writ/evaluator";
import type { Derived, DerivingOptions, Governed, GovernOptions } from "@writ/evaluator";
import {
  at,
  document,
  evaluator,
  keystore,
  memorySink,
  policy,
  request,
  sealed,
  signers,
  verified,
} from "../support/scene.ts";

const deriving: DerivingOptions = {
  recipients: [{ custody: keystore, keyUri: "local:other" }],
  signer: signers.deriver,
};
const statistics = { id: "p", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] };
const released = await policy(document({ id: "urn:acme:policy:statistics", permissions: [statistics] }));
/** In groups of ten another policy takes its place; what is trained goes nowhere else. */
const guarded = await policy(
  document({
    id: "urn:acme:policy:rows",
    permissions: [{ ...statistics, operations: ["aggregate", "train"] }],
    limits: { consents: ["urn:consent:ada"] },
    derive: {
      aggregate: { release: { policy: parsePolicy(released).digest, requires: { "output.k": { gte: 10 } } } },
      train: "forbid",
    },
  }),
);
const { artifact, stored } = await sealed(Buffer.from("1,2,3"), {
  policies: [{ message: guarded }],
  releasePolicies: [released],
});
const source = await verified(artifact);

type Asked = { -readonly [K in keyof DecisionRequest]: DecisionRequest[K] };

function asking(operation: DecisionRequest["operation"], k?: number): Asked {
  return structuredClone({ ...request, operation, ...(k === undefined ? {} : { output: { k } }) });
}

/** A consent register that is given, and told of each question. */
function consents(onRead: (read: number) => void = () => undefined): { readonly consents: ConsentSource } {
  let read = 0;
  return {
    consents: {
      read: (ids) => {
        onRead((read += 1));
        return Promise.resolve(Object.fromEntries(ids.map((id) => [id, { value: "given" as const, ageMs: 0 }])));
      },
    },
  };
}

function governed(change: Partial<GovernOptions> = {}): Governed {
  const options = { evaluator, receipts: "none" as const, custody: keystore, content: stored, clock: at(120) };
  return govern(source, { ...options, sources: consents(), ...change });
}

const layersOf = async ({ bytes }: Derived): Promise<string[]> =>
  (await verified(bytes.artifact, 180)).policies.map(({ id }) => id);

/** What of a child the function may not choose any more. */
async function childOf(asked: Asked, change: () => void): Promise<object> {
  const one = await governed().derive(
    asked,
    () => {
      change();
      return Buffer.from("result");
    },
    deriving,
  );
  if (one.verdict !== "permit") return { verdict: one.verdict };
  const { operation, actor, output } = (await verified(one.value.bytes.artifact, 180)).core.lineage;
  return { operation, actor, k: output?.get("k") ?? null, layers: await layersOf(one.value) };
}

describe("a request that the function changes", () => {
  test("[GOV-7] [INH-4] is derived as it was decided: no other output releases a layer", async () => {
    const asked = asking("aggregate", 3);
    expect(await childOf(asked, () => (asked.output = { k: 100 }))).toEqual({
      operation: "aggregate",
      actor: "urn:person:ada",
      k: 3,
      layers: ["urn:acme:policy:rows"],
    });
    const within = asking("aggregate", 3);
    expect(await childOf(within, () => Object.assign(within.output!, { k: 100 }))).toMatchObject({ k: 3 });
    expect(await childOf(asking("aggregate", 10), () => undefined), "control: this output does").toMatchObject({
      layers: ["urn:acme:policy:statistics"],
    });
  });

  test("[GOV-7] [INH-2] no other operation, and nobody else, is who derived", async () => {
    const asked = asking("train");
    await expect(childOf(asked, () => (asked.operation = "aggregate"))).rejects.toThrow(/forbids `train`/);
    const named = asking("aggregate", 3);
    const rename = (): unknown => Object.assign(named.principal, { id: "urn:person:eve" });
    expect(await childOf(named, rename)).toMatchObject({ actor: "urn:person:ada" });
  });

  test("[GOV-5] [GOV-7] a batch is asked one thing, whatever becomes of it between two records", async () => {
    const asked = asking("aggregate", 3);
    const sink = memorySink();
    const sources = consents((read) => {
      if (read === 1) Object.assign(asked, { operation: "train", output: { k: 100 } });
    });
    const batch = governRecords([governed({ receipts: sink, sources }), governed({ receipts: sink, sources })], {
      onDeny: "refuse",
    });
    const used = await batch.use(asked, (records) => records.length);
    expect(used).toMatchObject({ verdict: "permit", value: 2 });
    const decisions = sink.bodies.filter(({ kind }) => kind === "decision") as unknown as readonly Receipt[];
    expect(decisions.map(({ operation }) => operation)).toEqual(["aggregate", "aggregate"]);
    expect(new Set(decisions.map((one) => one.request)).size).toBe(1);
    const again = asking("aggregate", 3);
    const derived = await batch.derive(
      again,
      () => {
        again.output = { k: 100 };
        return Buffer.from("result");
      },
      deriving,
    );
    expect(derived.verdict === "permit" && (await layersOf(derived.value))).toEqual(["urn:acme:policy:rows"]);
  });
});

test("[GOV-1] what is no request is the caller's mistake, as for a decision", async () => {
  const wrong: readonly unknown[] = [null, "read", 7, { ...request, operation: (): string => "read" }];
  for (const one of wrong) {
    const batch = governRecords([governed()], { onDeny: "refuse" });
    await expect(batch.use(one as DecisionRequest, () => 1)).rejects.toThrow(TypeError);
    await expect(governed().use(one as DecisionRequest, () => 1)).rejects.toThrow(TypeError);
    const made = (): Uint8Array => Buffer.from("x");
    await expect(governed().derive(one as DecisionRequest, made, deriving)).rejects.toThrow(TypeError);
  }
});
