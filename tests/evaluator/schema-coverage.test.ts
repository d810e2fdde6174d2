// A member of the policy schema without a join, or without a decision vector that depends on it, fails here.
import type { JsonObject, PolicyLayer } from "@writ/core";
import { createEvaluator, joinLabel } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readText } from "../support/repository.ts";
import { answer } from "./vector-answer.ts";
import { digestOf, readVectors } from "./vector-files.ts";
import type { DecisionVector } from "./vector-files.ts";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema | boolean>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly type?: string;
}

interface Root extends Schema {
  readonly $defs: Readonly<Record<string, Schema>>;
}

const root = JSON.parse(readText("schemas/policy.schema.json")) as Root;
const vectors = readVectors<DecisionVector>("decisions");
const evaluator = createEvaluator();

/** A schema with the name under which its members are told. */
interface Named {
  readonly name: string;
  readonly schema: Schema;
}

function resolved({ name, schema }: Named, { $defs }: Root): Named {
  const target = schema.$ref?.replace("#/$defs/", "");
  return target === undefined ? { name, schema } : { name: target, schema: $defs[target]! };
}

/** Every member that the schema knows, once for each kind of object: `limits.regions`, `duty.within`. */
function membersOf(schema: Root): ReadonlyMap<string, { readonly isRequired: boolean }> {
  const members = new Map<string, { isRequired: boolean }>();
  const seen = new Set<Schema>();
  const visit = (from: Named): void => {
    const { name, schema: here } = resolved(from, schema);
    if (seen.has(here)) return;
    seen.add(here);
    for (const [member, value] of Object.entries(here.properties ?? {})) {
      if (typeof value === "boolean") continue;
      const full = name === "" ? member : `${name}.${member}`;
      members.set(full, { isRequired: here.required?.includes(member) === true });
      visit({ name: full, schema: value });
    }
    for (const part of [here.items, here.additionalProperties, ...(here.anyOf ?? [])])
      if (typeof part === "object") visit({ name, schema: part });
  };
  visit({ name: "", schema });
  return members;
}

/** A member as it stands in a document: the keys that lead to it. */
interface Place {
  readonly full: string;
  readonly keys: readonly string[];
}

function hasShape(value: object, schema: Schema): boolean {
  if (Array.isArray(value)) return schema.type === "array";
  return schema.type === "object" && (schema.required ?? []).every((member) => Object.hasOwn(value, member));
}

/** Every member of a document, by the names of `membersOf`. */
function* placesIn(value: unknown, from: Named, schema: Root, keys: readonly string[]): Generator<Place> {
  if (typeof value !== "object" || value === null) return;
  const { name, schema: here } = resolved(from, schema);
  for (const option of here.anyOf ?? []) {
    const named = resolved({ name, schema: option }, schema);
    if (hasShape(value, named.schema)) yield* placesIn(value, named, schema, keys);
  }
  for (const [key, part] of Object.entries(value)) {
    const own = here.properties?.[key];
    const other = Array.isArray(value) ? here.items : here.additionalProperties;
    const path = [...keys, key];
    if (typeof own === "object") {
      const full = name === "" ? key : `${name}.${key}`;
      yield { full, keys: path };
      yield* placesIn(part, { name: full, schema: own }, schema, path);
    } else if (typeof other === "object") yield* placesIn(part, { name, schema: other }, schema, path);
  }
}

function placesOf({ policies }: DecisionVector, schema: Root): readonly Place[] {
  return Object.entries(policies).flatMap(([name, document]) => [
    ...placesIn(document, { name: "", schema }, schema, [name]),
  ]);
}

