// Calls that can't be understood: exit code, error code, no stack, no new file.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badPlace, fault, read, research } from "./bad-place.ts";
import type { Case } from "./bad-place.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;

beforeAll(async () => {
  place = await badPlace();
});
afterAll(() => place.remove());

describe("[CLI-1, CLI-2] a call that can't be understood", () => {
  const commands: readonly (readonly string[])[] = [
    ["init"],
    ["policy", "new", "--template", "internal"],
    ["policy", "sign", "good/policy.json"],
    ["policy", "check", "good/policy.json"],
    ["seal", "good/plain.csv", "--policy", "good/policy.policy"],
    ["adopt", "good/plain.csv", "--policy", "good/policy.policy"],
    ["amend", "good/plain.csv.writ", "--add-policy", "good/policy.policy"],
    ["approve", "good/plain.csv.writ", "--operation", "amend", "--remove-policy", "x", "--approver", "urn:a:b"],
    ["verify", "good/plain.csv.writ"],
    ["inspect", "good/plain.csv.writ"],
    ["check", "good/plain.csv.writ", ...read],
    ["open", "good/plain.csv.writ", ...read],
    ["derive", "good/plain.csv.writ", ...read, "--content", "good/plain.csv"],
    ["explain", "good/plain.csv.writ"],
    ["lineage", "good/plain.csv.writ"],
    ["receipts", "good/plain.csv.writ"],
    ["evidence", "pack", "good/plain.csv.writ", "-o", "new.pack"],
    ["evidence", "verify", "good/plain.pack"],
    ["trust", "show"],
    ["trust", "add", "private/home/trust.json"],
    ["reanchor", "inventory", "good"],
    ["reanchor", "plan", "good"],
    ["reanchor", "run", "good"],
    ["reanchor", "report", "good"],
    ["kms"],
  ];
  test.each(commands.map((argv) => ({ argv })))("unknown flag: $argv", async ({ argv }) => {
    const unknown = await fault(place, [...argv, "--no-such-flag"]);
    expect(unknown).toMatchObject({ exit: 2, code: "usage" });
    expect(unknown.message).toContain("--no-such-flag");
    if (argv.length > 1)
      expect(await fault(place, [...argv, "one-too-many", "two-too-many", "--no-such-flag"])).toMatchObject({
        exit: 2,
      });
  });

  const usage: readonly Case[] = [
    {
      of: "bad date",
      argv: ["verify", "good/plain.csv.writ", "--as-of", "yesterday"],
      exit: 2,
      code: "usage",
      names: "--as-of",
    },
    {
      of: "no such day",
      argv: ["verify", "good/plain.csv.writ", "--as-of", "2035-02-30"],
      exit: 2,
      code: "usage",
      names: "2035-02-30",
    },
    {
      of: "bad date",
      argv: ["check", "good/plain.csv.writ", ...read, "--at", "2035-13-01"],
      exit: 2,
      code: "usage",
      names: "--at",
    },
    {
      of: "bad era",
      argv: ["verify", "good/plain.csv.writ", "--require-era", "quantum"],
      exit: 2,
      code: "usage",
      names: "hybrid",
    },
    {
      of: "nothing to change",
      argv: ["amend", "good/plain.csv.writ", "-o", "x"],
      exit: 2,
      code: "usage",
      names: "--add-policy",
    },
    {
      of: "a policy that isn't in force",
      argv: ["amend", "good/plain.csv.writ", "--remove-policy", "urn:a:b", "-o", "x"],
      exit: 2,
      code: "usage",
      names: "urn:a:b",
    },
    {
      of: "approval of nothing that goes",
      argv: ["amend", "good/plain.csv.writ", "--add-policy", "good/policy.policy", "--approval", "y", "-o", "x"],
      exit: 2,
      code: "usage",
      names: "--remove-policy",
    },
    {
      of: "approval of a duty and of policies",
      argv: [
        "approve",
        "good/plain.csv.writ",
        "--operation",
        "amend",
        "--approver",
        "urn:a:b",
        "--waives",
        "d",
        "--remove-policy",
        "x",
      ],
      exit: 2,
      code: "usage",
      names: "--waives",
    },
    {
      of: "no policy to adopt under",
      argv: ["adopt", "good/plain.csv"],
      exit: 2,
      code: "usage",
      names: "--policy",
    },
    {
      of: "one sidecar for two files",
      argv: ["adopt", "good/plain.csv", "good/policy.json", "--policy", "good/policy.policy", "-o", "x"],
      exit: 2,
      code: "usage",
      names: "folder",
    },
    { of: "unknown command", argv: ["sael"], exit: 2, code: "usage", names: "sael" },
    {
      of: "no operation",
      argv: ["check", "good/plain.csv.writ", "--purpose", "dpv:AcademicResearch"],
      exit: 2,
      code: "usage",
      names: "--operation",
    },
    {
      of: "unknown operation",
      argv: ["check", "good/plain.csv.writ", "--operation", "peek", ...research],
      exit: 2,
      code: "usage",
      names: "peek",
    },
    {
      of: "no purpose",
      argv: ["check", "good/plain.csv.writ", "--operation", "read"],
      exit: 2,
      code: "usage",
      names: "--purpose",
    },
    {
      of: "bad principal",
      argv: ["check", "good/plain.csv.writ", ...read, "--principal", "{"],
      exit: 2,
      code: "usage",
      names: "--principal",
    },
    {
      of: "principal of another form",
      argv: ["check", "good/plain.csv.writ", ...read, "--principal", '{"id":"x","kind":"robot"}'],
      exit: 2,
      code: "request-schema",
    },
    {
      of: "principal of other types",
      argv: ["check", "good/plain.csv.writ", ...read, "--principal", '{"id":5,"kind":"human"}'],
      exit: 2,
      code: "usage",
      names: "principal.id",
    },
    {
      of: "bad fact",
      argv: ["check", "good/plain.csv.writ", ...read, "--fact", "urn:x"],
      exit: 2,
      code: "usage",
      names: "--fact",
    },
    {
      of: "destination without one",
      argv: ["check", "good/plain.csv.writ", ...read, "--destination-party", "urn:x:y"],
      exit: 2,
      code: "usage",
      names: "destination",
    },
    {
      of: "unknown template",
      argv: ["policy", "new", "--template", "nothing"],
      exit: 2,
      code: "usage",
      names: "internal",
    },
    {
      of: "unknown suite",
      argv: ["seal", "good/plain.csv", "--policy", "good/policy.policy", "--suite", "rsa"],
      exit: 2,
      code: "usage",
      names: "rsa",
    },
    {
      of: "unknown key scheme",
      argv: ["seal", "good/plain.csv", "--policy", "good/policy.policy", "--key", "vault:x"],
      exit: 2,
      code: "usage",
      names: "vault:x",
    },
    {
      of: "undeclared parameter",
      argv: ["seal", "good/plain.csv", "--policy", "good/policy.policy", "--param", "x=1"],
      exit: 2,
      code: "usage",
      names: "x",
    },
    {
      of: "many files, one output",
      argv: ["seal", "good/plain.csv", "good/policy.json", "--policy", "good/policy.policy", "-o", "one.writ"],
      exit: 2,
      code: "usage",
      names: "one.writ",
    },
    { of: "policy signed twice", argv: ["policy", "sign", "good/policy.policy"], exit: 2, code: "usage" },
    {
      of: "bad URN",
      argv: ["init", "--dir", "other", "--authority", "nobody"],
      exit: 2,
      code: "usage",
      names: "nobody",
    },
    {
      of: "a pack without an output",
      argv: ["evidence", "pack", "good/plain.csv.writ"],
      exit: 2,
      code: "usage",
      names: "--out",
    },
    {
      of: "a pack to the terminal",
      argv: ["evidence", "pack", "good/plain.csv.writ", "-o", "-"],
      exit: 2,
      code: "usage",
      names: "-o OUT",
    },
    {
      of: "a log beside none",
      argv: ["evidence", "pack", "good/plain.csv.writ", "--receipts", "none", "--receipts", "x", "-o", "new.pack"],
      exit: 2,
      code: "usage",
      names: "--receipts none",
    },
    { of: "bad port", argv: ["kms", "--port", "70000"], exit: 2, code: "usage", names: "70000" },
    {
      of: "bad share",
      argv: ["reanchor", "run", "good", "--max-set-aside", "much"],
      exit: 2,
      code: "usage",
      names: "much",
    },
    { of: "bad limit", argv: ["reanchor", "run", "good", "--limit", "0"], exit: 2, code: "usage", names: "--limit" },
    { of: "unknown target", argv: ["reanchor", "plan", "good", "--to", "rsa"], exit: 2, code: "usage", names: "rsa" },
    {
      of: "another store",
      argv: ["reanchor", "inventory", "s3://bucket/prefix"],
      exit: 2,
      code: "usage",
      names: "s3://bucket/prefix",
    },
  ];
  test.each(usage)("$of: $argv", async ({ argv, exit, code, names }) => {
    const found = await fault(place, argv);
    expect(found).toMatchObject({ exit, code });
    expect(found.prose).toContain(names ?? "");
  });
});

