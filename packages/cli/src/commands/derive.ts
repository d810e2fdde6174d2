// writ derive: new content becomes a governed child of the artifacts that it was made from.
import { resolve } from "node:path";
import { derive } from "@writ/core";
import type {
  CounterStore,
  Decision,
  DecisionRequest,
  RecipientKey,
  SealPolicy,
  Signer,
  VerifiedArtifact,
} from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { artifactPath, openSealedOutput } from "../content-writer.ts";
import type { SealedOutput } from "../content-writer.ts";
import { openCounters } from "../counter-file.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { decideFor } from "../decision.ts";
import { UsageError } from "../fault.ts";
import { openInput, readInput } from "../input-file.ts";
import { assertSigned, namedPolicies } from "../layer-change.ts";
import { homeMemory } from "../list-memory.ts";
import { Outputs } from "../output-file.ts";
import { assertHomeApart, policiesOf } from "../policies.ts";
import { startProgress } from "../progress.ts";
import { endReceipts, receiptSink } from "../receipt-sink.ts";
import type { ReceiptLogSink } from "../receipt-sink.ts";
import { requestOf } from "../request.ts";
import { homeLedger, readStateFiles } from "../state-files.ts";
import type { StateFiles, StateOptions } from "../state-files.ts";
import type { Asked, RequestOptions } from "../request.ts";
import { decisionJson, decisionLines, verdictExit } from "../verdict.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingSetting } from "../verified-input.ts";
import { issuedJson, issuedLine, keysOf, plaintext } from "./seal.ts";
import type { SealedJson } from "./seal.ts";

/** Options of `derive`. */
export interface DeriveFileOptions extends CommonOptions, SignerOptions, RequestOptions, StateOptions {
  readonly content: string;
  readonly trust?: string;
  readonly add?: readonly string[];
  readonly removePolicy?: readonly string[];
  readonly param?: readonly string[];
  readonly key?: readonly string[];
  readonly detached?: boolean;
  readonly mediaType?: string;
  readonly receipts?: string;
  readonly out?: string;
}

interface Decided {
  readonly file: string;
  readonly verified: VerifiedArtifact;
  readonly decision: Decision;
}

/** Decides on every parent, so that one refusal shows beside the others. */
async function decideAll(
  context: Context,
  files: readonly string[],
  { request, state }: Asked,
  setting: VerifyingSetting,
  receipts: ReceiptLogSink | "none",
  stateFiles: StateFiles,
  counters: CounterStore | null,
): Promise<readonly Decided[]> {
  const decided: Decided[] = [];
  for (const file of files) {
    await using input = await verifyInput(context, file, undefined, setting);
    const decision = await decideFor(file, input.verified, request, {
      evaluator: setting.evaluator,
      receipts,
      state,
      files: stateFiles,
      counters,
      ledger: () => homeLedger(context),
      memory: await homeMemory(context),
      clock: context.io.now,
    });
    decided.push({ file, verified: input.verified, decision });
  }
  return decided;
}

function worst(decided: readonly Decided[]): Decision["verdict"] {
  const verdicts = decided.map(({ decision }) => decision.verdict);
  return (
    verdicts.find((verdict) => verdict === "deny") ?? verdicts.find((verdict) => verdict === "unknown") ?? "permit"
  );
}

/** What the child is made with, all of it at hand before anything is decided. */
interface Preparation {
  readonly output: SealedOutput;
  readonly add: readonly SealPolicy[];
  /** Approvals of the child's layers; null where none go. */
  readonly approvals: readonly Uint8Array[] | null;
  readonly recipients: readonly RecipientKey[];
  readonly signer: Signer;
  readonly sizeBytes: number;
}

