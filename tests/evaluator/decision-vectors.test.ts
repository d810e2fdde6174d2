// Verdicts worked out by hand, through the evaluator's public entry point.
import { describe, expect, test } from "vitest";
import { answer, sorted } from "./vector-answer.ts";
import { digestOf, readVectors } from "./vector-files.ts";
import type { DecisionVector } from "./vector-files.ts";

const vectors = readVectors<DecisionVector>("decisions");
/** What the vector expects, sets sorted. */
function expected({ expect: { reasons, missing, obligations, ...rest }, ...vector }: DecisionVector): unknown {
  const layers = rest.layers && [...rest.layers].sort((a, b) => (digestOf(a.policy) < digestOf(b.policy) ? -1 : 1));
  return {
    ...rest,
    ...(reasons && {
      reasons: sorted(reasons),
      missing: sorted(missing ?? []),
      obligations: sorted(obligations ?? []),
    }),
    ...(vector.parents && { layers }),
  };
}

describe("decision vectors", () => {
  test("there are at least 120", () => {
    expect(vectors.length).toBeGreaterThanOrEqual(120);
  });

  test.each(vectors.map((vector) => [vector.id, vector.spec.join(", "), vector.title, vector] as const))(
    "%s [%s] %s",
    (_id, _spec, _title, vector) => {
      expect(answer(vector)).toEqual(expected(vector));
    },
  );

  test("control: a vector with another verdict is told apart", () => {
    const [first] = vectors;
    expect(answer(first!)).not.toEqual(expected({ ...first!, expect: { ...first!.expect, verdict: "deny" } }));
  });
});
