// Policies that are refused, each for one fault at one place, and policies that are accepted in one form.
import { createHash } from "node:crypto";
import { encodeCbor } from "@writ/core";
import type { CborValue, GovernanceError, JsonObject, JsonValue } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readText } from "../support/repository.ts";
import { readVectors } from "./vector-files.ts";

interface PolicyVector {
  readonly id: string;
  readonly spec: readonly string[];
  readonly title: string;
  /** Of a refused one: what kind of fault it has. */
  readonly kind?: string;
  /** The text as written, where the fault is in the text; else the document. */
  readonly text?: string;
  readonly document?: JsonObject;
  /** Spaces are appended up to this size. */
  readonly padToBytes?: number;
  /** `artifact`: the document is handed over as it stands in an artifact. */
  readonly source?: "artifact";
  readonly expect:
    | { readonly code: string; readonly pointer: string }
    | { readonly expanded: JsonObject; readonly sha384: string };
}

const vectors = readVectors<PolicyVector>("policies");

function sourceOf({ text, document, padToBytes = 0, source }: PolicyVector): string | JsonObject {
  if (source === "artifact") return document!;
  return (text ?? JSON.stringify(document)).padEnd(padToBytes);
}

function toCbor(value: JsonValue): CborValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => toCbor(item as JsonValue));
  return new Map(Object.entries(value).map(([name, item]) => [name, toCbor(item)]));
}

/** Digest of the bytes that are signed. */
function digestOfBytes(document: JsonObject): string {
  return createHash("sha384")
    .update(encodeCbor(toCbor(document)))
    .digest("hex");
}

type Path = readonly (string | number)[];

/** Every place of a document but the document as a whole. */
function* placesOf(value: JsonValue, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* placesOf(part, [...path, key]);
}

function valueAt(document: JsonObject, path: Path): JsonValue {
  return path.reduce((part, key) => (part as Record<string, JsonValue>)[key]!, document as JsonValue);
}

function changed(document: JsonObject, path: Path, value: JsonValue): JsonObject {
  const copy = structuredClone(document) as Record<string, JsonValue>;
  (valueAt(copy, path.slice(0, -1)) as Record<string, JsonValue>)[path.at(-1)!] = value;
  return copy;
}

/** Code and place of the refusal of a document; neither where it is accepted. */
function refusal(document: JsonObject): { readonly code?: string; readonly pointer?: string } {
  try {
    createEvaluator().prepare(JSON.stringify(document));
    return {};
  } catch (error) {
    const { code, path = "" } = error as GovernanceError;
    return { code, pointer: path };
  }
}

/** What the evaluator says; its place may be more exact than the vector's, which holds it. */
function answer(vector: PolicyVector): PolicyVector["expect"] {
  const { expect: expected } = vector;
  try {
    const { document } = createEvaluator().prepare(sourceOf(vector));
    return { expanded: document, sha384: digestOfBytes(document) };
  } catch (error) {
    const { code, path = "no path" } = error as GovernanceError;
    const place = "pointer" in expected ? expected.pointer : "";
    return { code, pointer: path === place || (place !== "" && path.startsWith(`${place}/`)) ? place : path };
  }
}

/** Kinds of faults that a policy is refused for. */
const kinds = [
  "dangling reference",
  "duplicate name",
  "empty list or object",
  "extension",
  "huge number",
  "member missing",
  "member out of place",
  "not JSON",
  "not expanded",
  "null",
  "order of the checks",
  "over budget",
  "prototype trick",
  "taxonomy",
  "taxonomy cycle",
  "unknown field",
  "unknown member",
  "unknown operation",
  "unknown operator",
  "unknown purpose",
  "waiver",
  "wrong date",
  "wrong number",
  "wrong type",
  "wrong value",
];
/** Kinds whose fault may be the document as a whole. */
const ofTheWhole = ["not JSON", "over budget", "member missing", "unknown member", "not expanded"];

function kindFindings(of: readonly PolicyVector[]): string[] {
  const refused = of.filter(({ expect: expected }) => "code" in expected);
  const placed = ({ kind = "", expect: expected }: PolicyVector): boolean =>
    ("pointer" in expected && expected.pointer !== "") || ofTheWhole.includes(kind);
  return [
    ...kinds.filter((kind) => !refused.some((vector) => vector.kind === kind)).map((kind) => `${kind} has no vector`),
    ...refused.filter(({ kind = "" }) => !kinds.includes(kind)).map(({ id }) => `${id} is of no kind`),
    ...refused
      .filter((vector) => kinds.includes(vector.kind ?? "") && !placed(vector))
      .map(({ id }) => `${id} names no place`),
  ];
}

