// writ policy convert: policies from and to ODRL 2.2.
import { resolve } from "node:path";
import { FormatError, parseJson, PolicyError } from "@writ/core";
import type { JsonObject } from "@writ/core";
import { createEvaluator, odrl } from "@writ/evaluator";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { UsageError } from "../fault.ts";
import { readText } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { prepareText, readPolicy } from "../policies.ts";

/** Options of `policy convert`. */
export interface PolicyConvertOptions extends CommonOptions {
  readonly to: string;
  readonly authority?: string;
  readonly target?: string;
  readonly factOperand?: readonly string[];
  readonly out?: string;
}

/** The text as written where there is one: its terms stay short. */
async function toOdrl({ io }: Context, path: string, { target }: PolicyConvertOptions): Promise<JsonObject> {
  const file = await readPolicy(io, path);
  const evaluator = createEvaluator();
  const { document } =
    file.kind === "text" ? prepareText(evaluator, path, file.text) : evaluator.prepare(file.message.document);
  const written = file.kind === "text" ? (parseJson(file.text) as JsonObject) : document;
  return odrl.fromPolicy(written, { ...(target !== undefined && { target }) });
}

async function toWrit(
  context: Context,
  path: string,
  { authority, target, factOperand }: PolicyConvertOptions,
): Promise<JsonObject> {
  const text = await readText(context.io, path);
  const named = authority ?? (/"assigner"\s*:/.test(text) ? undefined : (await context.findHome())?.authority);
  const document = odrl.toPolicy(text, {
    ...(named !== undefined && { authority: named }),
    ...(target !== undefined && { target }),
    ...(factOperand && { facts: factOperand }),
  });
  prepareText(createEvaluator(), path, JSON.stringify(document)); // its terms are known, so that it can be signed
  return document;
}

/** An error with the name of the file. */
function inFile(error: unknown, path: string): unknown {
  if (!(error instanceof PolicyError || error instanceof FormatError) || error.message.startsWith(`\`${path}\``))
    return error;
  const message = `\`${path}\`: ${error.message}`;
  const more = { ...(error.path !== undefined && { path: error.path }), cause: error };
  return error instanceof PolicyError
    ? new PolicyError(error.code, message, more)
    : new FormatError(error.code, message, more);
}

/** Prints a policy in the other language, or writes it to a file. Throws PolicyError `odrl-unsupported`. Spec: CLI-31, ODR-1. */
export async function policyConvert(
  context: Context,
  [path]: readonly [string],
  options: PolicyConvertOptions,
): Promise<Answer> {
  const { to, out } = options;
  if (to !== "odrl" && to !== "writ")
    throw new UsageError(`--to: \`${to}\` is not known`, "write --to odrl or --to writ");
  if (to === "odrl" && (options.authority !== undefined || options.factOperand))
    throw new UsageError("--authority and --fact-operand are for --to writ");
  let policy: JsonObject;
  try {
    policy = await (to === "odrl" ? toOdrl : toWrit)(context, path, options);
  } catch (error) {
    throw inFile(error, path);
  }
  const text = `${JSON.stringify(policy, null, 2)}\n`;
  if (out === undefined || out === "-")
    return { json: { file: path, to, output: null, policy }, lines: text.trimEnd().split("\n") };
  using outputs = new Outputs(context.force);
  outputs.stage(resolve(context.io.cwd, out)).write(Buffer.from(text));
  outputs.commit();
  return {
    json: { file: path, to, output: out, policy: null },
    lines: [{ text: `${path} -> ${out}`, tone: "good" }],
  };
}
