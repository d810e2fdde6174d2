// writ seal: files to ciphertext with a signed artifact.
import { resolve } from "node:path";
import { FormatError, seal } from "@writ/core";
import type { CustodyRule, Evaluator, Issued, RecipientKey, SealPolicy, Signer, StatusEntry } from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { artifactPath, folderOf, maxEnvelopePlaintext, openSealedOutput } from "../content-writer.ts";
import type { SealedOutput } from "../content-writer.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { stopIfInterrupted, UsageError } from "../fault.ts";
import { pairsOf, statusEntriesOf } from "../flag-values.ts";
import { chunks, openInput } from "../input-file.ts";
import type { Io } from "../io.ts";
import { Outputs } from "../output-file.ts";
import { assertHomeApart, policiesOf, signedPolicies } from "../policies.ts";
import type { Line } from "../print.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { homeTrust } from "../trust-source.ts";

/** Options of `seal`. */
export interface SealFileOptions extends CommonOptions, SignerOptions {
  readonly policy: readonly string[];
  readonly releasePolicy?: readonly string[];
  readonly param?: readonly string[];
  readonly key?: readonly string[];
  readonly context?: readonly string[];
  readonly detached?: boolean;
  readonly mediaType?: string;
  readonly statusEntry?: readonly string[];
  readonly out?: string;
}

/** What a sealed file came to. */
export interface SealedJson {
  readonly file: string;
  readonly artifact: string;
  readonly content: string | null;
  readonly name: string;
  readonly artifactId: string;
  readonly contentBytes: number;
  readonly keys: readonly string[];
}

/** The keys' own custodies and accounts, with the pairs that every use of the key must show. */
export async function custodyRuleFor(
  recipients: readonly RecipientKey[],
  pairs: ReadonlyMap<string, string>,
): Promise<CustodyRule | undefined> {
  if (pairs.size === 0) return undefined;
  const keys = await Promise.all(recipients.map(({ custody, keyUri }) => custody.describe(keyUri)));
  const accounts = keys.flatMap(({ account }) => account ?? []);
  return {
    custodies: [...new Set(recipients.map(({ custody }) => custody.scheme))],
    ...(accounts.length === keys.length ? { accounts: [...new Set(accounts)] } : {}),
    contextPairs: pairs,
  };
}

/** What every file of a run is sealed with. */
interface SealSetting {
  readonly policies: readonly SealPolicy[];
  readonly releasePolicies: readonly Uint8Array[];
  readonly recipients: readonly RecipientKey[];
  readonly signer: Signer;
  readonly evaluator: Evaluator;
  readonly rule: CustodyRule | undefined;
  readonly mediaType: string | undefined;
  readonly status: readonly StatusEntry[];
}

/** A plaintext file as a stream that Ctrl-C ends. */
export async function* plaintext(
  io: Io,
  path: string,
  detached: boolean,
  progress: Progress,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using file = await openInput(io, path);
  if (!detached && file.sizeBytes > maxEnvelopePlaintext)
    throw new FormatError(
      "input-too-large",
      `\`${path}\` is ${file.sizeBytes} bytes long, more than an envelope takes: use --detached`,
      { path },
    );
  for await (const chunk of chunks(file, (bytes) => progress.advance(bytes, path))) {
    stopIfInterrupted(io.signal);
    yield chunk;
  }
}

async function sealOne(
  context: Context,
  path: string,
  output: SealedOutput,
  setting: SealSetting,
  progress: Progress,
): Promise<Issued> {
  const { policies, releasePolicies, recipients, signer, evaluator, rule, mediaType, status } = setting;
  const issued = await seal({
    content: plaintext(context.io, path, output.contentPath !== null, progress),
    write: (chunk) => output.write(chunk),
    threads: true,
    policies,
    releasePolicies,
    recipients,
    signer,
    evaluator,
    tool: "writ",
    ...(rule ? { custodyRule: rule } : {}),
    ...(mediaType === undefined ? {} : { mediaType }),
    status,
    clock: context.io.now,
  });
  await output.finish(issued);
  return issued;
}

