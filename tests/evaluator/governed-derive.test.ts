// What is derived from governed plaintext comes back governed: a child under the layers of all that went in.
import { ingest } from "@writ/core";
import type { DecisionRequest } from "@writ/core";
import { govern, governRecords } from "@writ/evaluator";
import type { Derived, DerivingOptions, Governed, GovernOptions, Used } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  memorySink,
  policy,
  request,
  sealed,
  signers,
  trust,
  verified,
} from "../support/scene.ts";

const deriving: DerivingOptions = {
  recipients: [{ custody: keystore, keyUri: "local:other" }],
  signer: signers.deriver,
};
const aggregate: DecisionRequest = { ...request, operation: "aggregate" };

const policies = {
  first: await policy(
    document({
      id: "urn:acme:policy:first",
      permissions: [{ id: "p", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }],
    }),
  ),
  second: await policy(
    document({
      id: "urn:acme:policy:second",
      permissions: [{ id: "p", operations: ["aggregate"], purposes: ["dpv:AcademicResearch"] }],
    }),
  ),
  forbids: await policy(
    document({
      permissions: [{ id: "p", operations: ["aggregate"], purposes: ["dpv:AcademicResearch"] }],
      derive: { aggregate: "forbid" },
    }),
  ),
};

async function governed(
  kind: keyof typeof policies,
  text: string,
  change: Partial<GovernOptions> = {},
): Promise<Governed> {
  const { artifact, stored } = await sealed(Buffer.from(text), { policies: [{ message: policies[kind] }] });
  return govern(await verified(artifact), {
    evaluator,
    receipts: "none",
    custody: keystore,
    content: stored,
    clock: at(120),
    ...change,
  });
}

function derivedOf(used: Used<Derived>): Derived {
  return used.verdict === "permit" ? used.value : expect.fail(`the verdict is ${used.verdict}`);
}

const sum = (plaintext: Uint8Array): Uint8Array => {
  const numbers = Buffer.from(plaintext).toString().split(",").map(Number);
  return Buffer.from(String(numbers.reduce((a, b) => a + b)));
};
const text = (plaintext: Uint8Array): string => Buffer.from(plaintext).toString();

describe("one value", () => {
  test("[GOV-7] its child is governed by its layers, verifies on its own and cites the decision", async () => {
    const sink = memorySink();
    const parent = await governed("first", "1,2,3", { receipts: sink });
    const { data, bytes } = derivedOf(await parent.derive(aggregate, sum, deriving));
    expect(await data.use(request, text)).toMatchObject({ verdict: "permit", value: "6" });
    expect(await data.use({ ...request, operation: "train" }, text)).toMatchObject({ verdict: "deny" });
    const child = await ingest(bytes.artifact, trust, { evaluator, clock: at(180), content: bytes.content });
    expect(child.lineage.standing).toBe("checked");
    expect(child.core.lineage).toMatchObject({
      operation: "aggregate",
      actor: "urn:person:ada",
      receipts: [`sha384:${"1".padStart(96, "0")}`],
    });
    expect(child.core.lineage.parents).toHaveLength(1);
    expect(String(data)).toMatch(/^\[Governed [0-9a-f]{32}\]$/);
    expect(String(data)).not.toBe(String(parent));
  });

  test("[GOV-7] what the function made is zeroed once it is sealed, and when it can't be", async () => {
    const parent = await governed("first", "1,2,3");
    const made = Buffer.from("a result");
    derivedOf(await parent.derive(aggregate, () => made, deriving));
    expect(made.every((byte) => byte === 0)).toBe(true);
    const refused = Buffer.from("a result");
    const forbidding = await governed("forbids", "1,2,3");
    expect(await codeOf(() => forbidding.derive(aggregate, () => refused, deriving))).toBe("derive-forbidden");
    expect(refused.every((byte) => byte === 0)).toBe(true);
  });

  test("a copy of the plaintext itself may be what is derived", async () => {
    const parent = await governed("first", "1,2,3");
    const { data } = derivedOf(await parent.derive(aggregate, (plaintext) => plaintext, deriving));
    expect(await data.use(request, text)).toMatchObject({ value: "1,2,3" });
  });

  test("a use that isn't permitted derives nothing", async () => {
    const parent = await governed("second", "1,2,3");
    const used = await parent.derive({ ...request, operation: "share" }, () => expect.fail("called"), deriving);
    expect(used).toMatchObject({ verdict: "deny" });
  });

  test("wrong options and results are the caller's mistake", async () => {
    const parent = await governed("first", "1,2,3");
    for (const more of [{ operation: "copy" }, { content: Buffer.of(1) }, { receipts: [] }, { write: () => undefined }])
      await expect(parent.derive(aggregate, sum, { ...deriving, ...more })).rejects.toThrow(TypeError);
    await expect(parent.derive(aggregate, (() => "text") as never, deriving)).rejects.toThrow(TypeError);
  });
});

describe("a batch", () => {
  const sumAll = (records: readonly { readonly plaintext: Uint8Array }[]): Uint8Array =>
    sum(Buffer.from(records.map(({ plaintext }) => text(plaintext)).join(",")));

  test("[GOV-7] its child has the layers of every record that was given, and of no other", async () => {
    const sink = memorySink();
    const records = [
      await governed("first", "1,2", { receipts: sink }),
      await governed("second", "3", { receipts: sink }),
      await governed("first", "4", { receipts: sink }),
    ];
    const used = await governRecords(records, { onDeny: "refuse" }).derive(aggregate, sumAll, deriving);
    if (used.verdict !== "permit") return expect.fail(used.verdict);
    const { data, bytes } = used.value;
    expect(await data.use(aggregate, text)).toMatchObject({ value: "10" });
    expect(await data.use(request, text)).toMatchObject({ verdict: "deny" }); // the second policy lets nobody read
    const child = await ingest(bytes.artifact, trust, { evaluator, clock: at(180) });
    expect(child.core.lineage.parents).toHaveLength(3);
    expect(child.core.lineage.receipts).toHaveLength(3);
    expect(child.layers).toHaveLength(2);

    const readable = await governRecords(records, { onDeny: "filter" }).derive(request, sumAll, deriving);
    if (readable.verdict !== "permit") return expect.fail(readable.verdict);
    expect(await readable.value.data.use(request, text)).toMatchObject({ value: "7" });
    const filtered = await ingest(readable.value.bytes.artifact, trust, { evaluator, clock: at(180) });
    expect(filtered.core.lineage.parents).toHaveLength(2); // control: the record that was left out is no parent
  });

  test("[GOV-7] a record that forbids the derivation forbids it for all", async () => {
    const records = [await governed("first", "1"), await governed("forbids", "2")];
    const all = governRecords(records, { onDeny: "filter" });
    expect(await codeOf(() => all.derive(aggregate, sumAll, deriving))).toBe("derive-forbidden");
  });
});
