// writ policy diff: which requests two policies decide apart.
import { FormatError, nameOf, parseJson } from "@writ/core";
import type { DecisionRequest, Evaluator, JsonValue, Parameters, PolicyLayer } from "@writ/core";
import { createEvaluator, simulate } from "@writ/evaluator";
import type { SimulatedCase, SimulatedDecision, SimulatedDifference } from "@writ/evaluator";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { readText } from "../input-file.ts";
import { prepareText, readPolicy } from "../policies.ts";
import type { Line } from "../print.ts";

/** Options of `policy diff`. */
export interface PolicyDiffOptions extends CommonOptions {
  readonly requests?: string;
}

/** Values that stand for parameters: the same on both sides, so that they make no difference. */
const placeholders: Readonly<Record<string, string | number | boolean>> = {
  string: "parameter",
  iri: "urn:writ:parameter",
  integer: 1,
  boolean: true,
  instant: "9999-01-01T00:00:00Z",
};

async function layerOf({ io }: Context, path: string, evaluator: Evaluator): Promise<PolicyLayer> {
  const file = await readPolicy(io, path);
  const { document } =
    file.kind === "text" ? prepareText(evaluator, path, file.text) : evaluator.prepare(file.message.document);
  const declared = Object.entries((document["parameters"] ?? {}) as Readonly<Record<string, string>>);
  const parameters: Parameters = Object.fromEntries(declared.map(([name, type]) => [name, placeholders[type]!]));
  return { policy: nameOf(new TextEncoder().encode(path)), document, parameters, via: [] };
}

function caseOf(value: JsonValue): SimulatedCase {
  const isPair = typeof value === "object" && value !== null && !Array.isArray(value) && "request" in value;
  const { request, state } = isPair ? value : { request: value, state: undefined };
  return {
    request: request as unknown as DecisionRequest, // the evaluator checks it against the schema of requests
    state: (state ?? { statusEntries: [], holds: [] }) as NonNullable<SimulatedCase["state"]>,
  };
}

async function casesOf({ io }: Context, path: string): Promise<readonly SimulatedCase[]> {
  const value = parseJson(await readText(io, path));
  if (!Array.isArray(value) || value.length === 0)
    throw new FormatError("json-invalid", `\`${path}\` is no list of requests`, { path });
  return value.map((one) => caseOf(one as JsonValue));
}

interface Change {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly example: SimulatedDifference;
}

function sides({ decisions }: SimulatedDifference): readonly [SimulatedDecision, SimulatedDecision] {
  return [decisions["a"]!, decisions["b"]!];
}

/** Differences by what becomes of the verdict, in the order in which they were met. */
function changesOf(differences: readonly SimulatedDifference[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const example of differences) {
    const [a, b] = sides(example);
    const key = `${a.verdict} ${b.verdict}`;
    const known = changes.get(key) ?? { from: a.verdict, to: b.verdict, count: 0, example };
    changes.set(key, { ...known, count: known.count + 1 });
  }
  return [...changes.values()];
}

function requestText({ request: { operation, purposes, principal, region, destination } }: SimulatedCase): string {
  const where = [
    region === undefined || region === null ? "" : ` in ${region}`,
    destination?.party ? ` to ${destination.party}` : "",
  ].join("");
  return `${operation} for ${purposes.join(", ") || "no purpose"} by a ${principal.kind}${where}`;
}

function changeLines({ from, to, count, example }: Change): readonly Line[] {
  const [a, b] = sides(example);
  const what = from === to ? `${from}, other obligations` : `${from} -> ${to}`;
  const why = (to === "permit" ? a : b).reasons.join(", ");
  const duties = `${a.obligations.join("; ") || "none"} -> ${b.obligations.join("; ") || "none"}`;
  return [
    { text: `${String(count).padStart(6)}  ${what}`, tone: "strong" },
    `        for example: ${requestText(example)}`,
    ...(from === to ? [`        obligations: ${duties}`] : why === "" ? [] : [`        reasons: ${why}`]),
  ];
}

/** Says which requests two policies decide apart: those of a file, else ones that the policies tell apart. Spec: CLI-30. */
export async function policyDiff(
  context: Context,
  [a, b]: readonly [string, string],
  options: PolicyDiffOptions,
): Promise<Answer> {
  const evaluator = createEvaluator();
  const subjects = { a: [await layerOf(context, a, evaluator)], b: [await layerOf(context, b, evaluator)] };
  const given = options.requests === undefined ? undefined : await casesOf(context, options.requests);
  const { cases, verdicts, differing, differences } = simulate(subjects, {
    evaluator,
    now: Math.floor(context.io.now() / 1000),
    maxDifferences: Infinity,
    ...(given && { cases: given }),
  });
  const changes = changesOf(differences);
  const counted = (side: "a" | "b"): string =>
    Object.entries(verdicts[side]!)
      .map(([verdict, count]) => `${verdict} ${count}`)
      .join(", ");
  return {
    json: {
      a,
      b,
      cases,
      generated: !given,
      verdicts,
      differing,
      changes: changes.map(({ from, to, count }) => ({ from, to, count })),
      differences: differences
        .slice(0, 100)
        .map(({ request, state = {}, decisions }) => ({ request, state, a: decisions["a"], b: decisions["b"] })),
    },
    lines: [
      `${a}: ${counted("a")}`,
      `${b}: ${counted("b")}`,
      differing === 0
        ? { text: `none of ${cases} requests is decided apart`, tone: "good" }
        : `${differing} of ${cases} requests are decided apart`,
      ...changes.flatMap(changeLines),
    ],
  };
}
