// writ amend: the next revision of artifacts, over the same content.
import { basename, join, resolve } from "node:path";
import { encodeEnvelope } from "@writ/core";
import type { CustodyRule } from "@writ/core";
import { amend } from "@writ/core/amend";
import type { Amended } from "@writ/core/amend";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { folderOf } from "../content-writer.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { UsageError } from "../fault.ts";
import { statusEntriesOf } from "../flag-values.ts";
import { readInput } from "../input-file.ts";
import { layerChange } from "../layer-change.ts";
import type { LayerChangeOptions } from "../layer-change.ts";
import { Outputs } from "../output-file.ts";
import { homeLedger } from "../state-files.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifiedInput, VerifyingOptions, VerifyingSetting } from "../verified-input.ts";

/** Options of `amend`. */
export interface AmendFileOptions extends CommonOptions, VerifyingOptions, SignerOptions, LayerChangeOptions {
  readonly approval?: readonly string[];
  readonly statusEntry?: readonly string[];
  readonly mediaType?: string;
  readonly key?: readonly string[];
  readonly dropContext?: boolean;
  readonly out?: string;
}

const maxApprovalBytes = 64 << 10;

/** What came of one file. */
interface AmendedFile {
  readonly file: string;
  readonly artifact: string;
  readonly amended: Amended;
}

/** Where the revision goes: over the old one unless told otherwise, which needs --force. Spec: CLI-40. */
function targetOf(file: string, out: string | undefined): string {
  if (out === undefined) return file;
  const folder = folderOf(out);
  return folder === null ? out : join(folder, basename(file));
}

/** The rule that takes in other keys: theirs beside what it names. Only the first issuer's revision verifies where that widens it. */
async function widened(
  rule: CustodyRule,
  recipients: Awaited<ReturnType<Custodies["recipients"]>>,
): Promise<CustodyRule | undefined> {
  const keys = await Promise.all(recipients.map(({ custody, keyUri }) => custody.describe(keyUri)));
  const more = (list: readonly string[] | undefined, values: readonly string[]): readonly string[] | undefined =>
    list && [...new Set([...list, ...values])];
  const custodies = more(
    rule.custodies,
    recipients.map(({ custody }) => custody.scheme),
  );
  const accounts = more(
    rule.accounts,
    keys.flatMap(({ account }) => account ?? []),
  );
  const regions = more(
    rule.regions,
    keys.flatMap(({ region }) => region ?? []),
  );
  return {
    ...rule,
    ...(custodies ? { custodies } : {}),
    ...(accounts ? { accounts } : {}),
    ...(regions ? { regions } : {}),
  };
}

/** Makes the revision of one verified artifact. */
async function amendOne(
  context: Context,
  { verified }: VerifiedInput,
  setting: VerifyingSetting,
  options: AmendFileOptions,
): Promise<Amended> {
  const { io } = context;
  const custodies = new Custodies(() => context.needHome());
  const uris = verified.keys.recipients.map(({ custodyUri }) => custodyUri);
  const { add, remove } = await layerChange(context, verified, setting.evaluator, options);
  const approvals = await Promise.all((options.approval ?? []).map((path) => readInput(io, path, maxApprovalBytes)));
  const recipients = options.key && (await custodies.recipients(options.key, setting.trust, io.now));
  const rule = recipients && (await widened(verified.core.custodyRule, recipients));
  return amend(verified, {
    add,
    ...(remove.length > 0 ? { lower: { remove, approvals, ledger: await homeLedger(context) } } : {}),
    ...(options.statusEntry ? { status: statusEntriesOf(options.statusEntry) } : {}),
    ...(options.mediaType === undefined ? {} : { mediaType: options.mediaType }),
    ...(recipients ? { recipients, dropContext: options.dropContext ?? false } : {}),
    ...(rule ? { custodyRule: rule } : {}),
    custody: uris.length === 0 ? [] : await custodies.forOpening(uris),
    evaluator: setting.evaluator,
    signer: await signerFor(custodies, () => context.needHome(), "issue", options),
    tool: "writ",
    clock: io.now,
  });
}

function assertFlags(files: readonly string[], options: AmendFileOptions): void {
  const { approval = [], removePolicy = [], out } = options;
  if (out === "-") throw new UsageError("an artifact is no text", "name an output with -o OUT");
  if (approval.length > 0 && removePolicy.length === 0)
    throw new UsageError("--approval is for policies that go", "name them with --remove-policy");
  if (files.length > 1 && approval.length > 0)
    throw new UsageError("an approval is for one artifact, and there are several files");
  if (files.length > 1 && options.content !== undefined) throw new UsageError("--content is the content of one file");
  if (files.length > 1 && out !== undefined && folderOf(out) === null)
    throw new UsageError(
      `\`${out}\` is one output for ${files.length} files`,
      "name a folder, with a slash at its end",
    );
  if (options.dropContext === true && options.key === undefined)
    throw new UsageError("--drop-context is for other keys", "name them with --key");
  const changes = ["addPolicy", "removePolicy", "statusEntry", "mediaType", "key"] as const;
  if (changes.every((flag) => options[flag] === undefined))
    throw new UsageError("nothing would change", "name a change, for example --add-policy P");
}

/** Amends files: all of them, or none. Spec: CLI-4, CLI-5, CLI-40. */
export async function amendFiles(
  context: Context,
  [files]: readonly [readonly string[]],
  options: AmendFileOptions,
): Promise<Answer> {
  const { io } = context;
  assertFlags(files, options);
  const setting = await verifyingSetting(context, options);
  using outputs = new Outputs(context.force);
  const folder = folderOf(options.out);
  if (folder !== null) outputs.folder(resolve(io.cwd, folder));
  const done: AmendedFile[] = [];
  for (const file of files) {
    await using input = await verifyInput(context, file, options.content, setting);
    const artifact = targetOf(file, options.out);
    const target = outputs.stage(resolve(io.cwd, artifact));
    const amended = await amendOne(context, input, setting, options);
    const { form, content } = input.carrier;
    const isWhole = form === "envelope" && content instanceof Uint8Array;
    target.write(isWhole ? encodeEnvelope(amended.artifact, content) : amended.artifact);
    done.push({ file, artifact, amended });
  }
  outputs.commit();
  return {
    json: {
      amended: done.map(({ file, artifact, amended: { name, revision, superseded, warnings } }) => ({
        file,
        artifact,
        name,
        revision,
        superseded: superseded.map(({ uri, index }) => `${uri}#${index}`),
        warnings,
      })),
    },
    lines: done.map(({ file, artifact, amended: { revision } }) => ({
      text: `${file} -> ${artifact} (revision ${revision})`,
      tone: "good",
    })),
    notes: done.flatMap(({ file, amended: { superseded, warnings } }) => [
      ...superseded.map(({ uri, index }) => ({
        text: `${file}: set entry ${index} of ${uri} to superseded before you hand the revision on`,
        tone: "bad" as const,
      })),
      ...warnings.map(({ message }) => `${file}: ${message}`),
    ]),
  };
}
