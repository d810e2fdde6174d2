// writ explain: the policies of an artifact, or a policy, in plain language.
import { FormatError, splitCarrier } from "@writ/core";
import type { JsonObject, PolicyLayer } from "@writ/core";
import { createEvaluator, explain } from "@writ/evaluator";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { UsageError } from "../fault.ts";
import { readInput } from "../input-file.ts";
import { prepareText, readPolicy } from "../policies.ts";
import { short } from "../print.ts";
import type { Line } from "../print.ts";
import type { RequestOptions } from "../request.ts";
import type { StateOptions } from "../state-files.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions } from "../verified-input.ts";
import { questionOf, whatIf } from "../what-if.ts";

/** Options of `explain`. With an operation, a decision is explained, too. */
export interface ExplainOptions extends CommonOptions, VerifyingOptions, Partial<RequestOptions>, StateOptions {}

interface PolicyJson {
  /** Name of the signed policy; null for a document that nobody signed. */
  readonly digest: string | null;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Operations whose `add` holds from then on. */
  readonly via: readonly string[];
  readonly statements: readonly string[];
}

/** Options that say nothing about a request. */
const plainOptions: ReadonlySet<string> = new Set(["home", "json", "force", "trust", "content"]);

const maxInputBytes = (64 << 20) + (2 << 20);

async function isCarrier({ io }: Context, file: string): Promise<boolean> {
  const bytes = await readInput(io, file, maxInputBytes);
  try {
    splitCarrier(bytes);
    return true;
  } catch (error) {
    if (error instanceof FormatError && error.code === "format-unknown") return false;
    return true; // a carrier with a fault, which verifying tells
  }
}

function layerJson({ policy, document, parameters, via }: PolicyLayer): PolicyJson {
  return { digest: policy, parameters: { ...parameters }, via, statements: explain(document) };
}

function linesOf(policies: readonly PolicyJson[]): readonly Line[] {
  return policies.flatMap(({ digest, parameters, via, statements }): readonly Line[] => [
    { text: statements[0] ?? "", tone: "strong" },
    ...statements.slice(1).map((statement) => `  ${statement}`),
    ...Object.entries(parameters).map(([name, value]) => `  parameter ${name} is ${JSON.stringify(value)}`),
    ...(via.length === 0 ? [] : [`  derived by ${via.join(", ")}: what the policy adds for that holds`]),
    ...(digest === null ? [] : [{ text: `  ${short(digest)}`, tone: "quiet" as const }]),
  ]);
}

async function policyOf({ io }: Context, file: string): Promise<PolicyJson> {
  const read = await readPolicy(io, file);
  const evaluator = createEvaluator();
  const document: JsonObject =
    read.kind === "text"
      ? prepareText(evaluator, file, read.text).document
      : evaluator.prepare(read.message.document).document;
  return {
    digest: read.kind === "text" ? null : read.message.digest,
    parameters: {},
    via: [],
    statements: explain(document),
  };
}

/**
 * Explains an artifact, verified under the trust policy, and what it would decide where an operation is given; or a policy,
 * whose signature is not verified here. Throws UsageError for a request without an artifact. Spec: CLI-33.
 */
export async function explainFile(
  context: Context,
  [file]: readonly [string],
  options: ExplainOptions,
): Promise<Answer> {
  const { operation } = options;
  const asks = Object.entries(options).some(([name, value]) => value !== undefined && !plainOptions.has(name));
  if (operation === undefined && asks)
    throw new UsageError("a request has an operation", "name it with --operation, for example read");
  if (!(await isCarrier(context, file))) {
    if (operation !== undefined)
      throw new UsageError("a policy alone decides nothing", "name an artifact, or leave the flags of the request out");
    const policies = [await policyOf(context, file)];
    return {
      json: { file, kind: "policy", verified: false, policies },
      lines: linesOf(policies),
      notes: ["NOT VERIFIED: the policy alone is read, no signature is checked"],
    };
  }
  const question = operation === undefined ? null : await questionOf(context, { ...options, operation });
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const policies = input.verified.policyLayers.map(layerJson);
  const all = policies.length === 1 ? [] : [`${policies.length} policies are in force; every one of them must permit:`];
  const told = question && (await whatIf(context, file, input, setting, question));
  const { request, decision, flip, lines = [] } = told ?? {};
  return {
    json: { file, kind: "artifact", verified: true, policies, ...(told ? { request, decision, flip } : {}) },
    lines: [...all, ...linesOf(policies), ...lines],
  };
}