/** JSON of a fresh artifact. */
export function issuedJson(
  file: string,
  output: SealedOutput,
  issued: Issued,
  recipients: readonly RecipientKey[],
): SealedJson {
  return {
    file,
    artifact: output.artifactPath,
    content: output.contentPath,
    name: issued.name,
    artifactId: Buffer.from(issued.artifactId).toString("hex"),
    contentBytes: issued.content.sizeBytes,
    keys: recipients.map(({ keyUri }) => keyUri),
  };
}

/** One line of a fresh artifact. */
export function issuedLine({ file, artifact, content, contentBytes }: SealedJson): Line {
  return {
    text: `${file} -> ${artifact}${content === null ? "" : ` beside ${content}`} (${contentBytes} bytes of content)`,
    tone: "good",
  };
}

async function sizeOf(io: Io, paths: readonly string[]): Promise<number> {
  let total = 0;
  for (const path of paths) {
    await using file = await openInput(io, path);
    total += file.sizeBytes;
  }
  return total;
}

function outputsOf(files: readonly string[], { detached, out }: SealFileOptions): readonly string[] {
  if (files.length > 1 && out !== undefined && folderOf(out) === null)
    throw new UsageError(
      `\`${out}\` is one output for ${files.length} files`,
      "name a folder, with a slash at its end",
    );
  return files.map((file) => artifactPath(file, detached === true, out));
}

/** The key URIs to seal to: those named, else the home's. */
export async function keysOf(context: Context, key: readonly string[] | undefined): Promise<readonly string[]> {
  return key ?? [(await context.needHome()).dataKey];
}

/** Seals files: all of them, or none. Spec: CLI-4, CLI-5, CLI-11. */
export async function sealFiles(
  context: Context,
  [files]: readonly [readonly string[]],
  options: SealFileOptions,
): Promise<Answer> {
  const { io } = context;
  const detached = options.detached === true;
  const artifacts = outputsOf(files, options);
  if (artifacts.includes("-") && context.json)
    throw new UsageError("--json and an artifact can't both go to stdout", "name an output with -o OUT");
  if (artifacts.includes("-") && io.stdout.isTTY === true)
    throw new UsageError("an artifact is no text for a terminal", "name an output with -o OUT, or pipe it");
  const pairs = pairsOf("--context", options.context);
  const status = statusEntriesOf(options.statusEntry);
  const total = await sizeOf(io, files);
  const { createEvaluator } = await import("@writ/evaluator");
  const evaluator = createEvaluator();
  const findHome = (): ReturnType<Context["findHome"]> => context.findHome();
  const policies = await policiesOf(io, options.policy, { param: options.param, evaluator, findHome });
  const releasePolicies = await signedPolicies(io, options.releasePolicy ?? [], evaluator, findHome);
  const custodies = new Custodies(() => context.needHome());
  const keys = await keysOf(context, options.key);
  const trust = options.key ? await homeTrust(io, await context.findHome()) : null;
  const recipients = await custodies.recipients(keys, trust, io.now);
  const signer = await signerFor(custodies, () => context.needHome(), "issue", options);
  assertHomeApart(
    await context.findHome(),
    keys,
    [...files, ...artifacts].map((path) => resolve(io.cwd, path)),
  );
  const rule = await custodyRuleFor(recipients, pairs);
  using outputs = new Outputs(context.force);
  const folder = folderOf(options.out);
  if (folder !== null) outputs.folder(resolve(io.cwd, folder));
  const progress = startProgress(io, "sealing", total, "bytes");
  const sealed: SealedJson[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const output = openSealedOutput(io, outputs, artifacts[index]!, detached);
      const issued = await sealOne(
        context,
        file,
        output,
        { policies, releasePolicies, recipients, signer, evaluator, rule, mediaType: options.mediaType, status },
        progress,
      );
      sealed.push(issuedJson(file, output, issued, recipients));
    }
    stopIfInterrupted(io.signal);
  } finally {
    progress.end();
  }
  outputs.commit();
  if (artifacts.includes("-")) return { notes: sealed.map(issuedLine) };
  return { json: { sealed }, lines: sealed.map(issuedLine) };
}