/** The value without what stands at the end of the keys, and without what is empty then; undefined where nothing is left. */
function without(value: unknown, [key = "", ...rest]: readonly string[]): unknown {
  const entries = Object.entries(value as object).flatMap(([name, part]): [string, unknown][] => {
    if (name !== key) return [[name, part]];
    const left = rest.length === 0 ? undefined : without(part, rest);
    return left === undefined ? [] : [[name, left]];
  });
  if (entries.length === 0) return undefined;
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

function answered(vector: DecisionVector): string {
  try {
    const said = answer(vector) as { readonly error?: string };
    return said.error === vector.expect.error ? JSON.stringify(said) : "refused";
  } catch {
    return "refused";
  }
}

/** Whether the vector's answer is another, and not for lack of a policy, once the member is gone. */
function dependsOn(vector: DecisionVector, { keys }: Place): boolean {
  const policies = without(vector.policies, keys) as DecisionVector["policies"] | undefined;
  const after = policies === undefined ? "refused" : answered({ ...vector, policies });
  return after !== "refused" && after !== answered(vector);
}

/**
 * What no verdict reads, and who shows it instead. Lowering is an amendment; a critical extension makes a policy unusable;
 * the other members stand in obligations and displays.
 */
const unread: Readonly<Record<string, string>> = {
  classification: "custody and trust read it",
  "duty.by": "an obligation's",
  "duty.proof": "an obligation's",
  "duty.within": "an obligation's",
  declassify: "amendments read it",
  "declassify.threshold": "amendments read it",
  "declassify.approvers": "amendments read it",
  "declassify.atMost": "amendments read it",
  crit: "refused before any decision",
  ext: "never read",
};

/** Members that can't go alone, since another one stands or falls with them: a vector that has them is enough. */
const paired: ReadonlySet<string> = new Set([
  "parameters",
  "permissions",
  "permission.unrestricted",
  "permission.duties",
  "duties",
  "param.param",
  "operators.param",
]);

/** Members without a vector: those that decide, without one that depends on them; those that are required, without one that has them. */
function membersWithoutVector(schema: Root, of: readonly DecisionVector[]): string[] {
  const missing = new Map(membersOf(schema));
  for (const member of Object.keys(unread)) missing.delete(member);
  for (const vector of of) {
    for (const place of placesOf(vector, schema)) {
      const entry = missing.get(place.full);
      if (entry && (entry.isRequired || paired.has(place.full) || dependsOn(vector, place))) missing.delete(place.full);
    }
  }
  return [...missing.keys()];
}

describe("every member of the schema", () => {
  test("the schema is walked to its end", () => {
    const members = [...membersOf(root).keys()];
    for (const name of [
      "limits.custody.origins",
      "limits.maxStaleness.approval",
      "permission.waives",
      "operators.hasNone",
    ])
      expect(members).toContain(name);
    expect(members.length).toBeGreaterThan(70);
    for (const member of Object.keys(unread)) expect(members).toContain(member);
  });

  test("[POL-3] has a decision vector that depends on it, but for those that no verdict reads", () => {
    expect(membersWithoutVector(root, vectors)).toEqual([]);
  });

  test("control: without its vectors, a member is missing; so is a new member of the schema", () => {
    const without = vectors.filter(({ policies }) => !JSON.stringify(policies).includes("keepUntil"));
    expect(membersWithoutVector(root, without)).toContain("limits.keepUntil");
    const limits = root.$defs["limits"]!;
    const novel = { ...limits, properties: { ...limits.properties, novelty: { type: "integer" } } };
    expect(membersWithoutVector({ ...root, $defs: { ...root.$defs, limits: novel } }, vectors)).toEqual([
      "limits.novelty",
    ]);
  });

  test("control: a vector in which a member decides nothing doesn't count", () => {
    const idle = vectors.find(({ id }) => id.startsWith("001"))!;
    const padded = structuredClone(idle) as { policies: Record<string, Record<string, unknown>> } & DecisionVector;
    for (const document of Object.values(padded.policies)) document["classification"] = "internal";
    const place = placesOf(padded, root).find(({ full }) => full === "classification")!;
    expect(dependsOn(padded, place)).toBe(false);
    const permissions = placesOf(padded, root).find(({ full }) => full === "permission.purposes")!;
    expect(permissions).toBeDefined();
  });
});

/** For each member of the limits two values and what they join to. A member without a case is reported. */
const joinCases: Readonly<Record<string, readonly [one: unknown, other: unknown, joined: unknown]>> = {
  purposes: [
    [["https://w3id.org/dpv#Marketing"]],
    [["https://w3id.org/dpv#PublicBenefit"]],
    [["https://w3id.org/dpv#Marketing"], ["https://w3id.org/dpv#PublicBenefit"]],
  ],
  notPurposes: [
    ["https://w3id.org/dpv#Marketing"],
    ["https://w3id.org/dpv#PublicBenefit"],
    ["https://w3id.org/dpv#Marketing", "https://w3id.org/dpv#PublicBenefit"],
  ],
  notOperations: [["train"], ["copy", "train"], ["train", "copy"]],
  regions: [[["EU"]], [["DE", "CH"]], [["EU"], ["DE", "CH"]]],
  parties: [[["urn:a:1"]], [["urn:a:2"]], [["urn:a:1"], ["urn:a:2"]]],
  notParties: [["urn:a:1"], ["urn:a:2"], ["urn:a:1", "urn:a:2"]],
  principals: [["human", "agent"], ["service", "human"], ["human"]],
  notBefore: ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"],
  notAfter: ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  maxUses: [{ "urn:a:c": 9, "urn:a:d": 1 }, { "urn:a:c": 4 }, { "urn:a:c": 4, "urn:a:d": 1 }],
  deleteBy: ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  keepUntil: ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"],
  minAssurance: [1, 3, 3],
  kAnonymity: [5, 10, 10],
  consents: [["c-1"], ["c-2"], ["c-1", "c-2"]],
  "custody.origins": [["AWS_KMS", "EXTERNAL"], ["EXTERNAL"], ["EXTERNAL"]],
  "custody.managers": [["customer", "provider"], ["customer"], ["customer"]],
  "custody.regions": [["eu-*"], ["eu-central-1"], [["eu-*"], ["eu-central-1"]]],
  "maxStaleness.status": ["PT24H", "PT1H", "PT1H"],
  "maxStaleness.consent": ["PT24H", "PT1H", "PT1H"],
  "maxStaleness.counter": ["PT24H", "PT1H", "PT1H"],
  "maxStaleness.approval": ["P1D", "PT23H", "PT23H"],
};

/** Members of the limits, those of `custody` and `maxStaleness` apart. */
function limitNames(schema: Root): readonly string[] {
  const names = [...membersOf(schema).keys()].flatMap((full) => (full.startsWith("limits.") ? [full.slice(7)] : []));
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}.`)));
}

function limitsWith(name: string, value: unknown): object {
  const [member = "", inner] = name.split(".");
  return { [member]: inner === undefined ? value : { [inner]: value } };
}

function layerWith(id: string, name: string, value: unknown): PolicyLayer {
  const document: JsonObject = {
    version: 1,
    kind: "restrict",
    id: "urn:a:p",
    authority: "urn:a:o",
    limits: limitsWith(name, value) as JsonObject,
  };
  return {
    policy: digestOf(id),
    document: evaluator.prepare(JSON.stringify(document)).document,
    parameters: {},
    via: [],
  };
}

describe("joins", () => {
  test("[POL-19] every member of the limits has a case", () => {
    expect(Object.keys(joinCases).sort()).toEqual([...limitNames(root)].sort());
  });

  test.each(Object.entries(joinCases))(
    "[POL-19] limits.%s joins by its row, whatever the order and repetition",
    (name, [one, other, joined]) => {
      const [a, b] = [layerWith("a", name, one), layerWith("b", name, other)];
      const sorted = (value: unknown): string =>
        JSON.stringify(Array.isArray(value) ? [...value].map((item) => JSON.stringify(item)).sort() : value);
      const of = (layers: readonly PolicyLayer[]): string => {
        const [member = "", inner] = name.split(".");
        const value = (joinLabel(layers)!.limits as Record<string, unknown>)[member];
        return sorted(inner === undefined ? value : (value as Record<string, unknown>)[inner]);
      };
      for (const layers of [
        [a, b],
        [b, a],
        [a, b, a],
        [b, b, a],
      ])
        expect(of(layers)).toBe(sorted(joined));
      expect(of([a])).not.toBe(of([b])); // control: the values tell the layers apart
    },
  );

  test("[POL-19] every other member stands in the label by the name of its row", () => {
    const full = readVectors<{ id: string; document?: JsonObject }>("policies").find(({ id }) =>
      id.endsWith("every-member"),
    )!;
    const { document } = evaluator.prepare(JSON.stringify(full.document));
    const label = joinLabel([{ policy: digestOf("full"), document, parameters: { consent: "c-1" }, via: [] }])!;
    const lacking = (schema: Root): string[] =>
      Object.keys(schema.properties!).filter((member) => member !== "parameters" && !Object.hasOwn(label, member));
    expect(lacking(root)).toEqual([]);
    expect(lacking({ ...root, properties: { ...root.properties, novelty: {} } })).toEqual(["novelty"]); // control
  });
});
