// One decided use of what a governed value holds.
import { decide, FormatError, open } from "@writ/core";
import type {
  Clock,
  DecideOptions,
  Decision,
  DecisionRequest,
  OpenOptions,
  Permit,
  VerifiedArtifact,
} from "@writ/core";
import { lenders } from "./governed-form.ts";
import type { Forms, Lent } from "./governed-form.ts";

/** What deciding and opening need, said once for all uses. */
export interface GovernOptions extends DecideOptions, Omit<OpenOptions, "lend"> {
  /** How functions get the plaintext; GovernAsOptions has the other forms. */
  readonly as?: "bytes";
  /** Largest content that is held in memory; default 64 MiB. A stream isn't. */
  readonly maxBytes?: number;
}

/** The same for plaintext in the form `F`. */
export interface GovernAsOptions<F extends keyof Forms> extends Omit<GovernOptions, "as"> {
  readonly as: F;
}

/** Options as a value holds them. */
export type HeldOptions = GovernOptions | GovernAsOptions<keyof Forms>;

/** How a use went: a deny is a value, and then nothing was opened. */
export type Used<T> =
  | { readonly verdict: "permit"; readonly decision: Decision; readonly value: T }
  | { readonly verdict: "deny" | "unknown"; readonly decision: Decision };

/** What a governed value holds. */
export interface Held<T> {
  readonly artifact: VerifiedArtifact;
  readonly options: HeldOptions;
  lend(segments: AsyncIterable<Uint8Array>): Lent<T> | Promise<Lent<T>>;
}

/** Default of `maxBytes`. */
export const defaultMaxBytes: number = 64 << 20;

/** Options that are for opening alone; all others go to `decide`, which refuses what it doesn't know. */
const openingNames = ["custody", "content", "leaves", "requiredContext", "grantTokens"] as const;
const ownNames = ["as", "maxBytes"] as const;
const decidingNames: readonly string[] = ["evaluator", "receipts", "state", "sources", "clock"];

/** Throws TypeError for unknown options and forms. */
export function checkOptions(options: HeldOptions): void {
  const known: readonly string[] = [...openingNames, ...ownNames, ...decidingNames];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  if (options.as !== undefined && !Object.hasOwn(lenders, options.as))
    throw new TypeError("`as` is bytes, stream or json");
}

/** How many bytes a use would hold in memory. Throws FormatError `input-too-large`. */
export function heldBytes({ artifact, options }: Held<unknown>): number {
  if (options.as === "stream") return 0;
  const { sizeBytes } = artifact.core.content;
  const { maxBytes = defaultMaxBytes } = options;
  if (sizeBytes <= maxBytes) return sizeBytes;
  throw new FormatError("input-too-large", `content of ${sizeBytes} bytes where at most ${maxBytes} are held`);
}

function pick(options: HeldOptions, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

/** The request as it is when a use begins: what functions and sources make of the caller's object later is not what was asked. Throws TypeError. Spec: GOV-7. */
export function ownRequest(request: DecisionRequest): DecisionRequest {
  try {
    return structuredClone(request);
  } catch {
    throw new TypeError("the request holds what is no data");
  }
}

/** Decides with the value's own evaluator, receipts and state. Throws what `decide` throws. */
export function decideOn({ artifact, options }: Held<unknown>, request: DecisionRequest): Promise<Decision> {
  return decide(artifact, request, pick(options, decidingNames) as DecideOptions);
}

/** The clock of a value, as an option to pass on. */
export function clockOf({ options }: Held<unknown>): { readonly clock?: Clock } {
  return options.clock === undefined ? {} : { clock: options.clock };
}

/** Opens under a permit and lends the plaintext. Throws what `open` throws. */
export async function lendUnder<T>(held: Held<T>, permit: Permit): Promise<Lent<T>> {
  const { artifact, options } = held;
  const opening = { ...(pick(options, openingNames) as OpenOptions), ...clockOf(held) };
  const lend = options.as === "stream"; // whole contents are gathered from segments of their own
  return held.lend(open(artifact, permit, { ...opening, lend }));
}

/**
 * One use: decides, and where it permits opens, calls `fn` with the plaintext and takes it back when `fn` has ended. Throws what
 * `decide` and `open` throw, and `input-too-large`. Spec: GOV-1, GOV-2.
 */
export async function useHeld<T, R>(
  held: Held<T>,
  request: DecisionRequest,
  fn: (plaintext: T, decision: Decision) => R | Promise<R>,
): Promise<Used<R>> {
  heldBytes(held);
  const decision = await decideOn(held, request);
  if (decision.permit === null) return { verdict: decision.verdict === "deny" ? "deny" : "unknown", decision };
  const lent = await lendUnder(held, decision.permit);
  try {
    return { verdict: "permit", decision, value: await fn(lent.value, decision) };
  } finally {
    await lent.end();
  }
}
