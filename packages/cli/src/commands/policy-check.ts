// writ policy check: what is wrong with a policy, what its author may not mean, and which purposes it admits.
import { createEvaluator, admittedPurposes } from "@writ/evaluator";
import type { JsonObject, PreparedPolicy } from "@writ/core";
import type { Answer, Context } from "../command.ts";
import { prepareText, readPolicy } from "../policies.ts";
import type { Line } from "../print.ts";

interface Clause {
  readonly pointer: string;
  readonly purposes: readonly string[];
}

type Element = Parameters<typeof admittedPurposes>[0][number];

/** By the taxonomies that the policy pins, its own terms included. */
function clause(pointer: string, elements: unknown, document: JsonObject): Clause {
  return { pointer, purposes: admittedPurposes(elements as readonly Element[], document) };
}

/** The narrowest purposes that each clause of a policy admits. */
function clausesOf({ document }: PreparedPolicy): readonly Clause[] {
  const limits = (document["limits"] ?? {}) as JsonObject;
  const permissions = (document["permissions"] ?? []) as readonly JsonObject[];
  return [
    ...((limits["purposes"] ?? []) as readonly unknown[]).map((elements, index) =>
      clause(`/limits/purposes/${index}`, elements, document),
    ),
    ...permissions.flatMap(({ purposes }, index) =>
      purposes === undefined ? [] : [clause(`/permissions/${index}/purposes`, purposes, document)],
    ),
  ];
}

/** Checks a policy document, or the document of a signed policy. Spec: CLI-2. */
export async function policyCheck({ io }: Context, [path]: readonly [string]): Promise<Answer> {
  const file = await readPolicy(io, path);
  const evaluator = createEvaluator();
  const prepared =
    file.kind === "text" ? prepareText(evaluator, path, file.text) : evaluator.prepare(file.message.document);
  const clauses = clausesOf(prepared);
  const { id, authority, classification, warnings } = prepared;
  const lines: Line[] = [
    { text: `OK  ${path}`, tone: "good" },
    `  id              ${id}`,
    `  authority       ${authority}${file.kind === "signed" ? " (signature not verified here)" : ""}`,
    `  classification  ${classification}`,
    ...warnings.map(({ code, pointer, message }): Line => ({
      text: `  warning  ${code} at ${pointer}: ${message}`,
      tone: "strong",
    })),
    ...clauses.flatMap(({ pointer, purposes }) => [
      `  admits at ${pointer}`,
      ...purposes.map((purpose) => `    ${purpose}`),
    ]),
  ];
  return {
    json: { file: path, signed: file.kind === "signed", id, authority, classification, warnings, admits: clauses },
    lines,
  };
}
