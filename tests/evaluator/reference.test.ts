// Two evaluators from one spec by different hands: the answer is the same for every generated case. `SLOW=1` runs a
// hundred times as many.
import fc from "fast-check";
import type { Evaluation, JsonObject } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { emptyMeet } from "../reference/empty-meet.ts";
import { evaluate } from "../reference/evaluate.ts";
import type { Written } from "../reference/evaluate.ts";
import { holdsForEach } from "../reference/facts.ts";
import type { Reading } from "../reference/facts.ts";
import { known, valueOf } from "../reference/rules.ts";
import type { Kleene, Rule } from "../reference/rules.ts";
import type { Answer, Held, Layer } from "../reference/shapes.ts";
import { readText } from "../support/repository.ts";
import { cases } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { heldTaxonomy } from "./arbitrary-layers.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const runs = process.env["SLOW"] ? 2_000_000 : 20_000;
const dpv = JSON.parse(readText("packages/evaluator/taxonomies/dpv-2.3.json")) as {
  iri: string;
  terms: Record<string, string[]>;
};
const { taxonomies } = JSON.parse(readText("packages/evaluator/taxonomies/shipped.json")) as {
  taxonomies: { digest: string }[];
};
const held: Held = new Map([
  [taxonomies[0]!.digest, dpv],
  [heldTaxonomy.digest, heldTaxonomy],
]);

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

/** The evaluator's answer in the words of the reference. */
function inWords({ verdict, reasons, missing, obligations, until }: Evaluation): Answer {
  return {
    verdict,
    reasons: sorted(reasons.map(({ code }) => code)),
    missing: sorted(missing.map(({ fact }) => fact)),
    obligations: sorted(obligations.map(({ policy, duty }) => `${policy}/${duty}`)),
    until: until === null ? null : new Date(until * 1000).toISOString().replace(".000", ""),
  };
}

function referenceAnswer({ layers, request, state }: Case): Answer {
  const instant = new Date(state.now * 1000).toISOString();
  const answer = evaluate(layers as unknown as Written[], request, { ...state, now: instant }, held);
  return {
    ...answer,
    missing: sorted(answer.missing),
    reasons: sorted(answer.reasons),
    obligations: sorted(answer.obligations),
  };
}

/** What the generated cases contain: verdicts, reason codes, operators, members, several purposes and taxonomies. */
class Coverage {
  readonly counts = new Map<string, number>();
  total = 0;

  add(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  take({ layers, request, state }: Case, { verdict, reasons }: Answer): void {
    this.total += 1;
    this.add(`verdict ${verdict}`);
    for (const code of reasons) this.add(`${verdict}: ${code}`);
    if (request.purposes.length > 1) this.add("several purposes");
    for (const member of [...Object.keys(request), ...Object.keys(state)]) this.add(`given ${member}`);
    const found = new Set<string>();
    for (const layer of layers) {
      if ((layer.document["taxonomies"] as unknown[]).length > 1) found.add("several taxonomies");
      collect(layer.document, found);
      if (this.total > sampled) continue;
      const reading = { ...plainReading, layer: layer as unknown as Layer, request, state: { ...state, now: "" } };
      operatorValues(layer.document, reading, found);
    }
    for (const name of found) this.add(name);
  }

  percent(name: string): number {
    return (100 * (this.counts.get(name) ?? 0)) / this.total;
  }
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (!Array.isArray(value)) found.add(`member ${name}`);
    collect(item, found);
  }
}

/** Cases of which each operator is looked at by itself. */
const sampled = 4000;
const operators = ["eq", "ne", "in", "notIn", "hasAny", "hasAll", "hasNone", "lt", "lte", "gt", "gte", "exists"];
const values = new Map<Kleene, string>([
  [true, "true"],
  [false, "false"],
  [null, "unknown"],
]);
const plainReading = { minAssurance: 0, maxAge: { counter: Infinity }, relation: (): Rule => known(true) };

/** What each operator of a document is by itself, of this request: true, false or unknown. */
function operatorValues(value: unknown, reading: Reading, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    for (const [operator, operand] of Object.entries(typeof item === "object" && item !== null ? item : {})) {
      if (!name.includes(".") && name !== "region") continue; // no field
      if (!operators.includes(operator)) continue;
      const holds = holdsForEach(reading, { [name]: { [operator]: operand } });
      found.add(`operator ${operator} ${values.get(valueOf(holds))!}`);
    }
    operatorValues(item, reading, found);
  }
}

/** Every member that the schema names in the parts that decide. */
function decidingMembers(): string[] {
  const schema = JSON.parse(readText("schemas/policy.schema.json")) as {
    $defs: Record<string, { properties?: JsonObject }>;
  };
  const parts = ["limits", "permission", "prohibition", "duty", "condition", "operators"];
  return parts.flatMap((part) => Object.keys(schema.$defs[part]?.properties ?? {}));
}

describe("the evaluator and the reference", () => {
  test(`agree on ${runs} generated cases`, { timeout: 600_000 * (process.env["SLOW"] ? 20 : 1) }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(cases(evaluator), (generated) => {
        const expected = referenceAnswer(generated);
        const answer = inWords(evaluator.evaluate(generated.layers, generated.request, generated.state));
        coverage.take(generated, expected);
        expect(answer).toEqual(expected);
      }),
      { numRuns: runs },
    );
    const rows = [...coverage.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    process.stdout.write(`${rows.map(([name, count]) => `${name} ${count}`).join("; ")}\n`);
    for (const verdict of ["permit", "deny", "unknown"])
      expect(coverage.percent(`verdict ${verdict}`)).toBeGreaterThan(5);
    expect(decidingMembers().filter((member) => !coverage.counts.has(`member ${member}`))).toEqual([]);
    const ways = operators.flatMap((operator) => [...values.values()].map((value) => `operator ${operator} ${value}`));
    expect(ways.filter((way) => coverage.percent(way) === 0)).toEqual([]);
    expect(coverage.percent("several purposes")).toBeGreaterThan(5);
    expect(coverage.percent("several taxonomies")).toBeGreaterThan(5);
  });

  test("agree on what meets are empty", () => {
    const codes = new Set<string | null>();
    fc.assert(
      fc.property(cases(evaluator), ({ layers }) => {
        const expected = layers.length === 0 ? "no-grant" : emptyMeet(layers as unknown as Written[], held);
        codes.add(expected);
        expect(evaluator.emptyMeet(layers)?.code ?? null).toBe(expected);
      }),
      { numRuns: runs / 250 },
    );
    expect(codes.size).toBeGreaterThan(3);
  });

  test("control: a reference that reads one member otherwise is told apart", () => {
    const disagrees = (generated: Case): boolean => {
      const otherwise = { ...generated, request: { ...generated.request, region: "US" } };
      const answer = inWords(evaluator.evaluate(generated.layers, generated.request, generated.state));
      return JSON.stringify(answer) !== JSON.stringify(referenceAnswer(otherwise));
    };
    expect(fc.sample(cases(evaluator), 500).some(disagrees)).toBe(true);
  });
});
