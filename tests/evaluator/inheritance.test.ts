// What holds of children, whatever the policies: properties over sets of layers, each with a control that shows it can fail.
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { ChildLayer, ChildLayers, Digest, JsonObject, Operation, PolicyLayer } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { cases } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { grant, heldTaxonomy, layerFrom, limits, restrict } from "./arbitrary-layers.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const numRuns = process.env["SLOW"] ? 30_000 : 300;
const timeout = process.env["SLOW"] ? 3_600_000 : 120_000;

/** Policies that releases name, by digest. */
const releasable = [
  { permissions: [{ id: "p1", operations: ["read", "share"], purposes: ["dpv:AcademicResearch"] }] },
  { permissions: [{ id: "p1", operations: ["*"], unrestricted: true }], limits: { regions: [["EU"]] } },
].map((members) => {
  const written = { version: 1, kind: "grant", id: "urn:test:released", authority: "urn:test:office", ...members };
  return layerFrom(evaluator, written, {}, false, false);
});
const documents = new Map<Digest, JsonObject>(releasable.map(({ policy, document }) => [policy, document]));

const plainLimits = limits.filter((value) => value !== undefined && !JSON.stringify(value).includes('"param"'));
const entry: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ inherit: true }) },
  { weight: 5, arbitrary: plainLimits.map((add) => ({ inherit: true, add })) },
  { weight: 1, arbitrary: fc.constant("forbid") },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...documents.keys()), fc.constantFrom(5, 10))
      .map(([policy, least]) => ({ release: { policy, requires: { "output.k": { gte: least } } } })),
  },
);
const entries = fc.dictionary(fc.constantFrom("aggregate", "train", "share"), entry, { maxKeys: 3 });

/** A layer whose document has entries of every form. */
const layer: Arbitrary<PolicyLayer> = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: grant }, { weight: 1, arbitrary: restrict }), entries, fc.boolean())
  .filter(([written]) => !JSON.stringify(written).includes('"param"'))
  .map(([written, derive, isVia]) => {
    const { derive: _own, ...rest } = written;
    const entered = Object.keys(derive).length > 0 ? { ...rest, derive } : rest;
    return layerFrom(evaluator, entered as JsonObject, {}, isVia, false);
  });
const layers = fc.array(layer, { maxLength: 3 });
const operation = fc.constantFrom<Operation>("aggregate", "train", "share", "infer");
const output = fc.constantFrom<JsonObject | undefined>(undefined, { k: 4 }, { k: 7 }, { k: 20 });

function childOf(
  parents: readonly (readonly PolicyLayer[])[],
  of: Operation,
  attested: JsonObject | undefined,
): ChildLayers {
  return evaluator.childLayers(parents, of, attested, (name) => documents.get(name));
}

/** The child's layers as decisions take them. */
function inForce({ layers: references }: ChildLayers, parents: readonly PolicyLayer[]): readonly PolicyLayer[] {
  const known = new Map([...documents, ...parents.map(({ policy, document }) => [policy, document] as const)]);
  return references.map((reference) => ({ ...reference, document: known.get(reference.policy)! }));
}

function names(list: readonly ChildLayer[]): string[] {
  return list.map(({ policy, parameters, via }) => JSON.stringify([policy, parameters, [...via].sort()])).sort();
}

const asSet = (list: readonly string[]): string[] => [...new Set(list)].sort();

interface Family {
  readonly a: readonly PolicyLayer[];
  readonly b: readonly PolicyLayer[];
  readonly of: Operation;
  readonly attested: JsonObject | undefined;
}
const families: Arbitrary<Family> = fc.record({ a: layers, b: layers, of: operation, attested: output });

/** Whether a request is permitted; `keepUntil` lets `store` pass where nothing else may (LIM-1), so it isn't asked. */
function permits(of: readonly PolicyLayer[], { request, state }: Case): boolean {
  return evaluator.evaluate(of, request, state).verdict === "permit";
}

const requests = cases(evaluator).filter(({ request }) => request.operation !== "store");

/** A request that was aimed at the first layer, which has entries of every form. */
const aimed: Arbitrary<Case> = fc
  .tuple(requests, entries)
  .filter(
    ([
      {
        layers: [first],
      },
    ]) => first !== undefined && !/"parameters"|urn:test:lacking/.test(JSON.stringify(first.document)),
  )
  .map(
    ([
      {
        layers: [first, ...others],
        ...asked
      },
      derive,
    ]) => {
      const { derive: _own, ...rest } = first!.document;
      const entered = Object.keys(derive).length > 0 ? { ...rest, derive } : rest;
      return { ...asked, layers: [layerFrom(evaluator, entered as JsonObject, {}, false, false), ...others] };
    },
  );

