// Recipients: the data key wrapped under a key-encryption key that is derived from a secret S of a custody.
import { encodeCbor, equalBytes } from "./cbor.ts";
import { aesKwUnwrap, aesKwWrap, createSecretKey, hkdfSha384, isSecretKey, zero } from "#crypto";
import type { KeyObject } from "#crypto";
import type { Core, CustodyRule, Layer } from "./artifact.ts";
import { checkContextPairs, contextDigest, contextsOf } from "./context.ts";
import type {
  Custody,
  CustodyCall,
  CustodyCallOptions,
  EncryptionContext,
  KeyDescription,
  Recipient,
} from "./custody.ts";
import { checkCustodyRule, checkKeyOrigin, hasReplicas, schemeOf } from "./custody-rule.ts";
import { CustodyError, FormatError, VerificationError } from "./errors.ts";
import { carriesContext } from "./recipient-kind.ts";

/** Length of S; a shorter one could be guessed. Spec: RCP-1. */
const secretBytes = 32;

/** KEK = HKDF-SHA-384(S, empty salt, info = CBOR `["writ/1 wrap", artifact id, bound]`). Spec: RCP-2. */
function keyEncryptionKey(secret: KeyObject, artifactId: Uint8Array, bound: Uint8Array | null): KeyObject {
  const kek = hkdfSha384(secret, encodeCbor(["writ/1 wrap", artifactId, bound]), 32);
  const key = createSecretKey(kek);
  zero(kek);
  return key;
}

/** Wraps a 32-byte data key to a key of a custody. `keyUri` is pinned. Throws CustodyError. Spec: RCP-1, RCP-2. */
export async function wrapTo(
  custody: Custody,
  key: KeyDescription,
  dataKey: Uint8Array,
  artifactId: Uint8Array,
  context: EncryptionContext,
  options?: CustodyCallOptions,
): Promise<{ recipient: Recipient; call: CustodyCall }> {
  const { kind = "kms-symmetric", secret, blob, uri, call } = await custody.generate(key.uri, context, options);
  if (uri !== key.uri)
    throw new CustodyError("custody-key-mismatch", `the custody answered for \`${uri}\`, asked was \`${key.uri}\``);
  if (!isSecretKey(secret, secretBytes))
    throw new CustodyError("custody-unsupported", `the custody gave no secret of ${secretBytes} bytes for \`${uri}\``);
  const bound = carriesContext(kind) ? null : contextDigest(context);
  const batchId = context.get("writ-batch");
  const recipient: Recipient = {
    kind,
    custodyUri: uri,
    blob,
    wrappedKey: aesKwWrap(keyEncryptionKey(secret, artifactId, bound), dataKey),
    bound,
    ...(batchId === undefined ? {} : { batchId }),
    ...(key.alias === undefined ? {} : { alias: key.alias }),
    ...(call.materialId === undefined ? {} : { materialId: call.materialId }),
    ...(call.transportGroup === undefined ? {} : { transportGroup: call.transportGroup }),
  };
  return { recipient, call };
}

/** Throws `custody-context` for a wrap that is bound to another context: no custody would notice. Spec: RCP-2. */
function assertBound({ custodyUri, bound }: Recipient, context: EncryptionContext): void {
  if (bound !== null && !equalBytes(bound, contextDigest(context)))
    throw new CustodyError("custody-context", `the wrap of \`${custodyUri}\` is bound to another context`);
}

/**
 * What ingest holds recipients to: within the custody rule, no shared secret on data above internal (`custody-rule`), bound to this
 * artifact's context where all of it is known (`context-invalid`). Spec: RCP-2 to RCP-5, RCP-13.
 */
