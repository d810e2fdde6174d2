// Puts the flags of a vector into it, and says which flags name what isn't there.
import { flags } from "./flags.ts";
import type { VectorFile } from "./vector.ts";

interface Case {
  readonly code?: string;
  readonly [member: string]: unknown;
}

type Json = Case & { readonly expect?: Case; readonly cases?: readonly Case[] };

const names = Object.keys(flags);
const idOf = (path: string): string => path.replace(/\.json$/, "");

function flagsOf(id: string, code: string | undefined): readonly string[] {
  return names.filter(
    (name) => flags[name]!.vectors?.includes(id) || (code !== undefined && flags[name]!.code === code),
  );
}

function flaggedCase(one: Case): Case {
  const own = flagsOf("", one.code);
  return own.length === 0 ? one : { ...one, flags: own };
}

/** The vector with its flags after its statements, those of encodings each with their own; one of no class has none. */
export function flagged({ path, json }: VectorFile): VectorFile {
  const { cases, expect } = json as Json;
  if (cases) return { path, json: { ...(json as Json), cases: cases.map(flaggedCase) } };
  const own = flagsOf(idOf(path), expect?.code);
  if (own.length === 0) return { path, json };
  const members = Object.entries(json as Json).flatMap(([name, value]) =>
    name === "spec" ? [[name, value] as const, ["flags", own] as const] : [[name, value] as const],
  );
  return { path, json: Object.fromEntries(members) };
}

/** Every flag in a vector or in its cases. */
export function flagsIn({ json }: VectorFile): readonly string[] {
  const { flags: own = [], cases = [] } = json as { flags?: readonly string[]; cases?: readonly Case[] };
  return [...own, ...cases.flatMap((one) => (one["flags"] ?? []) as readonly string[])];
}

/** Codes whose every vector shows a defect that has a class: of signatures, trees and encodings. */
const classed =
  /^(cbor-.*|signature-invalid|cose-structure|signer-unknown|key-mismatch|suite-unknown|batch-(structure|root)|receipt-root|report-root)$/;
/** Refusals that all are of a class: of wraps, contexts and sealed content. */
const classedPath = /^(artifacts\/(recipient|context)-|content\/|ranges\/)/;

/** One sentence for each flag that no list has, that names no vector, or that a vector should have and hasn't. */
export function flagFindings(files: readonly VectorFile[]): string[] {
  const paths = new Set(files.map(({ path }) => idOf(path)));
  const refusals = files.flatMap((file) => {
    const { expect, cases = [] } = file.json as Json;
    const inFile = expect?.code === undefined ? [] : [{ code: expect.code, own: flagsIn(file) }];
    const each = cases.map(({ code, flags: own }) => ({ code, own: (own ?? []) as readonly string[] }));
    return [...inFile, ...each].map((one) => ({ path: file.path, ...one }));
  });
  return [
    ...names.flatMap((name) =>
      (flags[name]!.vectors ?? [])
        .filter((id) => !paths.has(id))
        .map((id) => `flag ${name} names ${id}, which isn't there`),
    ),
    ...files.flatMap((file) =>
      flagsIn(file)
        .filter((name) => !(name in flags))
        .map((name) => `${file.path} has flag ${name}, which no list has`),
    ),
    ...names
      .filter((name) => !files.some((file) => flagsIn(file).includes(name)))
      .map((name) => `no vector has flag ${name}`),
    ...refusals
      .filter(
        ({ path, code, own }) =>
          code !== undefined && own.length === 0 && (classed.test(code) || classedPath.test(path)),
      )
      .map(({ path, code }) => `${path} shows ${code} and has no flag`),
  ];
}

const marks = ["<!-- flags: written by generate.ts -->", "<!-- end of flags -->"] as const;

/** The vectors' README with its table of flags: what each shows, and how many cases have it. */
export function withFlagTable(readme: string, files: readonly VectorFile[]): string {
  const all = files.flatMap(flagsIn);
  const rows = names.map(
    (name) => `| \`${name}\` | ${flags[name]!.means} | ${all.filter((one) => one === name).length} |`,
  );
  const [before, after] = [readme.indexOf(marks[0]), readme.indexOf(marks[1])];
  if (before < 0 || after < before) throw new TypeError("the README of the vectors has no marks for its flags");
  const table = ["| flag | shows | cases |", "| --- | --- | --- |", ...rows].join("\n");
  return `${readme.slice(0, before)}${marks[0]}\n\n${table}\n\n${readme.slice(after)}`;
}