async function prepare(
  context: Context,
  outputs: Outputs,
  setting: VerifyingSetting,
  options: DeriveFileOptions,
): Promise<Preparation> {
  const { io } = context;
  const detached = options.detached === true;
  await using file = await openInput(io, options.content);
  const path = artifactPath(options.content, detached, options.out);
  if (path === "-") throw new UsageError("a child is no text", "name an output with -o OUT");
  const output = openSealedOutput(io, outputs, path, detached);
  const findHome = (): ReturnType<Context["findHome"]> => context.findHome();
  const keys = await keysOf(context, options.key);
  assertHomeApart(
    await findHome(),
    keys,
    [options.content, path].map((name) => resolve(io.cwd, name)),
  );
  const custodies = new Custodies(() => context.needHome());
  const lowers = options.removePolicy !== undefined;
  if (lowers) await assertSigned(context, options.add ?? []);
  return {
    output,
    approvals: lowers ? await Promise.all((options.approval ?? []).map((name) => readInput(io, name, 64 << 10))) : null,
    add: await policiesOf(io, options.add ?? [], { param: options.param, evaluator: setting.evaluator, findHome }),
    recipients: await custodies.recipients(keys, setting.trust, io.now),
    signer: await signerFor(custodies, () => context.needHome(), "derive", options),
    sizeBytes: file.sizeBytes,
  };
}

async function makeChild(
  context: Context,
  decided: readonly Decided[],
  request: DecisionRequest,
  setting: VerifyingSetting,
  { output, add, approvals, recipients, signer, sizeBytes }: Preparation,
  options: DeriveFileOptions,
): Promise<SealedJson> {
  const { io } = context;
  const inForce = decided.flatMap(({ verified }) => verified.policies);
  const remove = namedPolicies(inForce, options.removePolicy ?? []);
  const progress = startProgress(io, "sealing", sizeBytes, "bytes");
  try {
    const issued = await derive(
      decided.map(({ verified }) => verified),
      {
        operation: request.operation,
        content: plaintext(io, options.content, output.contentPath !== null, progress),
        write: (chunk) => output.write(chunk),
        threads: true,
        add,
        ...(approvals ? { lower: { remove, approvals, ledger: await homeLedger(context) } } : {}),
        evaluator: setting.evaluator,
        recipients,
        signer,
        actor: request.principal.id,
        tool: "writ",
        receipts: [...new Set(decided.flatMap(({ decision }) => decision.receipt ?? []))],
        ...(request.output ? { output: request.output } : {}),
        ...(options.mediaType === undefined ? {} : { mediaType: options.mediaType }),
        clock: io.now,
      },
    );
    await output.finish(issued);
    return issuedJson(options.content, output, issued, recipients);
  } finally {
    progress.end();
  }
}

/** Derives a child, once every parent permits the operation. Spec: CLI-4, CLI-5, CLI-13. */
export async function deriveFile(
  context: Context,
  [files]: readonly [readonly string[]],
  options: DeriveFileOptions,
): Promise<Answer> {
  const { io } = context;
  const { request, state } = await requestOf(io, options);
  const { approval, ...others } = options;
  const lowers = options.removePolicy !== undefined;
  if (lowers && request.operation !== "declassify")
    throw new UsageError(`policies go by operation declassify, not by \`${request.operation}\``);
  const stateFiles = await readStateFiles(io, lowers || approval === undefined ? others : { ...others, approval });
  if (stateFiles.approvals.length > 0 && files.length > 1)
    throw new UsageError("an approval is for one artifact, and there are several parents");
  const setting = await verifyingSetting(context, options);
  using outputs = new Outputs(context.force);
  const preparation = await prepare(context, outputs, setting, options);
  await using counters = await openCounters(context, options.counters);
  const home = await context.findHome();
  const sink = receiptSink(io, home, options.receipts);
  try {
    const decided = await decideAll(context, files, { request, state }, setting, sink, stateFiles, counters);
    const verdict = worst(decided);
    const child =
      verdict === "permit" ? await makeChild(context, decided, request, setting, preparation, options) : null;
    if (child) outputs.commit();
    return {
      json: { parents: decided.map(({ file, decision }) => ({ file, decision: decisionJson(decision) })), child },
      lines: child ? [issuedLine(child)] : [],
      notes: decided.flatMap(({ file, decision }) => decisionLines(decision, file)),
      exit: verdictExit(verdict),
    };
  } finally {
    await endReceipts(sink, home);
  }
}
