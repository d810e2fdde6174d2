// Governed bytes: plaintext that exists only inside a function, for one decided use.
import { artifactIdText, decide, FormatError, open } from "@writ/core";
import type { DecideOptions, Decision, DecisionRequest, OpenOptions, VerifiedArtifact } from "@writ/core";

/** What deciding and opening need, said once for all uses. */
export interface GovernOptions extends DecideOptions, Omit<OpenOptions, "lend"> {
  /** Largest content that is held in memory; default 64 MiB. */
  readonly maxBytes?: number;
}

/** How a use went: a deny is a value, and then nothing was opened. */
export type Used<T> =
  | { readonly verdict: "permit"; readonly decision: Decision; readonly value: T }
  | { readonly verdict: "deny" | "unknown"; readonly decision: Decision };

const optionNames: ReadonlySet<string> = new Set([
  "evaluator",
  "receipts",
  "state",
  "clock",
  "custody",
  "content",
  "leaves",
  "requiredContext",
  "grantTokens",
  "maxBytes",
]);

/** The method by which node's console and `util.inspect` ask; a symbol of the registry, so that nothing is imported. */
const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");

/** Fills one buffer of its own and zeroes what it was filled from. */
async function gather(segments: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const segment of segments) parts.push(segment);
    const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  } finally {
    for (const part of parts) part.fill(0);
  }
}

/**
 * An artifact with its content, whose plaintext is given to a function for one decided use and to nobody else. It prints
 * as `[Governed <artifact id>]`; a structured clone holds that text alone.
 */
export class Governed {
  /** What printing shows; the one member that a clone keeps. */
  readonly label: string;
  readonly #artifact: VerifiedArtifact;
  readonly #options: GovernOptions;

  constructor(artifact: VerifiedArtifact, options: GovernOptions) {
    this.#artifact = artifact;
    this.#options = options;
    this.label = `[Governed ${artifactIdText(artifact.core)}]`;
    Object.defineProperty(this, inspectSymbol, { value: () => this.label });
  }

  /**
   * Decides, and where it permits opens, calls `fn` with the plaintext and zeroes it when `fn` has ended (best effort: what
   * `fn` copied is the caller's). One permit a use. Throws what `decide` and `open` throw, and FormatError `input-too-large`.
   */
  async use<T>(request: DecisionRequest, fn: (plaintext: Uint8Array) => T | Promise<T>): Promise<Used<T>> {
    const { evaluator, receipts, state, clock, maxBytes = 64 << 20, ...opening } = this.#options;
    const { sizeBytes } = this.#artifact.core.content;
    if (sizeBytes > maxBytes) {
      throw new FormatError("input-too-large", `content of ${sizeBytes} bytes where at most ${maxBytes} are held`);
    }
    const deciding = { evaluator, receipts, ...(state && { state }), ...(clock && { clock }) };
    const decision = await decide(this.#artifact, request, deciding);
    if (decision.permit === null) {
      return { verdict: decision.verdict === "deny" ? "deny" : "unknown", decision };
    }
    const plaintext = await gather(open(this.#artifact, decision.permit, { ...opening, ...(clock && { clock }) }));
    try {
      return { verdict: "permit", decision, value: await fn(plaintext) };
    } finally {
      plaintext.fill(0);
    }
  }

  toString(): string {
    return this.label;
  }

  toJSON(): string {
    return this.label;
  }
}

/** Puts a verified artifact and its content under governance. Throws TypeError for unknown options. */
export function govern(artifact: VerifiedArtifact, options: GovernOptions): Governed {
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  return new Governed(artifact, options);
}
