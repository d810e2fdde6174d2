// What an unknown says is missing: nothing less would do, and one fact alone does where one alone is named.
import type { DecisionRequest, Evaluation } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { applyChange, flipOf } from "@writ/evaluator/flip";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { heldTaxonomy } from "./arbitrary-layers.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const numRuns = process.env["SLOW"] ? 20_000 : 200;
const timeout = process.env["SLOW"] ? 3_600_000 : 120_000;

/** What a request says of a fact; undefined for facts of the state. */
function valueOf(request: DecisionRequest, fact: string): unknown {
  if (fact.startsWith("facts.")) return request.facts?.[fact.slice("facts.".length)];
  const inside = (value: unknown, name: string): unknown =>
    (value as Record<string, unknown> | null | undefined)?.[name];
  return fact.split(".").reduce(inside, request);
}

/**
 * An unknown for want of facts that nobody gave: one that was given and isn't proven is missing as it is, and a search gives it other
 * values. Taxonomies come with no request.
 */
const unknowns = cases(evaluator)
  .map((generated) => ({
    ...generated,
    answer: evaluator.evaluate(generated.layers, generated.request, generated.state),
  }))
  .filter(
    ({ request, answer: { verdict, missing } }) =>
      verdict === "unknown" &&
      missing.every(({ fact, suppliedBy }) => suppliedBy !== "taxonomy" && valueOf(request, fact) === undefined),
  );

/** The fact of the missing ones that alone brings a permit, of all the values that are tried for each; else undefined. */
function sufficient({ layers, request, state }: Case, { missing }: Pick<Evaluation, "missing">): string | undefined {
  const { flip } = flipOf(layers, request, state, { evaluator }); // missing facts are tried before all others
  if (flip?.verdict !== "permit") return undefined;
  expect(evaluator.evaluate(layers, ...both(applyChange({ request, state }, flip.change))).verdict).toBe("permit");
  return missing.find(({ fact }) => fact === flip.change.fact)?.fact;
}

function both({ request, state }: Pick<Case, "request" | "state">): [Case["request"], Case["state"]] {
  return [request, state];
}

describe("facts that are missing", () => {
  test(
    "[RSN-2] [EVL-2] of several none alone brings a permit; where one is named, a value of it does",
    { timeout },
    () => {
      const counts = { one: 0, "one that does": 0, several: 0, none: 0 };
      fc.assert(
        fc.property(unknowns, ({ answer, ...asked }) => {
          const enough = sufficient(asked, answer);
          const { length } = answer.missing;
          if (length > 1) expect(enough, JSON.stringify(answer.missing)).toBeUndefined();
          counts[length === 0 ? "none" : length === 1 ? "one" : "several"] += 1;
          if (length === 1 && enough !== undefined) counts["one that does"] += 1;
        }),
        { numRuns },
      );
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      expect(counts.several).toBeGreaterThan(numRuns / 20);
      expect(counts["one that does"]).toBeGreaterThan(0.9 * counts.one);
    },
  );

  test("control: a fact too many, or one that doesn't matter, is told apart", () => {
    const found = fc.sample(unknowns, 60).filter((one) => one.answer.missing.length === 1);
    const padded = found.map(({ answer, ...asked }) =>
      sufficient(asked, { missing: [...answer.missing, { fact: "output.nothing", suppliedBy: "caller" }] }),
    );
    expect(padded.filter((fact) => fact !== undefined).length).toBeGreaterThan(0);
    const others = found.map(({ answer: _answer, ...asked }) =>
      sufficient(asked, { missing: [{ fact: "output.nothing", suppliedBy: "caller" }] }),
    );
    expect(others.every((fact) => fact === undefined)).toBe(true);
  });
});
