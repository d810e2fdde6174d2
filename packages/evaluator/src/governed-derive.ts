// What a function derives from governed plaintext, sealed as a child before the plaintext goes.
import { derive, ingest } from "@writ/core";
import type { Decision, DecisionRequest, DeriveOptions, OpenOptions, VerifiedArtifact } from "@writ/core";
import { clockOf } from "./governed-use.ts";
import type { GovernOptions, Held } from "./governed-use.ts";

/** What deriving needs beside the use: keys and signer of the child. The operation, its `output` and the receipts are those of the use. */
export interface DerivingOptions extends Pick<
  DeriveOptions,
  | "recipients"
  | "signer"
  | "add"
  | "actor"
  | "tool"
  | "mediaType"
  | "custodyRule"
  | "requiredContext"
  | "contentHash"
  | "allowEmpty"
> {}

/** A child as it is passed on: the artifact, portable, and its ciphertext. */
export interface DerivedBytes {
  readonly artifact: Uint8Array;
  readonly content: Uint8Array;
  /** Leaf list, where it is a file of its own; else null. */
  readonly leaves: Uint8Array | null;
}

const optionNames: ReadonlySet<string> = new Set([
  "recipients",
  "signer",
  "add",
  "actor",
  "tool",
  "mediaType",
  "custodyRule",
  "requiredContext",
  "contentHash",
  "allowEmpty",
] satisfies (keyof DerivingOptions)[]);

/** Throws TypeError for unknown options. */
export function checkDeriving(deriving: DerivingOptions): void {
  const unknown = Object.keys(deriving).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
}

/** A parent whose plaintext the function was given, with the decision that permitted it. */
export interface DecidedParent {
  readonly held: Held<unknown>;
  readonly decision: Decision;
}

/** A child, verified under the trust policy of each parent, with the options to govern it. */
export interface Child {
  readonly verified: VerifiedArtifact;
  readonly options: GovernOptions;
  readonly bytes: DerivedBytes;
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** How the child is decided and opened: as the first parent, with the custodies of its own keys. */
function optionsOf({ options }: Held<unknown>, deriving: DerivingOptions, bytes: DerivedBytes): GovernOptions {
  const { leaves: _leaves, requiredContext: _context, as: _as, grantTokens: _tokens, ...kept } = options;
  const opening: Partial<OpenOptions> = {
    content: bytes.content,
    custody: [...new Set([...listOf(options.custody), ...deriving.recipients.map(({ custody }) => custody)])],
    ...(bytes.leaves === null ? {} : { leaves: bytes.leaves }),
    ...(deriving.requiredContext === undefined ? {} : { requiredContext: deriving.requiredContext }),
  };
  return { ...kept, ...opening };
}

/**
 * Seals what a function made of its parents' plaintext, and zeroes it. Throws TypeError where that is no bytes, and what
 * `derive` and `ingest` throw. Spec: GOV-7.
 */
export async function sealChild(
  parents: readonly [DecidedParent, ...DecidedParent[]],
  request: DecisionRequest,
  content: unknown,
  deriving: DerivingOptions,
): Promise<Child> {
  if (!(content instanceof Uint8Array)) throw new TypeError("what is derived is no bytes");
  const [{ held: first }] = parents;
  const { evaluator } = first.options;
  const clock = clockOf(first);
  const chunks: Uint8Array[] = [];
  try {
    const issued = await derive(
      parents.map(({ held }) => held.artifact),
      {
        actor: request.principal.id,
        ...deriving,
        operation: request.operation,
        content,
        write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
        ...(request.output === undefined ? {} : { output: request.output }),
        receipts: parents.flatMap(({ decision }) => decision.receipt ?? []),
        evaluator,
        ...clock,
      },
    );
    const bytes = { artifact: issued.artifact, content: joined(chunks), leaves: issued.leaves };
    const trusts = new Set(parents.map(({ held }) => held.artifact.trust));
    const verified = await Promise.all(
      [...trusts].map((trust) => ingest(bytes.artifact, trust, { evaluator, ...clock })),
    );
    return { verified: verified[0]!, options: optionsOf(first, deriving, bytes), bytes };
  } finally {
    content.fill(0);
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
