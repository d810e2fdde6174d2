// What becomes of policies in what is derived, end to end: sealed, derived, carried as bytes, verified, decided. Each form of a `derive` entry has a control that decides the other way.
import { describe, expect, test } from "vitest";
import { decide, derive, parsePolicy } from "@writ/core";
import type { DecisionRequest, DeriveOptions, Operation, Parameters, VerifiedArtifact } from "@writ/core";
import { govern, governRecords } from "@writ/evaluator";
import type { Derived, Governed, GovernedRecord } from "@writ/evaluator";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  request,
  sealed,
  signers,
  verified,
} from "../support/scene.ts";

const everything = ["read", "aggregate", "infer", "train", "transform", "copy"];
const permitting = (id: string, operations: readonly string[] = everything): object => ({
  id: `urn:acme:policy:${id}`,
  permissions: [{ id: "p1", operations, purposes: ["dpv:AcademicResearch"] }],
});

const statistics = await policy(document(permitting("statistics", ["read", "share"])));
const ofTenant = await policy(
  document({
    ...permitting("tenant-statistics", ["read"]),
    parameters: { tenant: "iri" },
    limits: { parties: [[{ param: "tenant" }]] },
  }),
);
const releaseTo = (message: Uint8Array, least: number): object => ({
  release: { policy: parsePolicy(message).digest, requires: { "output.k": { gte: least } } },
});

/** The policies of the sources; each has other entries. */
const policies = {
  plain: await policy(document(permitting("plain"))),
  said: await policy(document({ ...permitting("said"), derive: { aggregate: { inherit: true } } })),
  forbidding: await policy(document({ ...permitting("forbidding"), derive: { aggregate: "forbid" } })),
  adding: await policy(
    document({
      ...permitting("adding"),
      derive: {
        train: { inherit: true, add: { notOperations: ["copy"], regions: [["EU"]] } },
        aggregate: { inherit: true, add: { notOperations: ["train"] } },
      },
    }),
  ),
  releasing: await policy(
    document({ ...permitting("releasing", ["aggregate"]), derive: { aggregate: releaseTo(statistics, 10) } }),
  ),
  ofTenant: await policy(
    document({
      ...permitting("of-tenant", ["aggregate"]),
      parameters: { tenant: "iri" },
      limits: { parties: [[{ param: "tenant" }]] },
      derive: { aggregate: releaseTo(ofTenant, 5) },
    }),
  ),
  ofNobody: await policy(
    document({ ...permitting("of-nobody", ["aggregate"]), derive: { aggregate: releaseTo(ofTenant, 5) } }),
  ),
};

async function sourceOf(name: keyof typeof policies, parameters?: Parameters): Promise<VerifiedArtifact> {
  const { artifact } = await sealed(Buffer.from(`rows under ${name}`), {
    policies: [{ message: policies[name], ...(parameters && { parameters }) }],
    releasePolicies: [statistics, ofTenant].filter((message) =>
      JSON.stringify(parsePolicy(policies[name]).document).includes(parsePolicy(message).digest),
    ),
  });
  return verified(artifact);
}

let seconds = 120;

/** Derives, carries the child as bytes and verifies it. */
async function child(
  parents: readonly VerifiedArtifact[],
  operation: Operation,
  change: Partial<DeriveOptions> = {},
): Promise<VerifiedArtifact> {
  seconds += 60;
  const issued = await derive(parents, {
    operation,
    content: Buffer.from("what was derived"),
    write: () => undefined,
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.deriver,
    clock: at(seconds),
    ...change,
  });
  return verified(issued.artifact, seconds + 10);
}

async function verdictOf(artifact: VerifiedArtifact, change: Partial<DecisionRequest>): Promise<string> {
  const asked = { ...request, ...change };
  return (await decide(artifact, asked, { evaluator, receipts: "none", clock: at(seconds + 20) })).verdict;
}

async function verdicts(artifact: VerifiedArtifact, operations: readonly Operation[]): Promise<string> {
  const decided = await Promise.all(operations.map((operation) => verdictOf(artifact, { operation, region: "US" })));
  return decided.join(" ");
}

const idsOf = ({ policies: inForce }: VerifiedArtifact): string[] =>
  inForce.map(({ id }) => id.replace("urn:acme:policy:", "")).sort();
const viaOf = ({ policyLayers }: VerifiedArtifact): string[] =>
  policyLayers.map(({ via }) => [...via].sort().join(" ")).sort();

