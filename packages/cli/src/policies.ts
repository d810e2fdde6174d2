// Policies that are put in force: signed ones as they are, one's own signed on the way, with the parameters they declare.
import { dirname } from "node:path";
import { decodeCbor, FormatError, GovernanceError, parsePolicy, PolicyError, signPolicy } from "@writ/core";
import type { Evaluator, JsonObject, PolicyMessage, PreparedPolicy, SealPolicy, Signer } from "@writ/core";
import { UsageError } from "./fault.ts";
import { pairsOf } from "./flag-values.ts";
import type { Home } from "./home.ts";
import { readInput } from "./input-file.ts";
import type { Io } from "./io.ts";

const maxPolicyBytes = 512 << 10;
type Value = string | number | boolean;

/** A policy file: signed, or the text of a document. */
export type PolicyFile =
  | { readonly kind: "signed"; readonly message: PolicyMessage }
  | { readonly kind: "text"; readonly text: string };

/** Reads a policy file; JSON begins with a brace, a signed policy never does. Throws FormatError, PolicyError with the file's name. */
export async function readPolicy(io: Io, path: string): Promise<PolicyFile> {
  const bytes = await readInput(io, path, maxPolicyBytes);
  if (/^\s*\{/.test(bytes.subarray(0, 64).toString("latin1"))) {
    try {
      return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch {
      throw new FormatError("json-invalid", `\`${path}\` is not UTF-8 text`, { path });
    }
  }
  try {
    decodeCbor(bytes);
    return { kind: "signed", message: parsePolicy(bytes) };
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    throw new FormatError(
      "format-unknown",
      `\`${path}\` is neither a signed policy nor a policy document: ${error.message}`,
      { path, cause: error },
    );
  }
}

/** Prepares the text of a policy; the message names the file. Throws PolicyError, FormatError. */
export function prepareText(evaluator: Evaluator, path: string, text: string): PreparedPolicy {
  try {
    return evaluator.prepare(text);
  } catch (error) {
    if (error instanceof PolicyError)
      throw new PolicyError(error.code, `\`${path}\`: ${error.message}`, { path: error.path, cause: error });
    if (error instanceof FormatError)
      throw new FormatError(error.code, `\`${path}\`: ${error.message}`, { path: error.path, cause: error });
    throw error;
  }
}

/** The signer of a policy: the home's, where the home is its authority. */
export async function homePolicySigner(home: Home | null, authority: string): Promise<Signer> {
  const signer = home?.authority === authority ? home.signers.find(({ role }) => role === "policy") : undefined;
  if (!home || !signer)
    throw new UsageError(
      `the home holds no key of \`${authority}\`, the policy's authority`,
      "name the authority's keys with --signer-key, or use the policy that it signed",
    );
  return home.signer("policy", signer.suite);
}

/** Signed policies from files; one's own are signed on the way. */
async function messagesOf(
  io: Io,
  paths: readonly string[],
  evaluator: Evaluator,
  findHome: () => Promise<Home | null>,
): Promise<readonly PolicyMessage[]> {
  const messages: PolicyMessage[] = [];
  for (const path of paths) {
    const file = await readPolicy(io, path);
    if (file.kind === "signed") messages.push(file.message);
    else {
      const { authority } = prepareText(evaluator, path, file.text);
      const { message } = await signPolicy(file.text, {
        evaluator,
        signer: await homePolicySigner(await findHome(), authority),
      });
      messages.push(parsePolicy(message));
    }
  }
  return messages;
}

function parameterOf(name: string, type: string, text: string): Value {
  if (type === "integer") {
    if (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
    throw new UsageError(`--param: \`${name}\` is an integer`);
  }
  if (type !== "boolean") return text;
  if (text === "true" || text === "false") return text === "true";
  throw new UsageError(`--param: \`${name}\` is true or false`);
}

/** The parameters that each policy declares, from the pairs given for all of them. Throws UsageError for one that no policy declares. */
function withParameters(
  messages: readonly PolicyMessage[],
  values: readonly string[] | undefined,
): readonly SealPolicy[] {
  const pairs = pairsOf("--param", values);
  const declared = messages.map(
    ({ document }) => Object.entries((document["parameters"] ?? {}) as JsonObject) as [string, string][],
  );
  const known = new Set(declared.flat().map(([name]) => name));
  const unknown = [...pairs.keys()].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new UsageError(
      `--param: no policy declares \`${unknown}\``,
      known.size === 0 ? "these policies have no parameters" : `declared are ${[...known].join(", ")}`,
    );
  return messages.map(({ bytes, id }, index) => {
    const parameters: Record<string, Value> = {};
    for (const [name, type] of declared[index]!) {
      const text = pairs.get(name);
      if (text === undefined)
        throw new UsageError(`policy \`${id}\` has a parameter \`${name}\``, `supply it with --param ${name}=VALUE`);
      parameters[name] = parameterOf(name, type, text);
    }
    return { message: bytes, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) };
  });
}

/** Policies to put in force. Throws UsageError, FormatError, PolicyError. */
export async function policiesOf(
  io: Io,
  paths: readonly string[],
  options: {
    readonly param: readonly string[] | undefined;
    readonly evaluator: Evaluator;
    readonly findHome: () => Promise<Home | null>;
  },
): Promise<readonly SealPolicy[]> {
  return withParameters(await messagesOf(io, paths, options.evaluator, options.findHome), options.param);
}

/** Bytes of signed policies, for release. */
export async function signedPolicies(
  io: Io,
  paths: readonly string[],
  evaluator: Evaluator,
  findHome: () => Promise<Home | null>,
): Promise<readonly Uint8Array[]> {
  return (await messagesOf(io, paths, evaluator, findHome)).map(({ bytes }) => bytes);
}

/** Keys in files never stand beside the data. Spec: CLI-11. */
export function assertHomeApart(home: Home | null, keyUris: readonly string[], paths: readonly string[]): void {
  if (!home || !keyUris.some((uri) => uri.startsWith("local:"))) return;
  for (const folder of new Set(paths.map((path) => dirname(path)))) home.assertNotBeside(folder);
}
