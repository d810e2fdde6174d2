// writ adopt: a sidecar over files as they are, foreign ciphertext for example. The files are not touched.
import { dirname, join, resolve } from "node:path";
import { adopt } from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { artifactPath, folderOf } from "../content-writer.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { stopIfInterrupted, UsageError } from "../fault.ts";
import { statusEntriesOf } from "../flag-values.ts";
import { openInput, watched } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { policiesOf, signedPolicies } from "../policies.ts";
import { startProgress } from "../progress.ts";

/** Options of `adopt`. */
export interface AdoptFileOptions extends CommonOptions, SignerOptions {
  readonly policy: readonly string[];
  readonly releasePolicy?: readonly string[];
  readonly param?: readonly string[];
  readonly externalKey?: string;
  readonly mediaType?: string;
  readonly statusEntry?: readonly string[];
  readonly out?: string;
}

function sidecarsOf(files: readonly string[], out: string | undefined): readonly string[] {
  if (out === "-") throw new UsageError("an artifact is no text", "name an output with -o OUT");
  if (files.length > 1 && out !== undefined && folderOf(out) === null)
    throw new UsageError(
      `\`${out}\` is one output for ${files.length} files`,
      "name a folder, with a slash at its end",
    );
  return files.map((file) => artifactPath(file, false, out));
}

/** Adopts files: all of them, or none. Spec: CLI-4, CLI-5, CLI-32. */
export async function adoptFiles(
  context: Context,
  [files]: readonly [readonly string[]],
  options: AdoptFileOptions,
): Promise<Answer> {
  const { io } = context;
  const sidecars = sidecarsOf(files, options.out);
  const status = statusEntriesOf(options.statusEntry);
  const { createEvaluator } = await import("@writ/evaluator");
  const evaluator = createEvaluator();
  const findHome = (): ReturnType<Context["findHome"]> => context.findHome();
  const policies = await policiesOf(io, options.policy, { param: options.param, evaluator, findHome });
  const releasePolicies = await signedPolicies(io, options.releasePolicy ?? [], evaluator, findHome);
  const signer = await signerFor(new Custodies(() => context.needHome()), () => context.needHome(), "issue", options);
  const { externalKey, mediaType } = options;
  using outputs = new Outputs(context.force);
  const folder = folderOf(options.out);
  if (folder !== null) outputs.folder(resolve(io.cwd, folder));
  const adopted: { file: string; artifact: string; name: string; artifactId: string; contentBytes: number }[] = [];
  for (const [index, file] of files.entries()) {
    const artifact = sidecars[index]!;
    await using input = await openInput(io, file);
    const target = outputs.stage(resolve(io.cwd, artifact));
    const progress = startProgress(io, "reading", input.sizeBytes, "bytes");
    try {
      const content = watched(input, (bytes) => {
        stopIfInterrupted(io.signal);
        progress.advance(bytes, file);
      });
      const issued = await adopt({
        content,
        policies,
        releasePolicies,
        signer,
        evaluator,
        status,
        tool: "writ",
        ...(externalKey === undefined ? {} : { externalKey }),
        ...(mediaType === undefined ? {} : { mediaType }),
        clock: io.now,
      });
      if (issued.leaves) outputs.stage(resolve(io.cwd, `${file}.leaves`)).write(issued.leaves);
      target.write(issued.artifact);
      const artifactId = Buffer.from(issued.artifactId).toString("hex");
      adopted.push({ file, artifact, name: issued.name, artifactId, contentBytes: issued.content.sizeBytes });
    } finally {
      progress.end();
    }
  }
  stopIfInterrupted(io.signal);
  outputs.commit();
  return {
    json: { adopted: adopted.map((one) => ({ ...one, externalKey: externalKey ?? null })) },
    lines: adopted.map(({ file, artifact, contentBytes }) => ({
      text: `${file} is governed by ${artifact} (${contentBytes} bytes, as they are)`,
      tone: "good",
    })),
    notes: adopted.flatMap(({ file, artifact }) =>
      dirname(resolve(io.cwd, artifact)) === dirname(resolve(io.cwd, file))
        ? []
        : [`  ${artifact} doesn't stand beside its content: name that with --content ${join(dirname(file), ".")}/…`],
    ),
  };
}