/** The codes of a policy in the table of spec 3.7. */
function codesOfSpec(): string[] {
  const table = readText("spec/3-policy.md").split("## 3.7 Codes")[1]!;
  return [...table.matchAll(/^\| `([a-z-]+)` \|/gm)]
    .map(([, code]) => code!)
    .filter((code) => !code.startsWith("request-"));
}

describe("policy vectors", () => {
  test("there are refused and accepted ones", () => {
    expect(vectors.filter((vector) => "code" in vector.expect).length).toBeGreaterThanOrEqual(50);
    expect(vectors.filter((vector) => "expanded" in vector.expect).length).toBeGreaterThanOrEqual(5);
  });

  test("[POL-18] every kind of fault, and every code, has its vectors, and every refused one is of a kind", () => {
    expect(kindFindings(vectors)).toEqual([]);
    const codes = new Set(vectors.flatMap(({ expect: expected }) => ("code" in expected ? [expected.code] : [])));
    expect([...codes].sort()).toEqual(codesOfSpec().sort());
  });

  test("control: a kind without vectors, a vector without a kind or of another, and an empty pointer are reported", () => {
    expect(kindFindings(vectors.filter(({ kind }) => kind !== "taxonomy cycle"))).toEqual([
      "taxonomy cycle has no vector",
    ]);
    const [first] = vectors.filter(({ kind }) => kind === "null");
    const { kind: _kind, ...without } = first!;
    expect(kindFindings([...vectors, without])).toEqual([`${first!.id} is of no kind`]);
    expect(kindFindings([...vectors, { ...first!, kind: "rude" }])).toEqual([`${first!.id} is of no kind`]);
    const vague = { ...first!, expect: { code: "policy-schema", pointer: "" } };
    expect(kindFindings([...vectors, vague])).toEqual([`${first!.id} names no place`]);
  });

  test.each(vectors.map((vector) => [vector.id, vector.spec.join(", "), vector.title, vector] as const))(
    "%s [%s] %s",
    (_id, _spec, _title, vector) => {
      expect(answer(vector)).toEqual(vector.expect);
    },
  );

  test.each(
    vectors.flatMap((vector) => ("expanded" in vector.expect ? [[vector.id, vector.expect.expanded] as const] : [])),
  )("[POL-5] %s: an expanded document expands to itself", (_id, expanded) => {
    const evaluator = createEvaluator();
    const prepared = evaluator.prepare(expanded);
    expect(prepared.document).toEqual(expanded);
    expect(evaluator.prepare(prepared.document)).toEqual(prepared);
  });

  test("[POL-3, POL-18] in every place of a document, an unknown member, null, nothing and another type are refused, there or around it", () => {
    const { document } = vectors.find(({ id }) => id.endsWith("every-member"))!;
    const places = [...placesOf(document!)];
    const faults = places.flatMap((path) =>
      [null, [], {}, 1.5, "", true, { novelty: 1 }].map((value) => {
        const found = refusal(changed(document!, path, value));
        const pointer = path.map((key) => `/${key}`).join("");
        const around =
          found.pointer !== undefined && (pointer.startsWith(found.pointer) || found.pointer.startsWith(pointer));
        const same = JSON.stringify(value) === JSON.stringify(valueAt(document!, path));
        return around || same ? "" : `${pointer} ${JSON.stringify(value)} ${JSON.stringify(found)}`;
      }),
    );
    expect(places.length).toBeGreaterThan(80);
    expect(faults.filter((fault) => fault !== "")).toEqual([]);
    expect(refusal(document!)).toEqual({}); // control: as it stands, it is accepted
  });

  test("control: another code, another place, a place around the vector's and other bytes are told apart", () => {
    const refused = vectors.find(({ expect: expected }) => "code" in expected && expected.code === "policy-date")!;
    const accepted = vectors.find(({ expect: expected }) => "sha384" in expected)!;
    const { code, pointer } = refused.expect as { code: string; pointer: string };
    for (const expected of [
      { code: "policy-schema", pointer },
      { code, pointer: "/permissions" },
      { code, pointer: "" },
      { code, pointer: `${pointer}/0` },
    ]) {
      expect(answer({ ...refused, expect: expected })).not.toEqual(expected);
    }
    expect(answer(accepted)).not.toEqual({ ...accepted.expect, sha384: "0".repeat(96) });
  });
});
