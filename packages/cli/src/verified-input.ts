// An artifact from a file, verified under the trust policy: what every command that believes an artifact starts with.
import { CustodyError, FormatError, GovernanceError, ingest, PolicyError, VerificationError } from "@writ/core";
import type { Evaluator, TrustPolicy, VerifiedArtifact } from "@writ/core";
import type { Context } from "./command.ts";
import { readCarrier, watched } from "./input-file.ts";
import type { Carrier } from "./input-file.ts";
import { loadTrust } from "./trust-source.ts";

/** Options of whatever verifies. */
export interface VerifyingOptions {
  readonly trust?: string;
  readonly content?: string;
}

/** The same error with the file's name before its message. */
export function inFile(error: GovernanceError, path: string): GovernanceError {
  const message = error.message.includes(`\`${path}\``) ? error.message : `\`${path}\`: ${error.message}`;
  const detail = { path: error.path, retryable: error.retryable, cause: error };
  if (error instanceof FormatError) return new FormatError(error.code, message, detail);
  if (error instanceof VerificationError) return new VerificationError(error.code, message, detail);
  if (error instanceof PolicyError) return new PolicyError(error.code, message, detail);
  if (error instanceof CustodyError) return new CustodyError(error.code, message, detail);
  return error;
}

/** A verified artifact and the file it came in; the caller disposes of the carrier. */
export interface VerifiedInput extends AsyncDisposable {
  readonly carrier: Carrier;
  readonly verified: VerifiedArtifact;
}

/** How an artifact is verified here. */
export interface VerifyingSetting {
  readonly trust: TrustPolicy;
  readonly evaluator: Evaluator;
  readonly clock: () => number;
  /**
   * Null: content is not read. Else it is checked where it is at hand: called with its size, what it returns hears of each
   * read and may throw to end the work.
   */
  readonly watchContent: ((sizeBytes: number) => (bytes: number) => void) | null;
}

function sizeOf(content: NonNullable<Carrier["content"]>): number {
  return content instanceof Uint8Array ? content.length : content.sizeBytes;
}

/** Reads and verifies an artifact. Throws with the file's name in the message. */
export async function verifyInput(
  context: Context,
  path: string,
  contentPath: string | undefined,
  setting: VerifyingSetting,
): Promise<VerifiedInput> {
  const carrier = await readCarrier(context.io, path, contentPath);
  const { trust, evaluator, clock, watchContent } = setting;
  try {
    const stored = watchContent === null ? null : carrier.content;
    const content = stored && watchContent ? { content: watched(stored, watchContent(sizeOf(stored))) } : {};
    const verified = await ingest(carrier.artifact, trust, { evaluator, clock, ...content });
    return { carrier, verified, [Symbol.asyncDispose]: () => carrier[Symbol.asyncDispose]() };
  } catch (error) {
    await carrier[Symbol.asyncDispose]();
    throw error instanceof GovernanceError ? inFile(error, path) : error;
  }
}

/** The trust policy and the evaluator that this run verifies with; content is not read. */
export async function verifyingSetting(context: Context, options: VerifyingOptions): Promise<VerifyingSetting> {
  const { trust } = await loadTrust(context.io, await context.findHome(), options.trust);
  const { createEvaluator } = await import("@writ/evaluator");
  return { trust, evaluator: createEvaluator(), clock: context.io.now, watchContent: null };
}
