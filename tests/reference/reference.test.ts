// Decision vectors through the reference evaluator, and their documents and requests through the schemas. Verdicts in
// the vectors were worked out by hand from the spec; the evaluator that ships is held against the same files.
import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { emptyMeet } from "./empty-meet.ts";
import { childLayers, evaluate } from "./evaluate.ts";
import type { Written } from "./evaluate.ts";
import type { Answer, Child, Held, Policy, Request, State } from "./shapes.ts";

const root = new URL("../../", import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));

interface Taxonomy {
  readonly iri: string;
  readonly version: string;
  readonly digest: string;
  readonly terms: Readonly<Record<string, readonly string[]>>;
}
interface Vector {
  readonly id: string;
  readonly spec: readonly string[];
  readonly title: string;
  readonly why: string;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly taxonomies?: readonly Taxonomy[];
  readonly layers?: readonly Omit<Written, "document">[];
  readonly parents?: readonly (readonly Omit<Written, "document">[])[];
  readonly operation?: string;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly request?: Request;
  readonly state?: State;
  readonly expect: Partial<Answer> & Partial<Child> & { readonly error?: string; readonly emptyMeet?: string | null };
}

const shipped = json("packages/evaluator/taxonomies/shipped.json") as { taxonomies: (Taxonomy & { file: string })[] };
const shippedTaxonomies = shipped.taxonomies.map(({ file, digest }): Taxonomy => {
  return { ...(json(`packages/evaluator/taxonomies/${file}`) as Taxonomy), digest };
});
const vectors = readdirSync(new URL("test-vectors/decisions/", root))
  .filter((file) => file.endsWith(".json"))
  .map((file) => json(`test-vectors/decisions/${file}`) as Vector);

const ajv = new Ajv2020({ strict: true, allErrors: true });
const isPolicy = ajv.compile(json("schemas/policy.schema.json") as object);
const isRequest = ajv.compile(json("schemas/request.schema.json") as object);

const heldFor = ({ taxonomies }: Vector): Held =>
  new Map([...shippedTaxonomies, ...(taxonomies ?? [])].map((one) => [one.digest, one]));
const layersOf = (vector: Vector, names: Vector["layers"]): Written[] =>
  (names ?? []).map((layer) => ({ ...layer, document: vector.policies[layer.policy]! }));

/** What the reference says, in the members that the vector expects. */
function answerOf(vector: Vector): unknown {
  if ("emptyMeet" in vector.expect) return { emptyMeet: emptyMeet(layersOf(vector, vector.layers), heldFor(vector)) };
  if (vector.parents !== undefined) {
    const parents = vector.parents.map((layers) => layersOf(vector, layers));
    return childLayers(parents, vector.operation!, vector.output, (policy) => vector.policies[policy]);
  }
  const answer = evaluate(layersOf(vector, vector.layers), vector.request!, vector.state!, heldFor(vector));
  return Object.fromEntries(Object.entries(answer).filter(([member]) => member in vector.expect));
}

interface PolicyVector {
  readonly id: string;
  readonly spec: readonly string[];
  readonly title: string;
  readonly document?: unknown;
  readonly source?: "artifact";
  readonly expect: { readonly code?: string; readonly expanded?: unknown };
}

describe("policy vectors and the schema", () => {
  const files = readdirSync(new URL("test-vectors/policies/", root)).filter((file) => file.endsWith(".json"));
  const policies = files.map((file) => json(`test-vectors/policies/${file}`) as PolicyVector);
  for (const { id, spec, title, document, source, expect: expected } of policies) {
    // Texts that aren't JSON of the data model, and the expanded form asked of artifacts, are no matter of the schema.
    if (document === undefined || (source === "artifact" && expected.code !== undefined)) continue;
    test(`[${spec.join(", ")}] ${id}: ${title}`, () => {
      expect(isPolicy(document), ajv.errorsText(isPolicy.errors)).toBe(expected.code !== "policy-schema");
      if (expected.expanded !== undefined) expect(isPolicy(expected.expanded)).toBe(true);
    });
  }
});

describe("decision vectors", () => {
  test("there are at least 120, and at least three an id that decides", () => {
    const count = new Map<string, number>();
    for (const id of vectors.flatMap(({ spec }) => spec)) count.set(id, (count.get(id) ?? 0) + 1);
    const deciding = [...count].filter(([id]) => /^(EVL|PRN|PUR|LIM|OPS|RSN)-/.test(id));
    expect(vectors.length).toBeGreaterThanOrEqual(120);
    expect(deciding.filter(([, times]) => times < 3)).toEqual([]);
    expect(vectors.every(({ why, title }) => why.length > 0 && title.length > 0)).toBe(true);
  });

  for (const vector of vectors) {
    const title = `[${vector.spec.join(", ")}] ${vector.id}: ${vector.title}`;
    const { error } = vector.expect;
    if (error === undefined) {
      test(title, () => {
        expect(answerOf(vector)).toEqual(vector.expect);
        expect(vector.request === undefined || isRequest(vector.request), ajv.errorsText(isRequest.errors)).toBe(true);
      });
    } else {
      // The reference validates nothing; the schema sees all but prefixes, the number of links and layers.
      const seen = /^(TypeError|request-schema)$/.test(error) && !vector.id.endsWith("nine-links");
      test(title, () => expect(isRequest(vector.request)).toBe(!seen));
    }
    test(`documents of ${vector.id} fit the schema`, () => {
      for (const [name, document] of Object.entries(vector.policies)) {
        expect(isPolicy(document), `${name}: ${ajv.errorsText(isPolicy.errors)}`).toBe(true);
      }
    });
  }
});
