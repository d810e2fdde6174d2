// How a wrap moves: S stays in its custody where that moves it, else the data key passes through this process into a wrap under a fresh S.
import { zero } from "#crypto";
import type { Core, Keys } from "./artifact.ts";
import { contentAad } from "./content.ts";
import type { Custody, CustodyCall, EncryptionContext, Recipient } from "./custody.ts";
import { schemeOf } from "./custody-rule.ts";
import { CustodyError } from "./errors.ts";
import { startDecryption } from "./floe.ts";
import type { DescribedKey } from "./issue.ts";
import { unwrapDataKey, wrapTo } from "./recipient.ts";
import { carriesContext, noteExposures } from "./recipient-kind.ts";

type ContextOf = (wrap: { readonly batchId?: string | undefined }) => EncryptionContext;

/** Whose wraps move, what opens them, and what may be given up on the way. */
export interface MoveSetting {
  /** The core that the present wraps belong to. */
  readonly core: Core;
  readonly keys: Keys;
  readonly custodies: readonly Custody[];
  /** Contexts of the present wraps. */
  readonly from: ContextOf;
  /** Contexts of the new ones. */
  readonly to: ContextOf;
  /** True where a wrap whose custody enforces the context may be followed by one whose doesn't. */
  readonly dropContext: boolean;
}

/** The wraps of one artifact on their way. */
export interface WrapMoves extends MoveSetting {
  /** Custody calls that were made, in order. */
  readonly calls: CustodyCall[];
  /** Wraps whose secret passed through this process: what they were exposed to is noted. */
  readonly opened: Pick<Recipient, "kind" | "custodyUri" | "transportGroup">[];
  dataKey: Uint8Array | null;
}

/** Runs `work`, and zeroes the data key that it may have needed. */
export async function withMoves<T>(setting: MoveSetting, work: (moves: WrapMoves) => Promise<T>): Promise<T> {
  const moves: WrapMoves = { ...setting, calls: [], opened: [], dataKey: null };
  try {
    return await work(moves);
  } finally {
    if (moves.dataKey !== null) zero(moves.dataKey);
  }
}

/** The data key, opened once and held against the header tag: what isn't this content's key is not wrapped anew. Spec: REW-2, AMD-3. */
async function dataKeyOf(moves: WrapMoves): Promise<Uint8Array> {
  if (moves.dataKey !== null) return moves.dataKey;
  const { core, keys, custodies, from } = moves;
  const { dataKey, recipient, call } = await unwrapDataKey(core, keys.recipients, custodies, from);
  moves.calls.push(call);
  const { kind, custodyUri } = recipient;
  const { transportGroup } = call;
  moves.opened.push({ kind, custodyUri, ...(transportGroup === undefined ? {} : { transportGroup }) });
  const { floeHeader } = core.content;
  try {
    if (floeHeader !== undefined) startDecryption(dataKey, contentAad(core.artifactId, core.firstIssuer), floeHeader);
  } catch (error) {
    zero(dataKey);
    throw error;
  }
  return (moves.dataKey = dataKey);
}

/** S under another key or context without leaving its custody; null where the custody can't. KEK and AES-KW bytes stay. Spec: REW-1, CUS-6. */
export async function movedInside(
  moves: WrapMoves,
  recipient: Recipient,
  { custody, key, batchId }: DescribedKey,
): Promise<Recipient | null> {
  const stays =
    carriesContext(recipient.kind) &&
    recipient.batchId === batchId && // a secret that many share doesn't become one artifact's own
    custody.scheme === schemeOf(recipient.custodyUri);
  if (!stays) return null;
  const to = { keyUri: key.uri, context: moves.to({ batchId }) };
  const answer = await custody.rewrap(recipient, moves.from(recipient), to);
  if (answer === null) return null;
  if (answer.uri !== key.uri)
    throw new CustodyError(
      "custody-key-mismatch",
      `the custody answered for \`${answer.uri}\`, asked was \`${key.uri}\``,
    );
  moves.calls.push(answer.call);
  const { alias: _alias, materialId: _materialId, ...same } = recipient;
  return {
    ...same,
    custodyUri: key.uri,
    blob: answer.blob,
    ...(key.alias === undefined ? {} : { alias: key.alias }),
    ...(answer.call.materialId === undefined ? {} : { materialId: answer.call.materialId }),
  };
}

/**
 * A wrap under a fresh S; by a custody that enforces no context only where none of the wraps `beside` was enforced, or the caller says so.
 * Throws `content-commitment`, `custody-unsupported` and other CustodyErrors. Spec: REW-2, REW-3, AMD-3.
 */
export async function wrappedAnew(
  moves: WrapMoves,
  { custody, key, batchId }: DescribedKey,
  beside: readonly Recipient[],
): Promise<Recipient> {
  const dataKey = await dataKeyOf(moves);
  const { recipient, call } = await wrapTo(custody, key, dataKey, moves.core.artifactId, moves.to({ batchId }));
  moves.calls.push(call);
  if (!moves.dropContext && !carriesContext(recipient.kind) && beside.some(({ kind }) => carriesContext(kind)))
    throw new CustodyError(
      "custody-unsupported",
      `a wrap of kind \`${recipient.kind}\` has no context that \`${key.uri}\` would enforce: give the context up with dropContext`,
    );
  return recipient;
}

/** The keys part after a move: exposures of the wraps that go, come and were opened are noted. Spec: RCP-12, REW-4. */
export function keysAfter({ keys, opened }: WrapMoves, recipients: readonly Recipient[], now: number): Keys {
  return { recipients, exposures: noteExposures(keys.exposures, [...keys.recipients, ...recipients, ...opened], now) };
}
