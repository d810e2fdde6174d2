// writ verify: every check of an artifact, with its code. Reads files alone.
import { artifactIdText, eraAtLeast, GovernanceError, VerificationError } from "@writ/core";
import type { Check, Era, VerifiedArtifact } from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { exits } from "../exit-codes.ts";
import { describeFault } from "../fault-report.ts";
import type { FaultJson } from "../fault-report.ts";
import { stopIfInterrupted, UsageError } from "../fault.ts";
import { dateOf } from "../flag-values.ts";
import { instantText, short, table } from "../print.ts";
import type { Line } from "../print.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { asOf, loadTrust } from "../trust-source.ts";
import { inFile, verifyInput } from "../verified-input.ts";
import type { VerifyingOptions, VerifyingSetting } from "../verified-input.ts";

/** Options of `verify`. */
export interface VerifyOptions extends CommonOptions, VerifyingOptions {
  readonly asOf?: string;
  readonly requireEra?: string;
}

/** What was found of one file. */
interface FileJson {
  readonly file: string;
  readonly result: "valid" | "expired" | "refused";
  readonly exit: number;
  readonly artifactId?: string;
  readonly name?: string;
  readonly issuer?: string;
  readonly issuedAt?: string;
  readonly classification?: string;
  readonly evidenceEra?: Era;
  readonly wrapEra?: Era | null;
  readonly content?: string | null;
  readonly keys?: readonly string[];
  readonly developmentOnly?: boolean;
  readonly checks: readonly Check[];
  readonly error?: FaultJson;
}

function eraOf(value: string | undefined): Era | null {
  if (value === undefined) return null;
  if (value === "hybrid" || value === "pq") return value;
  throw new UsageError(`--require-era: \`${value}\` is no era`, "the eras are hybrid and pq");
}

function assertEra({ evidence }: VerifiedArtifact, least: Era | null): void {
  if (least === null || eraAtLeast(evidence.era, least)) return;
  throw new VerificationError(
    "suite-required",
    `the evidence is of era \`${evidence.era}\`, asked for is \`${least}\` or a later one`,
  );
}

function found(file: string, verified: VerifiedArtifact, contentPath: string | null): FileJson {
  const { core, name, evidence, wrapEra, classification, keys, checks } = verified;
  const expired = evidence.standing === "expired";
  const uris = keys.recipients.map(({ custodyUri }) => custodyUri);
  return {
    file,
    result: expired ? "expired" : "valid",
    exit: expired ? exits.expired : exits.ok,
    artifactId: artifactIdText(core),
    name,
    issuer: core.issuer,
    issuedAt: instantText(core.issuedAt),
    classification,
    evidenceEra: evidence.era,
    wrapEra,
    content: contentPath,
    keys: uris,
    developmentOnly: uris.some((uri) => uri.startsWith("local:")),
    checks,
  };
}

async function verifyOne(
  context: Context,
  file: string,
  options: VerifyOptions,
  setting: VerifyingSetting,
  era: Era | null,
): Promise<FileJson> {
  const { io } = context;
  const shown: { bar?: Progress } = {};
  const watchContent = (sizeBytes: number): ((bytes: number) => void) => {
    const bar = (shown.bar = startProgress(io, "verifying", sizeBytes, "bytes"));
    return (bytes) => {
      stopIfInterrupted(io.signal);
      bar.advance(bytes, file);
    };
  };
  try {
    await using input = await verifyInput(context, file, options.content, { ...setting, watchContent });
    assertEra(input.verified, era);
    return found(file, input.verified, input.carrier.contentPath);
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    const fault = describeFault(inFile(error, file));
    return { file, result: "refused", exit: fault.exit, checks: [], error: fault };
  } finally {
    shown.bar?.end();
  }
}

function linesOf(result: FileJson): readonly Line[] {
  const { file, result: outcome, error, checks } = result;
  if (error)
    return [{ text: `REFUSED  ${file}`, tone: "bad" }, `  ${error.code}: ${error.message}`, `  next: ${error.next}`];
  return [
    { text: `${outcome === "valid" ? "VALID" : "EXPIRED"}  ${file}`, tone: outcome === "valid" ? "good" : "bad" },
    `  artifact ${result.artifactId} of ${result.issuer}, ${result.issuedAt}, ${result.classification}`,
    `  core     ${short(result.name!)}`,
    `  evidence era ${result.evidenceEra}, wrap era ${result.wrapEra ?? "none"}`,
    ...table(
      checks.map(({ outcome: state, check, detail }) => [state, check, detail]),
      "  ",
    ),
    ...(result.developmentOnly === true
      ? [{ text: "  development-only custody: a key in a file protects nothing in production", tone: "bad" } as const]
      : []),
  ];
}

/** Verifies files; exits with the code of the first that isn't valid. Opens no socket. Spec: CLI-8, CLI-14. */
export async function verify(
  context: Context,
  [files]: readonly [readonly string[]],
  options: VerifyOptions,
): Promise<Answer> {
  const { io } = context;
  const era = eraOf(options.requireEra);
  const at = options.asOf === undefined ? null : dateOf("--as-of", options.asOf);
  if (options.content !== undefined && files.length > 1) throw new UsageError("--content is the content of one file");
  const source = await loadTrust(io, await context.findHome(), options.trust);
  const trust = at === null ? source.trust : asOf(source, at, Math.floor(io.now() / 1000));
  const { createEvaluator } = await import("@writ/evaluator");
  const setting = {
    trust,
    evaluator: createEvaluator(),
    clock: at === null ? io.now : () => at * 1000,
    watchContent: null,
  };
  const results: FileJson[] = [];
  for (const file of files) {
    stopIfInterrupted(io.signal);
    results.push(await verifyOne(context, file, options, setting, era));
  }
  return {
    json: {
      asOf: at === null ? null : instantText(at),
      trust: { path: source.path, name: trust.name, sequence: trust.sequence },
      files: results,
    },
    lines: results.flatMap(linesOf),
    exit: results.find(({ exit }) => exit !== exits.ok)?.exit ?? exits.ok,
  };
}
