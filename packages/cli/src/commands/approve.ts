// writ approve: a person with the role waives a duty of an artifact's policies, or approves that policies go; once.
import { resolve } from "node:path";
import { operations, parsePolicy } from "@writ/core";
import type { PolicyMessage, VerifiedArtifact } from "@writ/core";
import { layersDigest, readApproval, signApproval } from "@writ/core/approval";
import type { ApprovalDraft } from "@writ/core/approval";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { UsageError } from "../fault.ts";
import { countOf } from "../flag-values.ts";
import { Outputs } from "../output-file.ts";
import { instantText } from "../print.ts";
import { layerChange } from "../layer-change.ts";
import type { LayerChangeOptions } from "../layer-change.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions, VerifyingSetting } from "../verified-input.ts";

/** Options of `approve`. */
export interface ApproveOptions extends CommonOptions, VerifyingOptions, SignerOptions, LayerChangeOptions {
  readonly operation: string;
  readonly waives?: string;
  readonly approver: string;
  readonly policy?: string;
  readonly days?: string;
  readonly out?: string;
}

/** The policy that has the duty. Throws UsageError where none or several have. */
function policyOf(
  policies: readonly PolicyMessage[],
  { waives, policy: named }: { readonly waives: string; readonly policy?: string | undefined },
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

/** What is approved, as it is signed, printed and shown. */
interface Approved {
  readonly draft: Pick<ApprovalDraft, "operation" | "layers" | "waives">;
  readonly json: object;
  readonly line: string;
}

/** A duty that is waived for one use. */
function waiver(verified: VerifiedArtifact, options: ApproveOptions, waives: string): Approved {
  const { operation } = options;
  if (!(operations as readonly string[]).includes(operation))
    throw new UsageError(`operation \`${operation}\` is not known`, `they are ${operations.join(", ")}`);
  const policy = policyOf(verified.policies, { waives, policy: options.policy });
  return {
    draft: { operation, waives: { policy: policy.digest, duty: waives } },
    json: { policy: policy.digest, policyId: policy.id, waives },
    line: `  waives  ${waives} of ${policy.id}, for one ${operation}`,
  };
}

/** Layers of the next revision, which is under fewer policies or others. */
async function lowering(
  context: Context,
  verified: VerifiedArtifact,
  setting: VerifyingSetting,
  options: ApproveOptions,
): Promise<Approved> {
  const { operation } = options;
  if (operation !== "amend" && operation !== "declassify")
    throw new UsageError(`policies go by operation amend or declassify, not by \`${operation}\``);
  const { add, remove, layers } = await layerChange(context, verified, setting.evaluator, options, operation);
  const idOf = (digest: string): string => verified.policies.find((policy) => policy.digest === digest)!.id;
  const added = add.map(({ message }) => parsePolicy(message));
  return {
    draft: { operation, layers },
    json: {
      layers: layersDigest(layers),
      removed: remove.map((digest) => ({ policy: digest, policyId: idOf(digest) })),
      added: added.map(({ digest, id }) => ({ policy: digest, policyId: id })),
    },
    line: `  takes out  ${remove.map(idOf).join(", ")}${added.length === 0 ? "" : `, puts in  ${added.map(({ id }) => id).join(", ")}`}`,
  };
}

function whatIsApproved(
  context: Context,
  verified: VerifiedArtifact,
  setting: VerifyingSetting,
  options: ApproveOptions,
): Promise<Approved> | Approved {
  const { waives, removePolicy, addPolicy, param, policy } = options;
  if ((waives === undefined) === (removePolicy === undefined))
    throw new UsageError("an approval is either of a duty or of policies", "name --waives or --remove-policy");
  if (waives === undefined) {
    if (policy !== undefined)
      throw new UsageError("--policy is the policy of a duty", "name --waives, or leave it out");
    return lowering(context, verified, setting, options);
  }
  if (addPolicy !== undefined || param !== undefined)
    throw new UsageError("--add-policy and --param are for policies that go", "name --remove-policy");
  return waiver(verified, options, waives);
}

/** Signs an approval, checked as a verifier will check it. Spec: APR-1, APR-2, CLI-4, CLI-25. */
export async function approve(context: Context, [file]: readonly [string], options: ApproveOptions): Promise<Answer> {
  const { io } = context;
  if (options.approver === "") throw new UsageError("--approver names nobody");
  const days = options.days === undefined ? 1 : countOf("--days", options.days, 1, 30);
  const out = options.out ?? `${file}.approval`;
  if (out === "-") throw new UsageError("an approval is no text", "name an output with -o OUT");
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const { verified } = input;
  const { draft, json, line } = await whatIsApproved(context, verified, setting, options);
  using outputs = new Outputs(context.force);
  const target = outputs.stage(resolve(io.cwd, out));
  const signer = await signerFor(new Custodies(() => context.needHome()), () => context.needHome(), "approve", options);
  const { approver } = options;
  const lifetimeSeconds = days * 86_400;
  const sources = [verified.name];
  const message = await signApproval({ ...draft, sources, approver, lifetimeSeconds, clock: io.now }, signer);
  const { name, authority, expires } = readApproval(message, verified.trust, Math.floor(io.now() / 1000));
  target.write(message);
  outputs.commit();
  return {
    json: {
      file,
      approval: out,
      name,
      core: verified.name,
      operation: draft.operation,
      ...json,
      approver,
      authority,
      suite: signer.suite,
      expires: instantText(expires),
    },
    lines: [
      { text: `${file} -> ${out}`, tone: "good" },
      line,
      `  by      ${approver}, signed ${authority} (${signer.suite})`,
      `  until   ${instantText(expires)}`,
    ],
  };
}
