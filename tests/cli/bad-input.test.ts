// Every command against every bad input: exit code, error code, no stack, no new file.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const research = ["--purpose", "dpv:AcademicResearch", "--region", "DE"];
const read = ["--operation", "read", ...research];
let place: Workplace;

beforeAll(async () => {
  place = await workplace();
  place.put("good/plain.csv", "a,b\n1,2\n");
  place.put("good/policy.json", policyDocument());
  await place.ok("policy", "sign", "good/policy.json");
  await place.ok("seal", "good/plain.csv", "--policy", "good/policy.policy");
  await place.ok("open", "good/plain.csv.writ", ...read, "-o", "good/out.csv");
  await place.ok("reanchor", "run", "good", "--commit");
  const artifact = place.read("good/plain.csv.writ");
  place.put("bad/empty", "");
  place.put("bad/empty.writ", "");
  place.put("bad/truncated.writ", artifact.subarray(0, artifact.length >> 1));
  place.put("bad/truncated.policy", place.read("good/policy.policy").subarray(0, 900));
  place.put("bad/truncated.json", policyDocument().slice(0, 200));
  place.put("bad/truncated.receipts", place.read("private/home/receipts.writ-receipts").subarray(0, 5));
  place.put("bad/truncated-trust.json", place.read("private/home/trust.json").subarray(0, 400));
  place.put("bad/junk.writ", randomBytes(4096).fill(0xf6, 0, 1));
  place.put("bad/nonsense.json", policyDocument({ limits: { purposes: [["dpv:NoSuchPurpose"]] } }));
  mkdirSync(join(place.folder, "bad/folder.writ"));
});
afterAll(() => place.remove());

interface Case {
  readonly of: string;
  readonly argv: readonly string[];
  readonly exit: number;
  readonly code: string;
  /** The prose names this. */
  readonly names?: string;
}

/** How a command takes one file; `truncated` is what stands for a file that was cut off. */
interface Taker {
  readonly of: string;
  readonly truncated: string;
  readonly argv: (file: string) => readonly string[];
}

const artifactTakers: readonly Taker[] = [
  { of: "verify", truncated: "bad/truncated.writ", argv: (file) => ["verify", file] },
  { of: "inspect", truncated: "bad/truncated.writ", argv: (file) => ["inspect", file] },
  { of: "check", truncated: "bad/truncated.writ", argv: (file) => ["check", file, ...read] },
  { of: "open", truncated: "bad/truncated.writ", argv: (file) => ["open", file, ...read, "-o", "new/out"] },
  {
    of: "derive",
    truncated: "bad/truncated.writ",
    argv: (file) => [
      "derive",
      file,
      "--operation",
      "aggregate",
      ...research,
      "--content",
      "good/plain.csv",
      "-o",
      "new/child.writ",
    ],
  },
  { of: "explain", truncated: "bad/truncated.writ", argv: (file) => ["explain", file] },
  { of: "lineage", truncated: "bad/truncated.writ", argv: (file) => ["lineage", file] },
  { of: "receipts", truncated: "bad/truncated.writ", argv: (file) => ["receipts", file] },
  {
    of: "receipts --receipts",
    truncated: "bad/truncated.receipts",
    argv: (file) => ["receipts", "good/plain.csv.writ", "--receipts", file],
  },
  { of: "policy check", truncated: "bad/truncated.policy", argv: (file) => ["policy", "check", file] },
  { of: "policy sign", truncated: "bad/truncated.json", argv: (file) => ["policy", "sign", file, "-o", "new.policy"] },
  {
    of: "seal --policy",
    truncated: "bad/truncated.policy",
    argv: (file) => ["seal", "good/plain.csv", "--policy", file, "-o", "new.writ"],
  },
  {
    of: "derive --add",
    truncated: "bad/truncated.policy",
    argv: (file) => [
      "derive",
      "good/plain.csv.writ",
      "--operation",
      "aggregate",
      ...research,
      "--content",
      "good/plain.csv",
      "--add",
      file,
      "--receipts",
      "none",
      "-o",
      "new.writ",
    ],
  },
  {
    of: "verify --trust",
    truncated: "bad/truncated-trust.json",
    argv: (file) => ["verify", "good/plain.csv.writ", "--trust", file],
  },
  { of: "trust show", truncated: "bad/truncated-trust.json", argv: (file) => ["trust", "show", file] },
  { of: "trust add", truncated: "bad/truncated-trust.json", argv: (file) => ["trust", "add", file, "--pin"] },
  { of: "reanchor report", truncated: "bad/truncated.receipts", argv: (file) => ["reanchor", "report", file] },
];

