// Duties that uses bring about: owed by the actor, until somebody in the right role says that they are done.
import { describe, expect, test } from "vitest";
import { createReceiptLog, decide, ingest, verifyReceipts } from "@writ/core";
import type { CheckedReceipt, Principal, ReceiptLog } from "@writ/core";
import { dischargeDuty, liabilitiesOf } from "@writ/core/liability";
import type { Liability } from "@writ/core/liability";
import { at, codeOf, document, evaluator, policy, request, sealed, start, trust } from "../support/scene.ts";

const steward = "urn:role:steward";
const message = await policy(
  document({
    id: "urn:acme:policy:dutiful",
    permissions: [{ id: "p", operations: ["read"], duties: ["erase", "report", "tell"] }],
    duties: [
      { id: "erase", type: "delete", trigger: "after-use", within: "P30D" },
      { id: "report", type: "report", trigger: "each-use", within: "P1D", by: steward },
      { id: "tell", type: "inform", trigger: "before-use", criticality: "best_effort" },
    ],
  }),
);
const { artifact } = await sealed(undefined, { policies: [{ message }] });
const verified = await ingest(artifact, trust, { evaluator, clock: at(60) });
const duties = verified.layers[0]!.policy;
const bob: Principal = { id: "urn:person:bob", kind: "human", org: null, roles: [steward] };

/** A log in memory with a clock that can be set. */
function world(): {
  log: ReceiptLog;
  receipts: () => readonly CheckedReceipt[];
  use: (seconds: number, who?: Principal) => Promise<CheckedReceipt>;
  done: (of: CheckedReceipt, duty: string, who?: Principal) => Promise<unknown>;
} {
  const entries: Uint8Array[] = [];
  let seconds = 0;
  const log = createReceiptLog({
    write: (entry) => Promise.resolve(void entries.push(entry)),
    clock: () => at(seconds)(),
  });
  const receipts = (): readonly CheckedReceipt[] => verifyReceipts(entries, null);
  return {
    log,
    receipts,
    use: async (when, who = request.principal) => {
      seconds = when;
      const asked = { ...request, principal: who };
      expect((await decide(verified, asked, { evaluator, receipts: log, clock: at(when) })).verdict).toBe("permit");
      return receipts().at(-1)!;
    },
    done: (of, duty, who = bob) => dischargeDuty(log, of, { policy: duties, duty }, who),
  };
}

const openOf = (all: readonly Liability[]): string[] =>
  all
    .filter(({ discharge }) => discharge === null)
    .map(({ duty, principal }) => `${duty} ${principal.split(":").at(-1)}`);

describe("liabilities", () => {
  test("[LIA-2] each use owes its own report, an actor erases once, and what is due before isn't owed", async () => {
    const { use, receipts } = world();
    await use(100);
    await use(200);
    await use(300, { ...request.principal, id: "urn:person:eve" });
    const all = liabilitiesOf(receipts());
    expect(openOf(all)).toEqual(["erase ada", "report ada", "report ada", "erase eve", "report eve"]);
    expect(all[0]).toMatchObject({
      type: "delete",
      since: start / 1000 + 100,
      dueAt: start / 1000 + 100 + 30 * 86_400,
    });
    expect(all[1]).toMatchObject({ by: steward, dueAt: start / 1000 + 100 + 86_400 });
  });

  test("[LIA-1] [LIA-3] a discharge ends one, a further use owes anew", async () => {
    const { use, done, receipts } = world();
    const first = await use(100);
    const second = await use(200);
    await done(second, "report");
    expect(openOf(liabilitiesOf(receipts()))).toEqual(["erase ada", "report ada"]);
    expect(
      liabilitiesOf(receipts()).find(({ decision, duty }) => decision === first.name && duty === "report")?.discharge,
    ).toBeNull();
    await done(second, "erase"); // one erasure, whichever use is named
    await done(first, "report");
    await done(first, "report"); // a second time changes nothing
    expect(openOf(liabilitiesOf(receipts()))).toEqual([]);
    const { receipt } = receipts().at(-1)!;
    expect(receipt).toMatchObject({
      kind: "discharge",
      decision: first.name,
      discharged: { policy: duties, duty: "report", by: steward },
    });
    await use(400);
    expect(openOf(liabilitiesOf(receipts()))).toEqual(["erase ada", "report ada"]);
  });

  test("[LIA-3] what was discharged before it was owed, or for something else, stays open", async () => {
    const { use, receipts } = world();
    const used = await use(100);
    const other = world();
    const elsewhere = await other.use(100);
    await other.done(elsewhere, "erase");
    const foreign = other.receipts().at(-1)!;
    expect(openOf(liabilitiesOf([foreign, ...receipts()]))).toEqual(["erase ada", "report ada"]);
    const forged = (discharged: object): CheckedReceipt => ({
      ...foreign,
      receipt: { ...foreign.receipt, decision: used.name, ...discharged },
    });
    const asked = (done: CheckedReceipt): string[] => openOf(liabilitiesOf([...receipts(), done]));
    expect(asked(forged({}))).toEqual(["report ada"]); // control
    expect(asked(forged({ discharged: { policy: duties, duty: "report" } }))).toHaveLength(2); // without the role
    expect(asked(forged({ discharged: { policy: duties, duty: "tell" } }))).toHaveLength(2);
    expect(openOf(liabilitiesOf([forged({}), ...receipts()]))).toHaveLength(2);
  });

  test("[LIA-4] it takes the role that the duty names, and a duty that is owed", async () => {
    const { use, done } = world();
    const used = await use(100);
    expect(await codeOf(() => done(used, "report", { ...bob, roles: [] }))).toContain("in role `urn:role:steward`");
    expect(await codeOf(() => done(used, "report", { id: bob.id, kind: "human" }))).toContain("TypeError");
    expect(await codeOf(() => done(used, "tell"))).toContain("owes no duty `tell`");
    expect(await codeOf(() => done(used, "report"))).toBe("nothing was thrown");
  });

  test("[LIA-2] a denial owes nothing", async () => {
    const { log, receipts } = world();
    const denied = await decide(
      verified,
      { ...request, operation: "train" },
      { evaluator, receipts: log, clock: at(100) },
    );
    expect([denied.verdict, liabilitiesOf(receipts())]).toEqual(["deny", []]);
  });
});
