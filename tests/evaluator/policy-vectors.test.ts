// Policies that are refused, each for one fault at one place, and policies that are accepted in one form.
import { createHash } from "node:crypto";
import { encodeCbor } from "@writ/core";
import type { CborValue, GovernanceError, JsonObject, JsonValue } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readVectors } from "./vector-files.ts";

interface PolicyVector {
  readonly id: string;
  readonly spec: readonly string[];
  readonly title: string;
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

describe("policy vectors", () => {
  test("there are refused and accepted ones", () => {
    expect(vectors.filter((vector) => "code" in vector.expect).length).toBeGreaterThanOrEqual(50);
    expect(vectors.filter((vector) => "expanded" in vector.expect).length).toBeGreaterThanOrEqual(5);
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