describe("one parent", () => {
  test("[INH-1] without an entry, and with a plain one, the layer is inherited", async () => {
    for (const name of ["plain", "said"] as const) {
      const parent = await sourceOf(name);
      const derived = await child([parent], "aggregate");
      expect([idsOf(derived), viaOf(derived), derived.lineage.standing]).toEqual([[name], [""], "checked"]);
      const asked = ["read", "train", "share"] as const;
      expect(await verdicts(derived, asked)).toBe(await verdicts(parent, asked));
      expect(await verdicts(derived, ["read"])).toBe("permit");
    }
  });

  test("[INH-2] `forbid` forbids that operation, and no other", async () => {
    const parent = await sourceOf("forbidding");
    expect(await codeOf(() => child([parent], "aggregate"))).toBe("derive-forbidden");
    expect(idsOf(await child([parent], "transform"))).toEqual(["forbidding"]);
  });

  test("[INH-3] what `add` says holds in the child, in the grandchild, and in what that is made into", async () => {
    const parent = await sourceOf("adding");
    const model = await child([parent], "train");
    const prediction = await child([model], "infer");
    const table = await child([prediction], "aggregate");
    expect([model, prediction, table].map((artifact) => viaOf(artifact))).toEqual([
      ["train"],
      ["train"],
      ["aggregate train"],
    ]);
    for (const heir of [model, prediction, table]) {
      expect(await verdictOf(heir, { operation: "read", region: "DE" })).toBe("permit");
      expect(await verdictOf(heir, { operation: "read", region: "US" })).toBe("deny");
      expect(await verdictOf(heir, { operation: "copy", region: "DE" })).toBe("deny");
    }
    expect(await verdictOf(table, { operation: "train", region: "DE" })).toBe("deny");
    expect(await verdictOf(prediction, { operation: "train", region: "DE" })).toBe("permit");
    expect(await verdicts(parent, ["read", "copy"])).toBe("permit permit"); // control
  });

  test("[INH-4] `release` lets the named policy in where the attested output meets its condition", async () => {
    const parent = await sourceOf("releasing");
    const enough = await child([parent], "aggregate", { output: { k: 10 } });
    expect([idsOf(enough), await verdicts(enough, ["read", "aggregate"])]).toEqual([["statistics"], "permit deny"]);
    for (const output of [{ k: 9 }, { rows: 100 }, { k: null }]) {
      const kept = await child([parent], "aggregate", { output });
      expect([idsOf(kept), await verdicts(kept, ["read", "aggregate"])]).toEqual([["releasing"], "deny permit"]);
    }
    const further = await child([enough], "copy");
    expect(idsOf(further)).toEqual(["statistics"]); // a release is not taken back
  });

  test("[INH-4] a released layer keeps the parameters that the new policy declares; one that it lacks refuses", async () => {
    const parent = await sourceOf("ofTenant", { tenant: "urn:org:one" });
    const released = await child([parent], "aggregate", { output: { k: 5 } });
    expect(released.policyLayers.map(({ parameters }) => ({ ...parameters }))).toEqual([{ tenant: "urn:org:one" }]);
    const of = (org: string): Promise<string> => verdictOf(released, { principal: { ...request.principal, org } });
    expect([await of("urn:org:one"), await of("urn:org:two")]).toEqual(["permit", "deny"]);
    const without = await sourceOf("ofNobody");
    expect(await codeOf(() => child([without], "aggregate", { output: { k: 5 } }))).toBe("release-refused");
    expect(idsOf(await child([without], "aggregate", { output: { k: 4 } }))).toEqual(["of-nobody"]); // control
  });
});

describe("several parents", () => {
  test("[INH-1, INH-3, INH-4] each layer goes by its own entry, whatever the order of the parents", async () => {
    const parents = [await sourceOf("plain"), await sourceOf("adding"), await sourceOf("releasing")];
    const output = { k: 12 };
    const derived = await child(parents, "aggregate", { output });
    const turned = await child([...parents].reverse(), "aggregate", { output });
    const ids = ["adding", "plain", "statistics"];
    for (const heir of [derived, turned]) {
      expect([idsOf(heir), viaOf(heir)]).toEqual([ids, ["", "", "aggregate"]]);
      expect(heir.layers.map(({ policy: name }) => name)).toEqual(derived.layers.map(({ policy: name }) => name));
      expect(await verdicts(heir, ["read", "train", "copy"])).toBe("permit deny deny");
    }
    const kept = await child(parents, "aggregate", { output: { k: 1 } });
    expect([idsOf(kept), await verdicts(kept, ["read", "aggregate"])]).toEqual([
      ["adding", "plain", "releasing"],
      "deny permit",
    ]);
  });

  test("[INH-2] one that forbids forbids for all, and without it the rest may be joined", async () => {
    const [plain, forbidding] = [await sourceOf("plain"), await sourceOf("forbidding")];
    expect(await codeOf(() => child([plain, forbidding], "aggregate"))).toBe("derive-forbidden");
    expect(idsOf(await child([plain], "aggregate"))).toEqual(["plain"]);
    const both = await child([plain, forbidding], "transform");
    expect(await codeOf(() => child([both], "aggregate"))).toBe("derive-forbidden"); // the grandchild's layers forbid, too
  });

  test("[INH-7] layers that leave nothing permitted are refused unless that is meant", async () => {
    const other = await policy(document(permitting("elsewhere", ["declassify"])));
    const elsewhere = await verified((await sealed(Buffer.from("x"), { policies: [{ message: other }] })).artifact);
    const none = [await sourceOf("plain"), elsewhere];
    expect(await codeOf(() => child(none, "transform"))).toBe("empty-meet");
    expect((await child(none, "transform", { allowEmpty: true })).policies).toHaveLength(2);
    const some = [await sourceOf("releasing"), await verified((await sealed()).artifact)];
    expect((await child(some, "transform")).policies).toHaveLength(2); // control: both permit aggregating
  });
});

