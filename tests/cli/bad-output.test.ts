// Outputs that can't be written: exit code, error code, no new file, nothing replaced.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badPlace, fault, read, research } from "./bad-place.ts";
import type { Case } from "./bad-place.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;

beforeAll(async () => {
  place = await badPlace();
});
afterAll(() => place.remove());

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
      expect({ out, ...(await fault(place, argv(out))) }).toMatchObject({ exit: 3, code: "output-unwritable" });
    }
    expect((await place.writ([...argv("good/plain.csv/out"), "--force"])).exit).toBe(3);
  });

  test.each(takers)("$of: over what exists, unless --force is given", async ({ of, argv }) => {
    const name = of === "seal --detached" ? "kept.writ" : "kept";
    place.put(name, "precious");
    expect(await fault(place, argv("kept"))).toMatchObject({ exit: 3, code: "output-exists" });
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
    expect(await fault(place, argv)).toMatchObject({ exit, code });
  });
});
