// Writes cases that nobody has seen, with keys of their own, in the form of artifacts/ and trust/; what ingest finds is
// what they expect. Both readers then judge the folder:
//   node --conditions=@writ/source test-vectors/fresh.ts --seed TEXT [--count 30] --out DIR
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { parseTrust } from "@writ/core";
import { ingested, outcomeOf } from "../tests/support/vector-answers.ts";
import { freshArtifact, kinds } from "./support/fresh-cases.ts";
import type { Kind } from "./support/fresh-cases.ts";
import { faults } from "./support/fresh-faults.ts";
import type { Fault } from "./support/fresh-faults.ts";
import { castOf, choiceOf, trustOf } from "./support/fresh-scene.ts";
import type { Cast, Choice } from "./support/fresh-scene.ts";
import { vectorFile } from "./support/vector.ts";
import type { Case, VectorFile } from "./support/vector.ts";

interface Wanted {
  readonly id: string;
  readonly kind: Kind;
  readonly fault: Fault | null;
  readonly cast: Cast;
  readonly choice: Choice;
}

/** A case and its trust policy. Throws RangeError where a fault is accepted or its absence isn't. */
async function freshCase({ id, kind, fault, cast, choice }: Wanted): Promise<readonly VectorFile[]> {
  const edits = fault?.edits({ label: id, cast, choice, kind }) ?? {};
  const one = await freshArtifact(kind, id, cast, choice, edits);
  const trust = { ...(edits.trust?.(trustOf(cast)) ?? trustOf(cast)), name: id };
  const content = edits.content !== undefined || choice.chance(60);
  const now = new Date(one.now * 1000).toISOString().replace(".000Z", "Z");
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const given = { artifact: base64(one.artifact), ...(content ? { content: base64(one.content) } : {}) };
  const vector = { trust: id, now, expect: {}, ...given };
  const expect = await outcomeOf(() => ingested(vector, parseTrust(JSON.stringify(trust))));
  const code = (expect as { readonly code?: Case["expect"] }).code;
  if ((code === undefined) !== (fault === null))
    throw new RangeError(`\`${id}\`, ${fault?.title ?? "without a fault"}, is ${JSON.stringify(expect)}`);
  const { path, json } = vectorFile({
    id,
    title: `${kind}: ${fault?.title ?? "no fault"}`,
    spec: fault?.spec ?? [],
    trust: id,
    now,
    artifact: one.artifact,
    ...(content ? { content: one.content } : {}),
    ...(fault ? {} : { chain: one.chain }),
    expect: code ?? {},
  });
  return [
    { path: `trust/${id}.json`, json: trust },
    { path, json: { ...(json as object), expect } },
  ];
}

/** So many cases of a seed: every third without a fault, kinds and faults by chance. */
export async function freshVectors(seed: string, count: number): Promise<readonly VectorFile[]> {
  const cast = castOf(seed);
  const files: VectorFile[] = [];
  for (let n = 0; n < count; n += 1) {
    const choice = choiceOf(`${seed} case ${n}`);
    const fault = n % 3 === 0 ? null : choice.pick(faults);
    const kind = fault ? choice.pick(fault.kinds) : kinds[Math.floor(n / 3) % kinds.length]!;
    const id = `${String(n).padStart(3, "0")}-${kind}${fault ? `-${fault.name}` : ""}`;
    files.push(...(await freshCase({ id: `${seed}-${id}`, kind, fault, cast, choice })));
  }
  return files;
}

/** Writes files below a folder, which is made where it isn't there. */
export function writeVectors(files: readonly VectorFile[], folder: string): void {
  for (const name of ["artifacts", "trust"]) mkdirSync(`${folder}/${name}`, { recursive: true });
  for (const { path, json } of files) writeFileSync(`${folder}/${path}`, `${JSON.stringify(json, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { seed: { type: "string" }, count: { type: "string", default: "30" }, out: { type: "string" } },
  });
  if (values.seed === undefined || values.out === undefined)
    throw new TypeError("usage: fresh.ts --seed TEXT [--count 30] --out DIR");
  const files = await freshVectors(values.seed, Number(values.count));
  writeVectors(files, values.out);
  const refusals = files.filter(({ json }) => "code" in ((json as { expect?: object }).expect ?? {})).length;
  console.log(`${files.length / 2} cases in ${values.out}, ${refusals} of them refused`);
  const reader = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const readers = [
    [process.execPath, reader("verify.mjs"), "--folder", values.out],
    ["python3", reader("verify-python/verify.py"), "--folder", values.out],
  ] as const;
  for (const [command, ...args] of readers) {
    const { status, error } = spawnSync(command, args, { stdio: "inherit" });
    if (error) console.log(`${command} doesn't run: ${error.message}`);
    if (status !== 0) process.exitCode = 1;
  }
}