describe("a model trained on governed data", () => {
  const texts = {
    clinic: document({
      ...permitting("clinic", ["read", "copy", "train", "infer"]),
      limits: { regions: [["EU", "US"]] },
      derive: { train: { inherit: true, add: { notOperations: ["copy"], notPurposes: ["dpv:Marketing"] } } },
    }),
    registry: document({ ...permitting("registry", ["train", "infer", "delegate"]), limits: { regions: [["EU"]] } }),
    wordsOnly: document(permitting("words-only", ["read", "infer"])),
  };
  const inEurope = { ...request, region: "DE" };
  const training: DecisionRequest = { ...inEurope, operation: "train" };
  const deriving = { recipients: [{ custody: keystore, keyUri: "local:data" }], signer: signers.deriver };

  async function governed(name: keyof typeof texts, rows: string): Promise<Governed> {
    const { artifact, stored } = await sealed(Buffer.from(rows), {
      policies: [{ message: await policy(texts[name]) }],
    });
    const options = { evaluator, receipts: "none" as const, custody: keystore, content: stored, clock: at(120) };
    return govern(await verified(artifact), options);
  }

  /** The least model there is: the mean of all rows. */
  function fit(records: readonly GovernedRecord<Uint8Array>[]): Uint8Array {
    const rows = records.flatMap(({ plaintext }) => Buffer.from(plaintext).toString().split(",").map(Number));
    return Buffer.from(JSON.stringify({ mean: rows.reduce((a, b) => a + b, 0) / rows.length, rows: rows.length }));
  }

  async function trained(
    names: readonly (keyof typeof texts)[],
    onDeny: "refuse" | "filter" = "refuse",
  ): Promise<Derived> {
    const sources = await Promise.all(names.map((name, index) => governed(name, `${index},${index + 2}`)));
    const used = await governRecords(sources, { onDeny }).derive(training, fit, deriving);
    return used.verdict === "permit" ? used.value : expect.fail(`the verdict is ${used.verdict}`);
  }

  const read = (model: Uint8Array): unknown => JSON.parse(Buffer.from(model).toString());

  test("[INH-1, GOV-7] its layers are the sources', its lineage names them, and `infer` is decided against all", async () => {
    const { data, bytes } = await trained(["clinic", "registry"]);
    const model = await verified(bytes.artifact, 200);
    expect([idsOf(model), viaOf(model)]).toEqual([
      ["clinic", "registry"],
      ["", "train"],
    ]);
    expect(model.core.lineage).toMatchObject({ operation: "train" });
    expect(model.lineage).toMatchObject({ standing: "checked" });
    const inferring: DecisionRequest = { ...inEurope, operation: "infer" };
    const used = await data.use(inferring, read);
    expect(used).toMatchObject({ verdict: "permit", value: { mean: 1.5, rows: 4 } });
    for (const denied of [
      { ...inferring, region: "US" }, // the registry's
      { ...inferring, purposes: ["dpv:Marketing"] },
      { ...inEurope, operation: "delegate", destination: null },
    ])
      expect((await data.use(denied as DecisionRequest, read)).verdict).toBe("deny");
    const { region: _region, ...nowhere } = inferring;
    expect((await data.use(nowhere, read)).verdict).toBe("unknown");
  });

  test("[INH-3] what the clinic adds for training holds for the model and for what it infers, not for the rows", async () => {
    const copying: DecisionRequest = { ...inEurope, operation: "copy" };
    const rows = await governed("clinic", "1,2");
    expect((await rows.use(copying, () => "copied")).verdict).toBe("permit"); // control
    const { data } = await trained(["clinic"]);
    expect((await data.use(copying, () => "copied")).verdict).toBe("deny");
    const inferred = await data.derive({ ...inEurope, operation: "infer" }, (model) => model, deriving);
    const prediction = inferred.verdict === "permit" ? inferred.value : expect.fail("inferring isn't permitted");
    expect(viaOf(await verified(prediction.bytes.artifact, 260))).toEqual(["train"]);
    expect((await prediction.data.use(inEurope, read)).verdict).toBe("permit");
    expect((await prediction.data.use(copying, () => "copied")).verdict).toBe("deny");
  });

  test("[GOV-5, GOV-7] a source that forbids training is no source, or there is no model", async () => {
    const { bytes } = await trained(["clinic", "wordsOnly", "registry"], "filter");
    expect(idsOf(await verified(bytes.artifact, 200))).toEqual(["clinic", "registry"]);
    const sources = await Promise.all((["clinic", "wordsOnly"] as const).map((name) => governed(name, "1,2")));
    expect((await governRecords(sources, { onDeny: "refuse" }).derive(training, fit, deriving)).verdict).toBe("deny");
  });
});
