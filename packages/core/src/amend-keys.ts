// The keys of a revision: its policies stand in the encryption context, so every wrap moves to a new one. Content is not touched.
import type { Core, Keys, Layer } from "./artifact.ts";
import { contextsOf } from "./context.ts";
import type { Custody, CustodyCall, EncryptionContext, Recipient } from "./custody.ts";
import { checkCustodyRule, schemeOf } from "./custody-rule.ts";
import { CustodyError } from "./errors.ts";
import { describeKeys } from "./issue.ts";
import type { DescribedKey, RecipientKey } from "./issue.ts";
import type { PolicyMessage } from "./policy.ts";
import { mayShare } from "./recipient.ts";
import { carriesContext } from "./recipient-kind.ts";
import type { VerifiedArtifact } from "./verified.ts";
import { keysAfter, movedInside, withMoves, wrappedAnew } from "./wraps.ts";
import type { WrapMoves } from "./wraps.ts";

/** What the next revision is, as far as its keys go. */
export interface NextRevision {
  readonly core: Pick<Core, "artifactId" | "custodyRule">;
  readonly layers: readonly Layer[];
  /** Those in force from now on. */
  readonly policies: readonly PolicyMessage[];
  /** Keys in place of the present ones; default: the same keys. */
  readonly recipients: readonly RecipientKey[] | undefined;
  readonly custodies: readonly Custody[];
  readonly required: ReadonlyMap<string, string> | undefined;
  /** True where the new keys may enforce no context though a present one does. */
  readonly dropContext: boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

function sameContext(a: EncryptionContext, b: EncryptionContext): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

function custodyFor(custodies: readonly Custody[], custodyUri: string): Custody {
  const custody = custodies.find(({ scheme }) => scheme === schemeOf(custodyUri));
  if (custody) return custody;
  throw new CustodyError(
    "custody-no-recipient",
    `no custody was given for \`${custodyUri}\`: without it this wrap can't follow the new policies`,
  );
}

/** A present wrap under the new context: as it is where that stays, else by the same key. */
async function follow(
  moves: WrapMoves,
  recipient: Recipient,
  { core, policies, custodies }: NextRevision,
): Promise<Recipient> {
  const { custodyUri: keyUri, batchId } = recipient;
  checkCustodyRule(core.custodyRule, keyUri);
  const own = batchId !== undefined && !mayShare(policies); // RCP-13: a shared secret gives way to its own
  if (!own && sameContext(moves.from(recipient), moves.to(recipient))) return recipient;
  const named = { custody: custodyFor(custodies, keyUri), keyUri };
  const [target] = await describeKeys([named], core.custodyRule, policies);
  const { key } = target!;
  const alias = recipient.alias === undefined ? {} : { alias: recipient.alias }; // the key is the same, so is what it was called
  const kept = { ...target!, key: { ...key, ...alias }, batchId };
  return (own ? null : await movedInside(moves, recipient, kept)) ?? (await wrappedAnew(moves, target!, [recipient]));
}

/** The present wraps that a new one takes the place of: none where it was there before, under the same key and with no context enforced. Spec: AMD-3. */
function besides(present: readonly Recipient[], { key }: DescribedKey): readonly Recipient[] {
  return present.some(({ custodyUri, kind }) => custodyUri === key.uri && !carriesContext(kind)) ? [] : present;
}

/**
 * The keys of an artifact's next revision, with the custody calls that this took. Throws CustodyError, `content-commitment`, `custody-rule`,
 * `context-invalid`. Spec: AMD-3, REW-3, RCP-3 to RCP-5, RCP-8, RCP-12, RCP-13.
 */
export async function amendedKeys(
  { core, keys, layers }: VerifiedArtifact,
  next: NextRevision,
): Promise<{ readonly keys: Keys; readonly calls: readonly CustodyCall[] }> {
  const { custodies, required, policies, now, dropContext } = next;
  const from = contextsOf(core, layers, required);
  const to = contextsOf(next.core, next.layers, required);
  return withMoves({ core, keys, custodies, from, to, dropContext }, async (moves) => {
    const recipients: Recipient[] = [];
    if (next.recipients) {
      for (const key of await describeKeys(next.recipients, next.core.custodyRule, policies))
        recipients.push(await wrappedAnew(moves, key, besides(keys.recipients, key)));
    } else for (const recipient of keys.recipients) recipients.push(await follow(moves, recipient, next));
    return { keys: keysAfter(moves, recipients, now), calls: moves.calls };
  });
}
