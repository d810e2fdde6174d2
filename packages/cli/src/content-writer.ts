// Where sealed content goes: an envelope in memory, or a file with a sidecar beside it.
import { dirname, join, basename, resolve } from "node:path";
import { encodeEnvelope } from "@writ/core";
import type { Issued } from "@writ/core";
import { UsageError } from "./fault.ts";
import type { Io } from "./io.ts";
import type { Outputs } from "./output-file.ts";
import { write } from "./print.ts";

/** Takes the stored content of one artifact, then the artifact. */
export interface SealedOutput {
  /** Where the artifact will stand; `-` for stdout. */
  readonly artifactPath: string;
  /** Where the content will stand, for a sidecar. */
  readonly contentPath: string | null;
  write(chunk: Uint8Array): void;
  /** The artifact is signed: everything is written, nothing is in place yet. */
  finish(issued: Issued): Promise<void>;
}

/** Envelopes hold their content in memory, so no more than this of plaintext goes in. */
export const maxEnvelopePlaintext: number = (64 << 20) - (1 << 16);

/** The output folder of `-o DIR/`, or null where `-o` names a file. */
export function folderOf(out: string | undefined): string | null {
  return out?.endsWith("/") === true ? out : null;
}

/** The path that an input's artifact gets: `FILE.writ`, or for sidecars `FILE.sealed.writ`. */
export function artifactPath(input: string, detached: boolean, out: string | undefined): string {
  const suffix = detached ? ".sealed.writ" : ".writ";
  const folder = folderOf(out);
  if (folder !== null) return join(folder, `${basename(input)}${suffix}`);
  if (out === undefined) return `${input}${suffix}`;
  if (detached && (out === "-" || !out.endsWith(".writ")))
    throw new UsageError(
      `\`${out}\`: the name of a sidecar ends in .writ`,
      "the content stands beside it, without .writ",
    );
  return out;
}

/** Opens the outputs of one artifact, as the caller wrote the path. Throws `output-exists`, `output-unwritable`. */
export function openSealedOutput(io: Io, outputs: Outputs, path: string, detached: boolean): SealedOutput {
  if (detached) return openSidecar(io, outputs, path);
  const parts: Uint8Array[] = [];
  const target = path === "-" ? null : outputs.stage(resolve(io.cwd, path));
  return {
    artifactPath: path,
    contentPath: null,
    write: (chunk) => void parts.push(Uint8Array.from(chunk)), // the chunk is lent
    finish: async ({ artifact }) => {
      const envelope = encodeEnvelope(artifact, Buffer.concat(parts));
      if (target) target.write(envelope);
      else await write(io.stdout, envelope);
    },
  };
}

function openSidecar(io: Io, outputs: Outputs, path: string): SealedOutput {
  const contentPath = join(dirname(path), basename(path, ".writ"));
  const content = outputs.stage(resolve(io.cwd, contentPath)); // before the sidecar, so that no artifact stands without its content
  const leavesPath = resolve(io.cwd, `${contentPath}.leaves`);
  return {
    artifactPath: path,
    contentPath,
    write: (chunk) => content.write(chunk),
    finish: ({ artifact, leaves }) => {
      if (leaves) outputs.stage(leavesPath).write(leaves);
      outputs.stage(resolve(io.cwd, path)).write(artifact);
      return Promise.resolve();
    },
  };
}
