// Every command against every bad file: exit code, error code, no stack, no new file.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badPlace, fault, read, research } from "./bad-place.ts";
import type { Case } from "./bad-place.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;

beforeAll(async () => {
  place = await badPlace();
});
afterAll(() => place.remove());

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
  {
    of: "evidence pack",
    truncated: "bad/truncated.writ",
    argv: (file) => ["evidence", "pack", file, "-o", "new.pack"],
  },
  {
    of: "evidence pack --receipts",
    truncated: "bad/truncated.receipts",
    argv: (file) => ["evidence", "pack", "good/plain.csv.writ", "--receipts", file, "-o", "new.pack"],
  },
  { of: "evidence verify", truncated: "bad/truncated.pack", argv: (file) => ["evidence", "verify", file] },
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

describe("[CLI-1, CLI-2, CLI-5] a bad file", () => {
  test.each(artifactTakers)("$of: missing, a folder, empty, truncated, junk", async ({ of, argv, truncated }) => {
    mkdirSync(join(place.folder, "new"), { recursive: true });
    expect(await fault(place, argv("bad/missing.writ"))).toMatchObject({ exit: 3, code: "input-unreadable" });
    expect(await fault(place, argv("bad/empty"))).toMatchObject({ exit: 3, code: "input-empty" });
    if (of !== "reanchor report")
      expect(await fault(place, argv("bad/folder.writ"))).toMatchObject({ exit: 3, code: "input-unreadable" });
    for (const file of [truncated, "bad/junk.writ"]) {
      const { exit, code } = await fault(place, argv(file));
      expect({ file, exit, code }).toMatchObject({ exit: 3, code: expect.stringMatching(malformed) as unknown });
    }
  });

  test("control: the same calls with good files pass", async () => {
    mkdirSync(join(place.folder, "new"), { recursive: true });
    const good: Record<string, string> = {
      "receipts --receipts": "private/home/receipts.writ-receipts",
      "evidence pack --receipts": "private/home/receipts.writ-receipts",
      "evidence verify": "good/plain.pack",
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
        ...(/^(open|derive|policy sign|seal|evidence pack)/.test(of) ? ["--force"] : []),
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
    expect(await fault(place, argv)).toMatchObject({ exit, code });
  });
});
