// What the spec promises of every decision, tried on the reference evaluator: policies, requests and states of all
// decision vectors are mixed freely, facts are left out at random.
import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import type { Written } from "./evaluate.ts";
import type { Answer, Held, Policy, Request, State } from "./shapes.ts";

const root = new URL("../../", import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
interface Vector {
  readonly policies: Readonly<Record<string, Policy>>;
  readonly taxonomies?: readonly {
    readonly digest: string;
    readonly iri: string;
    readonly terms: Record<string, string[]>;
  }[];
  readonly layers?: readonly Omit<Written, "document">[];
  readonly request?: Request;
  readonly state?: State;
  readonly expect: { readonly verdict?: string };
}
const vectors = readdirSync(new URL("test-vectors/decisions/", root))
  .filter((file) => file.endsWith(".json"))
  .map((file) => json(`test-vectors/decisions/${file}`) as Vector)
  .filter(({ expect: expected }) => expected.verdict !== undefined);
const [dpv] = (json("packages/evaluator/taxonomies/shipped.json") as { taxonomies: { file: string; digest: string }[] })
  .taxonomies;
const core = json(`packages/evaluator/taxonomies/${dpv!.file}`) as { iri: string; terms: Record<string, string[]> };
const others = vectors.flatMap(({ taxonomies }) => taxonomies ?? []);
const held: Held = new Map([[dpv!.digest, core] as const, ...others.map((one) => [one.digest, one] as const)]);

const layersOf = (vector: Vector): Written[] =>
  (vector.layers ?? []).map((layer) => ({ ...layer, document: vector.policies[layer.policy]! }));
const vector = fc.constantFrom(...vectors);
/** Which of up to 24 optional facts are left out. */
const omissions = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
const runs = process.env["SLOW"] ? 200_000 : 2_000;

/** The request and state without the facts that `omit` marks; each fact has its own mark. */
function without(request: Request, state: State, omit: readonly boolean[]): { request: Request; state: State } {
  let at = 0;
  const drop = <T extends object>(from: T, names: readonly string[]): T =>
    Object.fromEntries(
      Object.entries(from).filter(([name]) => !names.includes(name) || !omit[(at += 1) % omit.length]),
    ) as T;
  const linkOf = (principal: Request["principal"]): Request["principal"] => {
    const left = drop(principal, ["roles", "org", "clearance", ...(principal.kind === "agent" ? ["actingFor"] : [])]);
    return left.actingFor ? { ...left, actingFor: linkOf(left.actingFor) } : left;
  };
  const all = <T extends object>(from: T): T => drop(from, Object.keys(from));
  const { destination, output, facts } = request;
  const inner = {
    ...(destination ? { destination: all(destination) } : {}),
    ...(output ? { output: all(output) } : {}),
    ...(facts ? { facts: all(facts) } : {}),
    principal: linkOf(request.principal),
  };
  const states = ["custody", "statusEntries", "status", "consents", "counters", "approvals", "holds"];
  return { request: drop({ ...request, ...inner }, ["region", "destination"]), state: drop(state, states) };
}
const decide = (layers: readonly Written[], request: Request, state: State): Answer =>
  evaluate(layers, request, state, held);

describe("properties of the spec", () => {
  test("[EVL-2] a permit and a deny are stable when omitted facts are supplied", () => {
    const settled = { permit: 0, deny: 0 };
    fc.assert(
      fc.property(vector, vector, vector, omissions, (a, b, c, omit) => {
        const [request, state] = [b.request!, { ...c.state!, ...b.state }];
        const less = without(request, state, omit);
        const early = decide(layersOf(a), less.request, less.state);
        if (early.verdict === "unknown") return;
        settled[early.verdict] += 1;
        expect(decide(layersOf(a), request, state).verdict).toBe(early.verdict);
      }),
      { numRuns: runs },
    );
    expect(Math.min(settled.permit, settled.deny)).toBeGreaterThan(20); // else the mix would show nothing
  });

  test("[DUT-1] leaving out a fact never sheds an obligation", () => {
    fc.assert(
      fc.property(vector, vector, omissions, (a, b, omit) => {
        const less = without(b.request!, b.state!, omit);
        const [early, full] = [
          decide(layersOf(a), less.request, less.state),
          decide(layersOf(a), b.request!, b.state!),
        ];
        if (early.verdict !== "deny") expect(early.obligations).toEqual(expect.arrayContaining([...full.obligations]));
      }),
      { numRuns: runs },
    );
  });

  test("[EVL-1, INH-6] the union permits what both sets permit; order and repetition don't matter", () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        const [one, two] = [layersOf(a), layersOf(b).map((layer) => ({ ...layer, policy: `other-${layer.policy}` }))];
        const grants = (layers: readonly Written[]): boolean =>
          layers.some(({ document }) => document.kind === "grant");
        fc.pre(grants(one) && grants(two));
        const ask = (layers: readonly Written[]): Answer => decide(layers, c.request!, c.state!);
        const both = [ask(one).verdict, ask(two).verdict];
        const expected = both.includes("deny") ? "deny" : both.includes("unknown") ? "unknown" : "permit";
        const united = ask([...one, ...two]);
        expect(united.verdict).toBe(expected);
        const turned = ask([...two, ...one, ...one]);
        expect({ ...turned, missing: [] }).toEqual({ ...united, missing: [] });
      }),
      { numRuns: runs },
    );
  });

  test("[RSN-2] an unknown names facts, and nothing else does", () => {
    fc.assert(
      fc.property(vector, vector, omissions, (a, b, omit) => {
        const less = without(b.request!, b.state!, omit);
        const { verdict, missing } = decide(layersOf(a), less.request, less.state);
        expect(missing.length > 0).toBe(verdict === "unknown");
      }),
      { numRuns: runs },
    );
  });
});