export function checkRecipients(
  core: Core,
  recipients: readonly Recipient[],
  layers: readonly Layer[],
  classification: string,
): void {
  const { contextPairs = new Map(), requiredPairs } = core.custodyRule;
  checkContextPairs(contextPairs, requiredPairs);
  const context = contextsOf(core, layers, undefined);
  for (const recipient of recipients) {
    const { custodyUri, batchId, bound } = recipient;
    checkCustodyRule(core.custodyRule, custodyUri);
    if (batchId !== undefined) assertSharable(custodyUri, [classification]);
    if (bound !== null && !core.custodyRule.requiredPairs && !equalBytes(bound, contextDigest(context(recipient))))
      throw new FormatError("context-invalid", `the wrap of \`${custodyUri}\` is bound to another context`);
  }
}

const unshared = (classification: string): boolean =>
  classification === "confidential" || classification === "restricted";

/** True where these policies let many artifacts share a secret. Spec: RCP-13. */
export function mayShare(policies: readonly { readonly classification: string }[]): boolean {
  return !policies.some(({ classification }) => unshared(classification));
}

/** Throws `custody-rule` where a secret that many artifacts share would protect data above internal. Spec: RCP-13. */
export function assertSharable(custodyUri: string, classifications: readonly string[]): void {
  const above = classifications.find(unshared);
  if (above !== undefined)
    throw new VerificationError(
      "custody-rule",
      `\`${custodyUri}\` wraps a shared secret, which ${above} data may not have`,
    );
}

/** Throws `custody-rule` where the key that the custody knows under this name lies outside the rule. Spec: RCP-5. */
async function checkKey(rule: CustodyRule, custody: Custody, { custodyUri }: Recipient): Promise<void> {
  const key = await custody.describe(custodyUri);
  checkCustodyRule(rule, key.uri); // a replica in another Region is another place
  checkKeyOrigin(rule, key);
}

/** A data key, and how it was had. */
interface Unwrapped {
  /** 32 bytes that whoever asked zeroes: a key object would live until the whole heap is collected. */
  readonly dataKey: Uint8Array;
  readonly recipient: Recipient;
  readonly call: CustodyCall;
}

/** The data key under a secret that its custody gave. */
function dataKeyOf(secret: KeyObject, artifactId: Uint8Array, { bound, wrappedKey }: Recipient): Uint8Array {
  if (!isSecretKey(secret, secretBytes))
    throw new CustodyError("unwrap-failed", "the custody gave no secret of the length that recipients have");
  return aesKwUnwrap(keyEncryptionKey(secret, artifactId, bound), wrappedKey);
}

/**
 * The data key of the first recipient that one of the custodies opens. Throws `custody-no-recipient` where none holds a key,
 * `custody-rule`, `unwrap-failed` and what the custody throws. Spec: RCP-5, RCP-6.
 */
export async function unwrapDataKey(
  core: Core,
  recipients: readonly Recipient[],
  custodies: readonly Custody[],
  context: (recipient: Recipient) => EncryptionContext,
  options?: CustodyCallOptions,
): Promise<Unwrapped> {
  const { custodyRule: rule, artifactId } = core;
  for (const { custodyUri } of recipients) checkCustodyRule(rule, custodyUri);
  let failure: CustodyError | undefined;
  for (const recipient of recipients) {
    const scheme = schemeOf(recipient.custodyUri);
    for (const custody of custodies) {
      if (custody.scheme !== scheme) continue;
      try {
        const expected = context(recipient);
        assertBound(recipient, expected);
        if (rule.origins || rule.managers || (rule.regions && hasReplicas(recipient.custodyUri)))
          await checkKey(rule, custody, recipient);
        const opened = await custody.unwrap(recipient, expected, options);
        if (opened) return { dataKey: dataKeyOf(opened.secret, artifactId, recipient), recipient, call: opened.call };
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        failure ??= error; // another recipient may still open; the first failure is the one to tell
      }
    }
  }
  if (failure !== undefined) throw failure;
  throw new CustodyError(
    "custody-no-recipient",
    `none of the custodies given holds a key of this artifact: ${recipients.map(({ custodyUri }) => `\`${custodyUri}\``).join(", ") || "it has no recipients"}`,
  );
}