/** Codes of bytes that are cut off or are none of ours. */
const malformed = /^(cbor-(?!not-found)[a-z0-9-]+|structure|format-unknown|json-invalid|trust-schema)$/;

/** Runs a command twice, with and without --json; gives its fault. */
async function fault(argv: readonly string[]): Promise<{ exit: number; code: string; message: string; prose: string }> {
  const before = place.list();
  const prose = await place.writ(argv);
  const ran = await place.writ([...argv, "--json"]);
  expect(place.list()).toEqual(before);
  expect(ran.exit).toBe(prose.exit);
  expect(prose.stderr + ran.stderr + prose.stdout.toString()).not.toMatch(/\n\s+at .*[(/]/);
  const value = ran.json<{
    error?: { code: string; message: string; next: string; exit: number };
    files?: { error: { code: string; message: string; next: string; exit: number } }[];
  }>();
  if (!value.files) expect(schemaFaults("error", value)).toEqual([]);
  else expect(schemaFaults("verify", value)).toEqual([]);
  const error = value.error ?? value.files?.[0]?.error;
  expect(error?.exit).toBe(ran.exit);
  const said = prose.stderr + prose.stdout.toString();
  expect(said).toContain(`${error?.code}: ${error?.message}`);
  expect(said).toContain(`next: ${error?.next}`);
  return { exit: ran.exit, code: error?.code ?? "", message: error?.message ?? "", prose: said };
}

describe("[CLI-1, CLI-2, CLI-5] a bad file", () => {
  test.each(artifactTakers)("$of: missing, a folder, empty, truncated, junk", async ({ of, argv, truncated }) => {
    mkdirSync(join(place.folder, "new"), { recursive: true });
    expect(await fault(argv("bad/missing.writ"))).toMatchObject({ exit: 3, code: "input-unreadable" });
    expect(await fault(argv("bad/empty"))).toMatchObject({ exit: 3, code: "input-empty" });
    if (of !== "reanchor report")
      expect(await fault(argv("bad/folder.writ"))).toMatchObject({ exit: 3, code: "input-unreadable" });
    for (const file of [truncated, "bad/junk.writ"]) {
      const { exit, code } = await fault(argv(file));
      expect({ file, exit, code }).toMatchObject({ exit: 3, code: expect.stringMatching(malformed) as unknown });
    }
  });

  test("control: the same calls with good files pass", async () => {
    mkdirSync(join(place.folder, "new"), { recursive: true });
    const good: Record<string, string> = {
      "receipts --receipts": "private/home/receipts.writ-receipts",
      "policy check": "good/policy.policy",
      "policy sign": "good/policy.json",
      "seal --policy": "good/policy.policy",
      "derive --add": "good/policy.policy",
      "verify --trust": "private/home/trust.json",
      "trust show": "private/home/trust.json",
      "trust add": "private/home/trust.json",
      "reanchor report": "good",
    };
    for (const { of, argv } of artifactTakers) {
      const ran = await place.writ([
        ...argv(good[of] ?? "good/plain.csv.writ"),
        ...(/^(open|derive|policy sign|seal)/.test(of) ? ["--force"] : []),
      ]);
      expect({ of, exit: ran.exit, stderr: ran.stderr }).toMatchObject({ of, exit: 0 });
    }
  });

  const contents: readonly Case[] = [
    { of: "seal", argv: ["seal", "bad/missing", "--policy", "good/policy.policy"], exit: 3, code: "input-unreadable" },
    {
      of: "seal",
      argv: ["seal", "bad/folder.writ", "--policy", "good/policy.policy"],
      exit: 3,
      code: "input-unreadable",
    },
    {
      of: "seal",
      argv: ["seal", "good/plain.csv", "bad/missing", "--policy", "good/policy.policy", "-o", "many/"],
      exit: 3,
      code: "input-unreadable",
    },
    {
      of: "derive",
      argv: ["derive", "good/plain.csv.writ", "--operation", "aggregate", ...research, "--content", "bad/missing"],
      exit: 3,
      code: "input-unreadable",
    },
    {
      of: "derive",
      argv: ["derive", "good/plain.csv.writ", "--operation", "aggregate", ...research, "--content", "bad/folder.writ"],
      exit: 3,
      code: "input-unreadable",
    },
    {
      of: "verify",
      argv: ["verify", "good/plain.csv.writ", "--content", "bad/missing"],
      exit: 3,
      code: "input-unreadable",
    },
    {
      of: "verify",
      argv: ["verify", "good/plain.csv.writ", "--content", "bad/junk.writ"],
      exit: 11,
      code: "content-size",
    },
    { of: "reanchor", argv: ["reanchor", "inventory", "bad/missing"], exit: 3, code: "input-unreadable" },
    { of: "reanchor", argv: ["reanchor", "plan", "bad/missing"], exit: 3, code: "input-unreadable" },
    { of: "reanchor", argv: ["reanchor", "run", "bad/missing", "--commit"], exit: 3, code: "input-unreadable" },
    { of: "reanchor", argv: ["reanchor", "inventory", "bad/empty"], exit: 3, code: "input-unreadable" },
    { of: "reanchor", argv: ["reanchor", "run", "bad/junk.writ"], exit: 3, code: "input-unreadable" },
    { of: "reanchor", argv: ["reanchor", "report", "bad/folder.writ"], exit: 3, code: "input-unreadable" },
    { of: "kms", argv: ["kms", "--state", "bad/junk.writ"], exit: 3, code: "input-unreadable" },
    { of: "kms", argv: ["kms", "--state", "bad/folder.writ"], exit: 3, code: "input-unreadable" },
  ];
  test.each(contents)("$of: $argv", async ({ argv, exit, code }) => {
    expect(await fault(argv)).toMatchObject({ exit, code });
  });
});

describe("[CLI-1, CLI-2] a call that can't be understood", () => {
  const commands: readonly (readonly string[])[] = [
    ["init"],
    ["policy", "new", "--template", "internal"],
    ["policy", "sign", "good/policy.json"],
    ["policy", "check", "good/policy.json"],
    ["seal", "good/plain.csv", "--policy", "good/policy.policy"],
    ["verify", "good/plain.csv.writ"],
    ["inspect", "good/plain.csv.writ"],
    ["check", "good/plain.csv.writ", ...read],
    ["open", "good/plain.csv.writ", ...read],
    ["derive", "good/plain.csv.writ", ...read, "--content", "good/plain.csv"],
    ["explain", "good/plain.csv.writ"],
    ["lineage", "good/plain.csv.writ"],
    ["receipts", "good/plain.csv.writ"],
    ["trust", "show"],
    ["trust", "add", "private/home/trust.json"],
    ["reanchor", "inventory", "good"],
    ["reanchor", "plan", "good"],
    ["reanchor", "run", "good"],
    ["reanchor", "report", "good"],
    ["kms"],
  ];
  test.each(commands.map((argv) => ({ argv })))("unknown flag: $argv", async ({ argv }) => {
    const unknown = await fault([...argv, "--no-such-flag"]);
    expect(unknown).toMatchObject({ exit: 2, code: "usage" });
    expect(unknown.message).toContain("--no-such-flag");
    if (argv.length > 1)
      expect(await fault([...argv, "one-too-many", "two-too-many", "--no-such-flag"])).toMatchObject({ exit: 2 });
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
    const found = await fault(argv);
    expect(found).toMatchObject({ exit, code });
    expect(found.prose).toContain(names ?? "");
  });
});

describe("[CLI-1, CLI-2] a call that asks for nothing, or for too much", () => {
  test("no command, and one of several without its own", async () => {
    for (const argv of [[], ["policy"], ["reanchor"]]) {
      const ran = await place.writ(argv);
      expect(ran.exit).toBe(2);
      expect(ran.stderr).toMatch(/^writ: usage: .+\n {2}next: .+\n$/);
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
    const found = await fault(argv);
    expect(found).toMatchObject({ exit, code });
    expect(found.message).toContain("NoSuchPurpose");
    expect(place.read("private/home/receipts.writ-receipts").equals(log)).toBe(true);
  });
});

describe("[CLI-4, CLI-5] an output that can't be written", () => {
  const takers: readonly { readonly of: string; readonly argv: (out: string) => readonly string[] }[] = [
    { of: "policy new", argv: (out) => ["policy", "new", "--template", "internal", "-o", out] },
    { of: "policy sign", argv: (out) => ["policy", "sign", "good/policy.json", "-o", out] },
    { of: "seal", argv: (out) => ["seal", "good/plain.csv", "--policy", "good/policy.policy", "-o", out] },
    {
      of: "seal --detached",
      argv: (out) => ["seal", "good/plain.csv", "--policy", "good/policy.policy", "--detached", "-o", `${out}.writ`],
    },
    { of: "open", argv: (out) => ["open", "good/plain.csv.writ", ...read, "-o", out] },
    {
      of: "derive",
      argv: (out) => [
        "derive",
        "good/plain.csv.writ",
        "--operation",
        "aggregate",
        ...research,
        "--content",
        "good/plain.csv",
        "-o",
        out,
      ],
    },
  ];
  test.each(takers)("$of: under a file, in a missing folder, over a folder", async ({ of, argv }) => {
    for (const out of [
      "good/plain.csv/out",
      "bad/missing/out",
      ...(of === "seal --detached" ? [] : ["bad/folder.writ"]),
    ]) {
      expect({ out, ...(await fault(argv(out))) }).toMatchObject({ exit: 3, code: "output-unwritable" });
    }
    expect((await place.writ([...argv("good/plain.csv/out"), "--force"])).exit).toBe(3);
  });

  test.each(takers)("$of: over what exists, unless --force is given", async ({ of, argv }) => {
    const name = of === "seal --detached" ? "kept.writ" : "kept";
    place.put(name, "precious");
    expect(await fault(argv("kept"))).toMatchObject({ exit: 3, code: "output-exists" });
    expect(place.read(name).toString()).toBe("precious");
    expect((await place.writ([...argv("kept"), "--force"])).exit).toBe(0);
    expect(place.read(name).toString()).not.toBe("precious");
  });

  const others: readonly Case[] = [
    { of: "init", argv: ["init", "--dir", "good/plain.csv/home"], exit: 3, code: "output-unwritable" },
    { of: "init", argv: ["init", "--dir", "good"], exit: 3, code: "output-exists" },
    {
      of: "open",
      argv: ["open", "good/plain.csv.writ", ...read, "--receipts", "good/plain.csv/log", "-o", "never"],
      exit: 3,
      code: "receipt-not-durable",
    },
    {
      of: "open",
      argv: ["open", "good/plain.csv.writ", ...read, "--receipts", "bad/missing/log", "-o", "never"],
      exit: 3,
      code: "receipt-not-durable",
    },
    {
      of: "seal to a folder",
      argv: ["seal", "good/plain.csv", "--policy", "good/policy.policy", "-o", "bad/missing/folder/"],
      exit: 3,
      code: "output-unwritable",
    },
  ];
  test.each(others)("$of: $argv", async ({ argv, exit, code }) => {
    expect(await fault(argv)).toMatchObject({ exit, code });
  });
});
