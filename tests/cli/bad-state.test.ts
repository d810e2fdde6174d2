// The commands of state and evidence against every bad input: approve, receipts, liabilities, discharge, and the flags of state.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readReceiptFile } from "@writ/core";
import { badPlace, fault, read } from "./bad-place.ts";
import type { Case } from "./bad-place.ts";
import { authority, policyDocument, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;
let permitted: string;
let denied: string;

const home = "private/home";
const artifact = "good/briefed.writ";
const who = ["--approver", "urn:person:ada"];
const approve = ["approve", artifact, "--operation", "read", "--waives", "briefing", ...who];

/** The log with its entries changed, each behind its length. */
function logOf(change: (entries: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const { entries } = readReceiptFile(place.read(`${home}/receipts.writ-receipts`));
  const framed = change(entries.map((entry) => Uint8Array.from(entry))).map((entry) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(entry.length);
    return Buffer.concat([length, entry]);
  });
  return Buffer.concat([Buffer.from("WRITREC1"), ...framed]);
}

beforeAll(async () => {
  place = await badPlace();
  const briefing = { id: "briefing", type: "inform", trigger: "before-use" };
  const erase = { id: "erase", type: "delete", trigger: "after-use", within: "P30D", by: "urn:role:steward" };
  for (const [name, duties] of Object.entries({ briefed: [briefing, erase], second: [briefing], owing: [erase] })) {
    const permissions = [{ id: "use", operations: ["read"], duties: duties.map(({ id }) => id) }];
    place.put(`good/${name}.json`, policyDocument({ id: `${authority}:policy:${name}`, permissions, duties }));
  }
  await place.ok("seal", "good/plain.csv", "--policy", "good/briefed.json", "-o", artifact);
  const both = ["--policy", "good/briefed.json", "--policy", "good/second.json"];
  await place.ok("seal", "good/plain.csv", ...both, "-o", "good/both.writ");
  await place.ok("seal", "good/plain.csv", "--policy", "good/owing.json", "-o", "good/owing.writ");
  await place.ok("open", "good/owing.writ", ...read, "-o", "good/opened.csv");
  await place.writ(["open", "good/owing.writ", "--operation", "train", ...read.slice(2), "-o", "never"]);
  const { uses } = (await place.ok("receipts", "good/owing.writ", "--json")).json<{
    uses: { name: string; verdict: string | null }[];
  }>();
  permitted = uses.find(({ verdict }) => verdict === "permit")!.name;
  denied = uses.find(({ verdict }) => verdict === "deny")!.name;
  place.put("good/taken.approval", "here already");
  place.put("bad/log", "no log at all");
  place.put(
    "bad/removed",
    logOf((entries) => entries.slice(1)),
  );
  place.put(
    "bad/edited",
    logOf((entries) => {
      const last = entries.at(-1)!;
      last[last.length - 1]! ^= 1;
      return entries;
    }),
  );
  const other = await workplace();
  place.put("bad/other-trust.json", other.read(`${home}/trust.json`));
  other.remove();
});
afterAll(() => place.remove());

describe("[CLI-1, CLI-2] approve, receipts, liabilities, discharge: calls that can't be understood", () => {
  test("an unknown flag and too many arguments", async () => {
    for (const argv of [
      approve,
      ["receipts", artifact],
      ["liabilities"],
      ["discharge", permitted, "--duty", "erase"],
    ]) {
      const unknown = await fault(place, [...argv, "--no-such-flag"]);
      expect(unknown).toMatchObject({ exit: 2, code: "usage" });
      expect(unknown.message).toContain("--no-such-flag");
      expect(await fault(place, [...argv, "one-too-many", "two-too-many"])).toMatchObject({ exit: 2, code: "usage" });
    }
  });

  const usage = (of: string, argv: readonly string[], names: string): Case => ({
    of,
    argv,
    exit: 2,
    code: "usage",
    names,
  });
  const without = (flag: string): readonly string[] => {
    const at = approve.indexOf(flag);
    return [...approve.slice(0, at), ...approve.slice(at + 2)];
  };
  const changed = (flag: string, value: string): readonly string[] => [...without(flag), flag, value];
  const cases: readonly Case[] = [
    usage("no operation", without("--operation"), "--operation"),
    usage("no duty", without("--waives"), "--waives"),
    usage("no approver", without("--approver"), "--approver"),
    usage("an approver without a name", changed("--approver", ""), "--approver"),
    usage("an unknown operation", changed("--operation", "peek"), "peek"),
    usage("an unknown duty", changed("--waives", "nothing"), "nothing"),
    usage("a duty that isn't due before use", changed("--waives", "erase"), "erase"),
    usage("a policy that hasn't the duty", [...approve, "--policy", "urn:example:other"], "briefing"),
    usage("a duty of several policies", ["approve", "good/both.writ", ...approve.slice(2)], "--policy"),
    usage("no day", [...approve, "--days", "0"], "--days"),
    usage("too many days", [...approve, "--days", "31"], "--days"),
    usage("days that are no number", [...approve, "--days", "soon"], "--days"),
    usage("stdout", [...approve, "-o", "-"], "-o OUT"),
    usage("an unknown suite", [...approve, "--suite", "rsa"], "rsa"),
    usage("an unknown key scheme", [...approve, "--signer-key", "vault:x"], "vault:x"),
    usage("a discharge without a duty", ["discharge", "sha384:00"], "--duty"),
    usage("a discharge of nothing", ["discharge", "--duty", "erase"], "receipt"),
    usage("a threshold without approvals", ["check", artifact, ...read, "--approval-threshold", "2"], "--approval"),
    usage("a threshold of 0", ["check", artifact, ...read, "--approval-threshold", "0"], "--approval-threshold"),
  ];
  test.each(cases)("$of", async ({ argv, exit, code, names }) => {
    const found = await fault(place, argv);
    expect(found).toMatchObject({ exit, code });
    expect(found.prose).toContain(names ?? "");
  });

  test("a discharge of what isn't owed, by nobody, or in no role", async () => {
    const role = ["--role", "urn:role:steward"];
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["discharge", permitted.slice(0, 12), "--duty", "erase", ...role], "0 receipts"],
      [["discharge", `sha384:${"0".repeat(96)}`, "--duty", "erase", ...role], "0 receipts"],
      [["discharge", permitted, "--duty", "briefing", ...role], "briefing"],
      [["discharge", permitted, "--duty", "erase", "--policy", "sha384:00", ...role], "erase"],
      [["discharge", denied, "--duty", "erase", ...role], "erase"],
      [["discharge", permitted, "--duty", "erase"], "--role urn:role:steward"],
      [["discharge", permitted, "--duty", "erase", "--role", "urn:role:other"], "--role urn:role:steward"],
      [["discharge", permitted, "--duty", "erase", "--by", "", ...role], "--by"],
    ];
    const log = place.read(`${home}/receipts.writ-receipts`);
    for (const [argv, names] of cases) {
      const found = await fault(place, argv);
      expect([argv, found.exit, found.code]).toEqual([argv, 2, "usage"]);
      expect(found.prose).toContain(names);
    }
    expect(place.read(`${home}/receipts.writ-receipts`).equals(log)).toBe(true);
    await place.ok("discharge", permitted, "--duty", "erase", ...role); // control
  });
});

