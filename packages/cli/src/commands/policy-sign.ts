// writ policy sign: a policy document becomes a policy message, signed by its authority.
import { basename, dirname, join, resolve } from "node:path";
import { signPolicy } from "@writ/core";
import type { Signer } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies, suiteOf } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { UsageError } from "../fault.ts";
import { Outputs } from "../output-file.ts";
import { homePolicySigner, prepareText, readPolicy } from "../policies.ts";
import { write } from "../print.ts";

/** Options of `policy sign`. */
export interface PolicySignOptions extends CommonOptions, SignerOptions {
  readonly out?: string;
}

/** `NAME.policy` beside `NAME.json` or `NAME.policy.json`. */
function signedPath(path: string): string {
  return join(dirname(path), `${basename(path).replace(/(\.policy)?\.json$/, "")}.policy`);
}

async function signerOf(context: Context, authority: string, options: PolicySignOptions): Promise<Signer> {
  const suite = options.suite === undefined ? undefined : suiteOf(options.suite);
  const signer = options.signerKey
    ? await new Custodies(() => context.needHome()).signer(authority, options.signerKey)
    : await homePolicySigner(await context.findHome(), authority);
  if (suite !== undefined && suite !== signer.suite)
    throw new UsageError(`the keys are those of suite \`${signer.suite}\`, not of \`${suite}\``);
  return signer;
}

/** Signs a policy as its authority. Spec: CLI-4, CLI-5. */
export async function policySign(
  context: Context,
  [path]: readonly [string],
  options: PolicySignOptions,
): Promise<Answer> {
  const { io } = context;
  const evaluator = createEvaluator();
  const file = await readPolicy(io, path);
  if (file.kind === "signed")
    throw new UsageError(`\`${path}\` is signed already`, "sign the policy document, which is JSON");
  const { authority } = prepareText(evaluator, path, file.text);
  if (options.authority !== undefined && options.authority !== authority)
    throw new UsageError(`the policy names \`${authority}\` as its authority, not \`${options.authority}\``);
  const out = options.out ?? signedPath(path);
  if (out === "-" && (context.json || io.stdout.isTTY === true))
    throw new UsageError("a signed policy is no text", "name an output with -o OUT");
  using outputs = new Outputs(context.force);
  const target = out === "-" ? null : outputs.stage(resolve(io.cwd, out));
  const signer = await signerOf(context, authority, options);
  const { message, digest, prepared } = await signPolicy(file.text, { evaluator, signer });
  const notes = prepared.warnings.map(({ code, pointer, message: text }) => `warning: ${code} at ${pointer}: ${text}`);
  if (!target) {
    await write(io.stdout, message);
    return { notes };
  }
  target.write(message);
  outputs.commit();
  return {
    json: {
      file: path,
      policy: out,
      digest,
      id: prepared.id,
      authority,
      suite: signer.suite,
      warnings: prepared.warnings,
    },
    lines: [
      { text: `${path} -> ${out}`, tone: "good" },
      `  id      ${prepared.id}`,
      `  digest  ${digest}`,
      `  signed  ${authority} (${signer.suite})`,
    ],
    notes,
  };
}
