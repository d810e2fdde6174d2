// writ approve: a person with the role waives a duty of an artifact's policies, once.
import { resolve } from "node:path";
import { operations } from "@writ/core";
import type { Operation, PolicyMessage } from "@writ/core";
import { readApproval, signApproval } from "@writ/core/approval";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { UsageError } from "../fault.ts";
import { countOf } from "../flag-values.ts";
import { Outputs } from "../output-file.ts";
import { instantText } from "../print.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions } from "../verified-input.ts";

/** Options of `approve`. */
export interface ApproveOptions extends CommonOptions, VerifyingOptions, SignerOptions {
  readonly operation: string;
  readonly waives: string;
  readonly approver: string;
  readonly policy?: string;
  readonly days?: string;
  readonly out?: string;
}

/** The policy that has the duty. Throws UsageError where none or several have. */
function policyOf(
  policies: readonly PolicyMessage[],
  { waives, policy: named }: Pick<ApproveOptions, "waives" | "policy">,
): PolicyMessage {
  const having = policies.filter(({ document, id, digest }) => {
    const duties = (document["duties"] ?? []) as readonly { readonly id?: unknown; readonly trigger?: unknown }[];
    const due = duties.some(({ id: duty, trigger }) => duty === waives && trigger === "before-use");
    return due && (named === undefined || named === id || named === digest);
  });
  const [found, ...more] = having;
  if (!found) throw new UsageError(`no policy in force has a duty \`${waives}\` before use`, "see `writ explain FILE`");
  if (more.length > 0)
    throw new UsageError(`several policies have a duty \`${waives}\``, "name one with --policy ID or its digest");
  return found;
}

/** Signs an approval, checked as a verifier will check it. Spec: APR-1, APR-2, CLI-4, CLI-25. */
export async function approve(context: Context, [file]: readonly [string], options: ApproveOptions): Promise<Answer> {
  const { io } = context;
  const operation = (operations as readonly string[]).includes(options.operation)
    ? (options.operation as Operation)
    : null;
  if (operation === null)
    throw new UsageError(`operation \`${options.operation}\` is not known`, `they are ${operations.join(", ")}`);
  if (options.approver === "") throw new UsageError("--approver names nobody");
  const days = options.days === undefined ? 1 : countOf("--days", options.days, 1, 30);
  const out = options.out ?? `${file}.approval`;
  if (out === "-") throw new UsageError("an approval is no text", "name an output with -o OUT");
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const { verified } = input;
  const policy = policyOf(verified.policies, options);
  using outputs = new Outputs(context.force);
  const target = outputs.stage(resolve(io.cwd, out));
  const signer = await signerFor(new Custodies(() => context.needHome()), () => context.needHome(), "approve", options);
  const message = await signApproval(
    {
      sources: [verified.name],
      operation,
      waives: { policy: policy.digest, duty: options.waives },
      approver: options.approver,
      lifetimeSeconds: days * 86_400,
      clock: io.now,
    },
    signer,
  );
  const { name, authority, expires } = readApproval(message, verified.trust, Math.floor(io.now() / 1000));
  target.write(message);
  outputs.commit();
  return {
    json: {
      file,
      approval: out,
      name,
      core: verified.name,
      operation,
      policy: policy.digest,
      policyId: policy.id,
      waives: options.waives,
      approver: options.approver,
      authority,
      suite: signer.suite,
      expires: instantText(expires),
    },
    lines: [
      { text: `${file} -> ${out}`, tone: "good" },
      `  waives  ${options.waives} of ${policy.id}, for one ${operation}`,
      `  by      ${options.approver}, signed ${authority} (${signer.suite})`,
      `  until   ${instantText(expires)}`,
    ],
  };
}