describe("[CLI-1, CLI-2] approve, receipts, liabilities, discharge: bad files", () => {
  const bad: readonly (readonly [string, number, string])[] = [
    ["good/nowhere", 3, "input-unreadable"],
    ["bad/empty", 3, "input-empty"],
    ["bad/folder.writ", 3, "input-unreadable"],
    ["bad/junk.writ", 3, ""],
    ["bad/truncated.writ", 3, ""],
  ];
  test.each(bad.map(([file, exit, code]) => ({ file, exit, code })))(
    "an artifact $file",
    async ({ file, exit, code }) => {
      for (const argv of [
        ["approve", file, ...approve.slice(2)],
        ["receipts", file],
      ]) {
        const found = await fault(place, argv);
        expect([argv, found.exit]).toEqual([argv, exit]);
        if (code !== "") expect(found.code).toBe(code);
        expect(found.prose).toContain(file);
      }
    },
  );

  const logs: readonly (readonly [string, number, string])[] = [
    ["good/nowhere", 3, "input-unreadable"],
    ["bad/empty", 3, "input-empty"],
    ["bad/folder.writ", 3, "input-unreadable"],
    ["bad/log", 3, "format-unknown"],
    ["bad/removed", 10, "receipt-chain"],
    ["bad/edited", 10, ""],
  ];
  test.each(logs.map(([log, exit, code]) => ({ log, exit, code })))("a log $log", async ({ log, exit, code }) => {
    for (const argv of [
      ["receipts", "good/owing.writ", "--receipts", log],
      ["liabilities", "--receipts", log],
      ["discharge", permitted, "--duty", "erase", "--role", "urn:role:steward", "--receipts", log],
    ]) {
      const found = await fault(place, argv);
      expect([argv, found.exit]).toEqual([argv, exit]);
      if (code !== "") expect(found.code).toBe(code);
      expect(found.prose).toContain(log);
    }
  });

  const state: readonly (readonly [string, string, number, string])[] = ["--status", "--consents"].flatMap((flag) => [
    [flag, "good/nowhere", 3, "input-unreadable"] as const,
    [flag, "bad/empty", 3, "input-empty"] as const,
    [flag, "bad/folder.writ", 3, "input-unreadable"] as const,
    [flag, "bad/log", 3, "format-unknown"] as const,
    [flag, "bad/junk.writ", 3, "json-invalid"] as const,
  ]);
  const approvals: typeof state = [
    ["--approval", "good/nowhere", 3, "input-unreadable"],
    ["--approval", "bad/empty", 3, "input-empty"],
    ["--approval", "bad/log", 3, ""],
    ["--approval", "good/policy.policy", 10, "cose-structure"],
    ["--counters", "bad/log", 3, "format-unknown"],
    ["--counters", "bad/folder.writ", 3, "output-unwritable"],
    ["--principal-token", "bad/folder.writ", 3, "input-unreadable"],
  ];
  test.each([...state, ...approvals].map(([flag, file, exit, code]) => ({ flag, file, exit, code })))(
    "$flag $file",
    async ({ flag, file, exit, code }) => {
      place.put("good/counted.json", policyDocument({ limits: { maxUses: { "urn:example:counter:c": 2 } } }));
      if (!place.list().includes("good/counted.writ"))
        await place.ok("seal", "good/plain.csv", "--policy", "good/counted.json", "-o", "good/counted.writ");
      const found = await fault(place, ["open", "good/counted.writ", ...read, "-o", "never", flag, file]);
      expect([found.exit, found.message]).toEqual([exit, expect.anything()]);
      if (code !== "") expect(found.code).toBe(code);
    },
  );

  test("an output that exists, a signer that the home hasn't, one of another role, another's trust policy", async () => {
    expect(await fault(place, [...approve, "-o", "good/taken.approval"])).toMatchObject({
      exit: 3,
      code: "output-exists",
    });
    expect(place.read("good/taken.approval").toString()).toBe("here already");
    expect(await fault(place, approve)).toMatchObject({ exit: 13, code: "signer-unknown" });
    const issuer = [...approve, "--signer-key", "local:issue-ed25519-1", "--authority", authority];
    expect(await fault(place, issuer)).toMatchObject({ exit: 13, code: "signer-role" });
    const strange = ["--trust", "bad/other-trust.json"];
    for (const argv of [approve, ["receipts", "good/owing.writ"], ["liabilities"]])
      expect(await fault(place, [...argv, ...strange])).toMatchObject({ exit: 13, code: "signer-unknown" });
  });

  test("without a home there is no log to read, and one that is named is read", async () => {
    const nowhere = { env: { WRIT_HOME: "nowhere" } };
    const trust = ["--trust", `${home}/trust.json`];
    for (const argv of [
      ["receipts", "good/owing.writ"],
      ["liabilities"],
      ["discharge", permitted, "--duty", "erase"],
    ]) {
      const ran = await place.writ([...argv, ...trust], nowhere);
      expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining("--receipts")]);
    }
    const named = ["liabilities", ...trust, "--receipts", `${home}/receipts.writ-receipts`];
    expect([0, 15]).toContain((await place.writ(named, nowhere)).exit); // control
    const empty = await workplace();
    const none = await empty.writ(["liabilities"]);
    expect([none.exit, none.stderr]).toEqual([3, expect.stringContaining("there are no receipts")]);
    empty.remove();
  });
});
