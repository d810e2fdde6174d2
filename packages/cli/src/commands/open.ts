// writ open: decide, unwrap, decrypt. Plaintext goes to a file or a pipe, receipts to a log.
import { resolve } from "node:path";
import { FormatError, GovernanceError, open } from "@writ/core";
import type { Custody, Decision, Permit } from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { openCounters } from "../counter-file.ts";
import { Custodies } from "../custodies.ts";
import { decideFor } from "../decision.ts";
import { stopIfInterrupted, UsageError } from "../fault.ts";
import { homeMemory } from "../list-memory.ts";
import { Outputs } from "../output-file.ts";
import { write } from "../print.ts";
import { startProgress } from "../progress.ts";
import { endReceipts, receiptSink } from "../receipt-sink.ts";
import { requestOf } from "../request.ts";
import type { RequestOptions } from "../request.ts";
import { homeLedger, readStateFiles } from "../state-files.ts";
import type { StateOptions } from "../state-files.ts";
import { decisionJson, decisionLines, verdictExit } from "../verdict.ts";
import { inFile, verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifiedInput, VerifyingOptions } from "../verified-input.ts";

/** Options of `open`. */
export interface OpenFileOptions extends CommonOptions, VerifyingOptions, RequestOptions, StateOptions {
  readonly receipts?: string;
  readonly out?: string;
}

type PlaintextSink = (bytes: Uint8Array) => void | Promise<void>;

/** What opening needs beside a permit; looked for before anything is decided. */
interface Means {
  readonly custody: readonly Custody[];
  readonly content: NonNullable<VerifiedInput["carrier"]["content"]>;
}

async function meansOf(context: Context, { carrier, verified }: VerifiedInput): Promise<Means> {
  const { path, content } = carrier;
  if (content === null)
    throw new FormatError("input-unreadable", `the content of \`${path}\` is not beside it: name it with --content`, {
      path,
    });
  if (verified.core.content.format === "opaque") return { content, custody: [] };
  const custodies = new Custodies(() => context.needHome());
  return {
    content,
    custody: await custodies.forOpening(verified.keys.recipients.map(({ custodyUri }) => custodyUri)),
  };
}

/** Releases the plaintext into `sink` and returns how many bytes it was. */
async function release(
  { io }: Context,
  { carrier, verified }: VerifiedInput,
  permit: Permit,
  means: Means,
  sink: PlaintextSink,
): Promise<number> {
  const progress = startProgress(io, "opening", verified.core.content.sizeBytes, "bytes");
  let bytes = 0;
  try {
    const segments = open(verified, permit, {
      ...means,
      lend: true,
      clock: io.now,
      ...(carrier.leaves ? { leaves: carrier.leaves } : {}),
    });
    for await (const segment of segments) {
      stopIfInterrupted(io.signal);
      await sink(segment);
      bytes += segment.length;
      progress.advance(segment.length, carrier.path);
    }
    return bytes;
  } catch (error) {
    const ofInput = error instanceof GovernanceError && error.code !== "output-unwritable";
    throw ofInput ? inFile(error, carrier.path) : error;
  } finally {
    progress.end();
  }
}

/** Where the plaintext goes: a new file, or stdout where that is no terminal or is asked for as `-`. Spec: CLI-19. */
function plaintextSink({ io, json }: Context, outputs: Outputs, out: string | undefined): PlaintextSink {
  if (out !== undefined && out !== "-") {
    const file = outputs.stage(resolve(io.cwd, out), 0o600);
    return (bytes) => file.write(bytes);
  }
  if (json) throw new UsageError("--json and the plaintext can't both go to stdout", "name an output with -o OUT");
  if (out === undefined && io.stdout.isTTY === true)
    throw new UsageError(
      "plaintext may be no text for a terminal",
      "name an output with -o OUT, pipe it, or insist with -o -",
    );
  return (bytes) => write(io.stdout, bytes); // resolves once the stream is done with it: a segment is only lent
}

function refusal(file: string, decision: Decision, subject: string): Answer {
  return {
    json: { file, decision: decisionJson(decision), output: null, bytes: 0 },
    notes: decisionLines(decision, subject),
    exit: verdictExit(decision.verdict),
  };
}

/** Opens a file for an operation and its purposes. Spec: CLI-4, CLI-5, CLI-13. */
export async function openFileFor(
  context: Context,
  [file]: readonly [string],
  options: OpenFileOptions,
): Promise<Answer> {
  const { io } = context;
  const { request, state } = await requestOf(io, options);
  const files = await readStateFiles(io, options);
  const subject = `${request.operation} for ${request.purposes.join(", ") || "no purpose"}`;
  using outputs = new Outputs(context.force);
  const plaintext = plaintextSink(context, outputs, options.out);
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const means = await meansOf(context, input);
  await using counters = await openCounters(context, options.counters);
  const home = await context.findHome();
  const sink = receiptSink(io, home, options.receipts);
  try {
    const decision = await decideFor(file, input.verified, request, {
      evaluator: setting.evaluator,
      receipts: sink,
      state,
      files,
      counters,
      ledger: () => homeLedger(context),
      memory: await homeMemory(context),
      clock: io.now,
    });
    if (decision.permit === null) return refusal(file, decision, subject);
    const bytes = await release(context, input, decision.permit, means, plaintext);
    outputs.commit();
    const target = options.out === undefined || options.out === "-" ? null : options.out;
    return {
      ...(target === null ? {} : { json: { file, decision: decisionJson(decision), output: target, bytes } }),
      notes: decisionLines(decision, subject),
      lines: target === null ? [] : [{ text: `${file} -> ${target} (${bytes} bytes)`, tone: "good" }],
    };
  } finally {
    await endReceipts(sink, home);
  }
}
