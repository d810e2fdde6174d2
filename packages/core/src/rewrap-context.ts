// The wraps of a revision: its policies stand in the encryption context, so every wrap moves to a new one. Content is not touched.
import { zero } from "#crypto";
import type { Core, Keys, Layer } from "./artifact.ts";
import { contextsOf } from "./context.ts";
import type { Custody, CustodyCall, EncryptionContext, KeyDescription, Recipient } from "./custody.ts";
import { checkCustodyRule, checkKeyOrigin, schemeOf } from "./custody-rule.ts";
import { CustodyError } from "./errors.ts";
import { describeKeys } from "./issue.ts";
import type { RecipientKey } from "./issue.ts";
import type { PolicyMessage } from "./policy.ts";
import { mayShare, unwrapDataKey, wrapTo } from "./recipient.ts";
import { carriesContext } from "./recipient-kind.ts";

/** Core and layers of one revision. */
interface Revision {
  readonly core: Core;
  readonly layers: readonly Layer[];
}

/** What wraps are moved with. */
export interface MoveOptions {
  readonly custodies: readonly Custody[];
  /** Keys in place of the present ones; default: the same keys. */
  readonly recipients?: readonly RecipientKey[] | undefined;
  readonly required?: ReadonlyMap<string, string> | undefined;
  /** Those in force from now on. */
  readonly policies: readonly PolicyMessage[];
}

/** Wraps under the new context, with the custody calls that this took. */
export interface Moved {
  readonly recipients: readonly Recipient[];
  readonly calls: readonly CustodyCall[];
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

/** Throws `custody-key-state`, `custody-unsupported`, `custody-rule`. Spec: RCP-5, RCP-8. */
async function describeWithin({ core }: Revision, custody: Custody, keyUri: string): Promise<KeyDescription> {
  const key = await custody.describe(keyUri);
  if (key.state !== "enabled") throw new CustodyError("custody-key-state", `key \`${key.uri}\` is ${key.state}`);
  if (key.usage !== "encrypt")
    throw new CustodyError("custody-unsupported", `key \`${key.uri}\` is for ${key.usage}, not for encryption`);
  checkCustodyRule(core.custodyRule, key.uri);
  checkKeyOrigin(core.custodyRule, key);
  return key;
}

/** Inside the custody, where it carries the context and can: S stays, and with it the wrapped data key. Null elsewhere. */
async function moveInside(
  recipient: Recipient,
  custody: Custody,
  from: EncryptionContext,
  to: EncryptionContext,
): Promise<{ recipient: Recipient; call: CustodyCall } | null> {
  if (!carriesContext(recipient.kind)) return null;
  const keyUri = recipient.custodyUri;
  const moved = await custody.rewrap(recipient, from, { keyUri, context: to });
  if (!moved) return null;
  if (moved.uri !== keyUri)
    throw new CustodyError(
      "custody-key-mismatch",
      `the custody answered for \`${moved.uri}\`, asked was \`${keyUri}\``,
    );
  const { materialId: _old, ...kept } = recipient;
  const { materialId } = moved.call;
  return {
    recipient: { ...kept, blob: moved.blob, ...(materialId === undefined ? {} : { materialId }) },
    call: moved.call,
  };
}

/** Moves the wraps of a revision to the next one's context. Throws CustodyError, `custody-rule`, `context-invalid`. Spec: AMD-3, RCP-3 to RCP-5, RCP-8. */
export async function moveWraps(
  keys: Keys,
  before: Revision,
  after: Revision,
  { custodies, recipients, required, policies }: MoveOptions,
): Promise<Moved> {
  const from = contextsOf(before.core, before.layers, required);
  const to = contextsOf(after.core, after.layers, required);
  const calls: CustodyCall[] = [];
  let dataKey: Uint8Array | undefined;
  const through = async (custody: Custody, key: KeyDescription, batchId: string | undefined): Promise<Recipient> => {
    if (!dataKey) {
      const unwrapped = await unwrapDataKey(before.core, keys.recipients, custodies, from);
      calls.push(unwrapped.call);
      dataKey = new Uint8Array(unwrapped.dataKey.export());
    }
    const wrapped = await wrapTo(custody, key, dataKey, after.core.artifactId, to({ batchId }));
    calls.push(wrapped.call);
    return wrapped.recipient;
  };
  const moved: Recipient[] = [];
  try {
    if (recipients) {
      for (const { custody, key, batchId } of await describeKeys(recipients, after.core.custodyRule, policies))
        moved.push(await through(custody, key, batchId));
      return { recipients: moved, calls };
    }
    for (const recipient of keys.recipients) {
      checkCustodyRule(after.core.custodyRule, recipient.custodyUri);
      const own = recipient.batchId !== undefined && !mayShare(policies); // RCP-13: a shared secret gives way to its own
      if (!own && sameContext(from(recipient), to(recipient))) {
        moved.push(recipient);
        continue;
      }
      const custody = custodyFor(custodies, recipient.custodyUri);
      const key = await describeWithin(after, custody, recipient.custodyUri);
      const inside = own ? null : await moveInside(recipient, custody, from(recipient), to(recipient));
      if (inside) calls.push(inside.call);
      moved.push(inside ? inside.recipient : await through(custody, key, undefined));
    }
    return { recipients: moved, calls };
  } finally {
    if (dataKey) zero(dataKey);
  }
}
