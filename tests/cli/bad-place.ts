// A workplace with good and bad inputs, and what a fault looks like, for the tests of every command against every bad input.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

export const research = ["--purpose", "dpv:AcademicResearch", "--region", "DE"];
export const read = ["--operation", "read", ...research];

export interface Case {
  readonly of: string;
  readonly argv: readonly string[];
  readonly exit: number;
  readonly code: string;
  /** The prose names this. */
  readonly names?: string;
}

/** A workplace with `good` inputs of every kind and `bad` ones. */
export async function badPlace(): Promise<Workplace> {
  const place = await workplace();
  place.put("good/plain.csv", "a,b\n1,2\n");
  place.put("good/policy.json", policyDocument());
  await place.ok("policy", "sign", "good/policy.json");
  await place.ok("seal", "good/plain.csv", "--policy", "good/policy.policy");
  await place.ok("open", "good/plain.csv.writ", ...read, "-o", "good/out.csv");
  await place.ok("reanchor", "run", "good", "--commit");
  await place.ok("evidence", "pack", "good/plain.csv.writ", "-o", "good/plain.pack");
  const artifact = place.read("good/plain.csv.writ");
  const pack = place.read("good/plain.pack");
  place.put("bad/truncated.pack", pack.subarray(0, pack.length >> 1));
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
  return place;
}

/** Runs a command twice, with and without --json; gives its fault. */
export async function fault(
  place: Workplace,
  argv: readonly string[],
): Promise<{ exit: number; code: string; message: string; prose: string }> {
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