describe("children as sets of layers", () => {
  test(
    "[INH-1] the child of a union is the union of the children: so order, grouping and repetition change nothing",
    { timeout },
    () => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(families, ({ a, b, of, attested }) => {
          const [ofA, ofB] = [childOf([a], of, attested), childOf([b], of, attested)];
          for (const both of [childOf([[...a, ...b]], of, attested), childOf([b, a, b], of, attested)]) {
            expect(names(both.layers)).toEqual(asSet([...names(ofA.layers), ...names(ofB.layers)]));
            expect(asSet(both.forbiddenBy)).toEqual(asSet([...ofA.forbiddenBy, ...ofB.forbiddenBy]));
          }
          const forms = [
            ofA.forbiddenBy.length > 0 ? "forbid" : "",
            ofA.releases.length > 0 ? "release" : "",
            ofA.layers.some(({ via }) => via.includes(of)) ? "add" : "",
          ];
          for (const form of forms) seen.set(form, (seen.get(form) ?? 0) + 1);
        }),
        { numRuns },
      );
      for (const form of ["forbid", "release", "add"]) expect(seen.get(form) ?? 0).toBeGreaterThan(5);
    },
  );

  test(
    "[INH-3, INH-5] deriving twice by the same operation is deriving once, where nothing is released",
    { timeout },
    () => {
      let added = 0;
      fc.assert(
        fc.property(families, ({ a, of }) => {
          const once = childOf([a], of, undefined);
          fc.pre(once.forbiddenBy.length === 0);
          const twice = childOf([inForce(once, a)], of, undefined);
          expect(names(twice.layers)).toEqual(names(once.layers));
          if (once.layers.some(({ via }) => via.includes(of))) added += 1;
        }),
        { numRuns },
      );
      expect(added).toBeGreaterThan(5);
    },
  );

  test("[INH-3] no operation leaves a child's `via`, and no layer goes but by a release or a ban", { timeout }, () => {
    fc.assert(
      fc.property(families, operation, ({ a, of, attested }, then) => {
        const first = childOf([a], of, attested);
        const second = childOf([inForce(first, a)], then, undefined);
        const kept = new Map(second.layers.map(({ policy, via }) => [policy, via]));
        for (const { policy, via } of first.layers) {
          if (second.forbiddenBy.includes(policy)) continue;
          expect([...(kept.get(policy) ?? [])]).toEqual(expect.arrayContaining([...via]));
        }
        const gone = a.filter(({ policy }) => !first.layers.some((reference) => reference.policy === policy));
        const told = [
          ...first.forbiddenBy,
          ...first.releases.map(({ from }) => from),
          ...first.refused.map(({ policy }) => policy),
        ];
        for (const { policy } of gone) expect(told).toContain(policy);
      }),
      { numRuns },
    );
  });
});

describe("children in decisions", () => {
  test("[INH-6] a child permits nothing that a parent doesn't, where nothing is released", { timeout }, () => {
    let permitted = 0;
    fc.assert(
      fc.property(aimed, operation, (asked, of) => {
        const child = childOf([asked.layers], of, undefined);
        fc.pre(child.forbiddenBy.length === 0);
        if (!permits(inForce(child, asked.layers), asked)) return;
        permitted += 1;
        expect(permits(asked.layers, asked)).toBe(true);
      }),
      { numRuns },
    );
    expect(permitted).toBeGreaterThan(0);
  });

  test(
    "[INH-6] more parents permit no more: permits(child of a and b) = permits(child of a) and permits(child of b)",
    { timeout },
    () => {
      const seen = new Set<string>();
      fc.assert(
        fc.property(aimed, layer, operation, output, (asked, more, of, attested) => {
          fc.pre(
            asked.layers.some(({ document }) => document["kind"] === "grant") && more.document["kind"] === "grant",
          );
          const [ofA, ofB, ofBoth] = [[asked.layers], [[more]], [asked.layers, [more]]].map((parents) =>
            inForce(childOf(parents, of, attested), [...asked.layers, more]),
          ) as [PolicyLayer[], PolicyLayer[], PolicyLayer[]];
          const grants = (list: readonly PolicyLayer[]): boolean =>
            list.some(({ document }) => document["kind"] === "grant");
          fc.pre(grants(ofA) && grants(ofB));
          seen.add(`${permits(ofA, asked)} ${permits(ofB, asked)}`);
          expect(permits(ofBoth, asked)).toBe(permits(ofA, asked) && permits(ofB, asked));
        }),
        { numRuns, maxSkipsPerRun: 1000 },
      );
      expect(seen.size).toBeGreaterThan(2);
    },
  );

  test("control: without what `add` says, or with a release, a child does permit more", () => {
    const written: JsonObject = {
      version: 1,
      kind: "grant",
      id: "urn:test:parent",
      authority: "urn:test:office",
      permissions: [{ id: "p1", operations: ["aggregate", "train"], purposes: ["dpv:AcademicResearch"] }],
      derive: {
        train: { inherit: true, add: { notOperations: ["aggregate"] } },
        aggregate: { release: { policy: releasable[0]!.policy, requires: { "output.k": { gte: 5 } } } },
      },
    };
    const parents = [layerFrom(evaluator, written, {}, false, false)];
    const asked = (operationAsked: Operation): Case => ({
      layers: parents,
      request: {
        operation: operationAsked,
        purposes: ["dpv:AcademicResearch"],
        principal: { id: "u", kind: "human" },
        output: { k: 9 },
      },
      state: { now: 0, statusEntries: [], holds: [] },
    });
    const model = inForce(childOf([parents], "train", undefined), parents);
    expect(permits(model, asked("aggregate"))).toBe(false);
    expect(
      permits(
        model.map((each) => ({ ...each, via: [] })),
        asked("aggregate"),
      ),
    ).toBe(true);
    const statistics = inForce(childOf([parents], "aggregate", { k: 9 }), parents);
    expect([permits(statistics, asked("read")), permits(parents, asked("read"))]).toEqual([true, false]);
  });
});
