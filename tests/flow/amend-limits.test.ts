// Revisions and rewraps where one thing alone would go wrong: clocks behind, keys that a narrower rule leaves outside, what stays.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { cover, nameOf, parsePolicy } from "@writ/core";
import type { Custody, StatusEntry, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import type { AmendOptions } from "@writ/core/amend";
import { rewrap } from "@writ/core/rewrap";
import { encodeEarlier, earlierDigest } from "../../packages/core/src/anchor.ts";
import { AttachmentIndex } from "../../packages/core/src/attachments.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  research,
  sealed,
  signers,
  verified,
} from "../support/scene.ts";

const amended = (of: VerifiedArtifact, change: Partial<AmendOptions>): ReturnType<typeof amend> =>
  amend(of, { custody: keystore, evaluator, signer: signers.issuer, clock: at(120), ...change });

const extra = await policy(
  document({
    id: "urn:acme:policy:extra",
    permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
  }),
);
const narrowing = await policy(
  document({ kind: "restrict", id: "urn:acme:policy:narrowing", limits: { notOperations: ["train"] } }),
);

test("[ANC-5] [LIN-6] a clock behind the last anchor seals no revision before what it supersedes", async () => {
  const { artifact } = await cover(await verified((await sealed()).artifact), {
    signer: signers.archive,
    clock: at(1000),
  });
  const before = await verified(artifact, 1000);
  const { artifact: next } = await amended(before, { add: [{ message: extra }], clock: at(120) });
  const after = await verified(next, 1010);
  expect(after.lineage.standing).toBe("checked");
  expect(after.evidence.anchors[0]!.time).toBeGreaterThanOrEqual(before.evidence.anchors.at(-1)!.time);
});

test("[AMD-3] [RCP-5] a narrower custody rule keeps no key outside it, though the context stays", async () => {
  const of = await verified((await sealed(randomBytes(5), { custodyRule: { custodies: ["local", "test"] } })).artifact);
  const within = await amended(of, { custodyRule: { custodies: ["local"] } });
  expect((await verified(within.artifact, 200)).keys.recipients, "control").toHaveLength(1);
  expect(await codeOf(() => amended(of, { custodyRule: { custodies: ["test"] } }))).toBe("custody-rule");
});

test("[AMD-2] [AMD-4] an entry that a revision keeps doesn't end with the old one", async () => {
  const entry = (index: number): StatusEntry => ({ uri: "https://status.acme.example/1", index });
  const of = await verified((await sealed(randomBytes(5), { status: [entry(4), entry(5)] })).artifact);
  const ended: StatusEntry[] = [];
  const { superseded } = await amended(of, {
    status: [entry(5), entry(6)],
    supersede: (entries) => Promise.resolve(void ended.push(...entries)),
  });
  expect(superseded).toEqual([entry(4)]);
  expect(ended).toEqual([entry(4)]);
});

test("[SEA-2] no revision is without a grant, even where it may permit nothing", async () => {
  const of = await verified((await sealed()).artifact);
  const remove = [parsePolicy(research).digest];
  const lower = { remove, approvals: [], ledger: { spend: () => Promise.resolve(true) } };
  expect(await codeOf(() => amended(of, { add: [{ message: narrowing }], lower, allowEmpty: true }))).toBe(
    "empty-meet",
  );
  const granted = await codeOf(() => amended(of, { add: [{ message: extra }], lower, allowEmpty: true }));
  expect(granted, "control").toBe("lowering-refused");
});

test("[REW-1] a moved wrap keeps no alias and no material of the key before", async () => {
  const aliased: Custody = Object.assign(Object.create(keystore) as Custody, {
    scheme: keystore.scheme,
    describe: async (uri: string) => ({ ...(await keystore.describe(uri)), alias: "local:alias/data" }),
    generate: async (...of: Parameters<Custody["generate"]>) => {
      const made = await keystore.generate(...of);
      return { ...made, call: { ...made.call, materialId: "material-1" } };
    },
  });
  const of = await verified(
    (await sealed(randomBytes(5), { recipients: [{ custody: aliased, keyUri: "local:data" }] })).artifact,
  );
  expect(of.keys.recipients[0], "control").toMatchObject({ alias: "local:alias/data", materialId: "material-1" });
  const moved = await rewrap(of, {
    replace: [{ from: "local:data", to: { custody: keystore, keyUri: "local:other" } }],
    custody: [],
    signer: signers.archive,
    clock: at(90),
  });
  const [now] = (await verified(moved.artifact, 95)).keys.recipients;
  expect(now!.custodyUri).toBe("local:other");
  expect([now!.alias, now!.materialId]).toEqual([undefined, undefined]);
});

test("[ANC-4] the digest of many anchors with long root messages is that of the one array", () => {
  for (const size of [10, 9000]) {
    const earlier = Array.from({ length: 12 }, (_, index) => ({
      anchor: randomBytes(40),
      root: index % 3 === 0 ? null : randomBytes(size),
    }));
    for (const alg of [-16, -43, -44] as const) {
      const whole = Buffer.from(hash(alg, encodeEarlier(earlier)));
      expect(whole.equals(earlierDigest(alg, earlier)), `${size} bytes under ${alg}`).toBe(true);
    }
  }
});

test("[ATT-5] what a store does with bytes that it gave changes none that were taken", () => {
  const message = Buffer.from("a message");
  const lent = Uint8Array.from(message);
  const index = new AttachmentIndex([], { get: () => lent });
  const taken = index.approval(nameOf(message))!;
  lent.fill(0);
  expect(Buffer.from(taken).equals(message)).toBe(true);
  expect(index.approval(nameOf(message)), "control: asked again, it has none of that name").toBeUndefined();
});