describe("[CLI-1, CLI-2] a call that asks for nothing, or for too much", () => {
  test("no command, and one of several without its own", async () => {
    for (const argv of [[], ["policy"], ["reanchor"], ["evidence"]]) {
      const ran = await place.writ(argv);
      expect(ran.exit).toBe(2);
      expect(ran.stderr).toMatch(/^writ: usage: .+\n {2}next: .+\n$/);
    }
  });

  test("more arguments than the command takes", async () => {
    for (const argv of [
      ["inspect", "good/plain.csv.writ", "good/plain.csv.writ"],
      ["init", "here"],
      ["trust", "add"],
    ]) {
      expect(await fault(place, argv)).toMatchObject({ exit: 2, code: "usage" });
    }
  });

  test("one object and the plaintext can't both go to stdout", async () => {
    const ran = await place.writ(["open", "good/plain.csv.writ", ...read, "--json"]);
    expect(ran.json()).toMatchObject({ error: { code: "usage", exit: 2 } });
  });
});

describe("[CLI-1, CLI-18] a term that no taxonomy knows", () => {
  const asked = ["--purpose", "dpv:NoSuchPurpose", "--region", "DE"];
  const cases: readonly Case[] = [
    {
      of: "check",
      argv: ["check", "good/plain.csv.writ", "--operation", "read", ...asked],
      exit: 2,
      code: "request-unknown-term",
    },
    {
      of: "open",
      argv: ["open", "good/plain.csv.writ", "--operation", "read", ...asked, "-o", "never"],
      exit: 2,
      code: "request-unknown-term",
    },
    {
      of: "derive",
      argv: [
        "derive",
        "good/plain.csv.writ",
        "--operation",
        "read",
        ...asked,
        "--content",
        "good/plain.csv",
        "-o",
        "never",
      ],
      exit: 2,
      code: "request-unknown-term",
    },
    { of: "policy check", argv: ["policy", "check", "bad/nonsense.json"], exit: 2, code: "policy-unknown-term" },
    { of: "policy sign", argv: ["policy", "sign", "bad/nonsense.json"], exit: 2, code: "policy-unknown-term" },
    {
      of: "seal",
      argv: ["seal", "good/plain.csv", "--policy", "bad/nonsense.json", "-o", "never"],
      exit: 2,
      code: "policy-unknown-term",
    },
  ];
  test.each(cases)("$of", async ({ argv, exit, code }) => {
    const log = place.read("private/home/receipts.writ-receipts");
    const found = await fault(place, argv);
    expect(found).toMatchObject({ exit, code });
    expect(found.message).toContain("NoSuchPurpose");
    expect(place.read("private/home/receipts.writ-receipts").equals(log)).toBe(true);
  });
});
