// writ policy new: a template to start from.
import { resolve } from "node:path";
import { templates } from "@writ/evaluator";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { UsageError } from "../fault.ts";
import { Outputs } from "../output-file.ts";

/** Options of `policy new`. */
export interface PolicyNewOptions extends CommonOptions {
  readonly template: string;
  readonly out?: string;
}

function templateOf(name: string): (typeof templates)[keyof typeof templates] {
  if (Object.hasOwn(templates, name)) return templates[name as keyof typeof templates];
  throw new UsageError(`template \`${name}\` is not known`, `the templates are ${Object.keys(templates).join(", ")}`);
}

/** Prints a template, or writes it to a file; where there is a home, its authority stands in it. Spec: CLI-4, CLI-5. */
export async function policyNew(context: Context, _args: readonly [], options: PolicyNewOptions): Promise<Answer> {
  const { about, text: template } = templateOf(options.template);
  const home = await context.findHome();
  const text = home
    ? template.replace(/("authority": )"[^"]*"/, (_, member: string) => `${member}${JSON.stringify(home.authority)}`)
    : template;
  const notes = [...about, ...(home ? [] : ["put your own URN in `authority`"])];
  if (options.out === undefined || options.out === "-")
    return { json: { template: options.template, output: null, text }, lines: text.trimEnd().split("\n"), notes };
  using outputs = new Outputs(context.force);
  outputs.stage(resolve(context.io.cwd, options.out)).write(Buffer.from(text));
  outputs.commit();
  return {
    json: { template: options.template, output: options.out, text: null },
    lines: [{ text: `${options.template} -> ${options.out}`, tone: "good" }],
    notes,
  };
}
