// What seal and derive share: content is encrypted, its key wrapped, the core signed by the first anchor.
import { makeStatement } from "./anchor.ts";
import type { Core, ContentReference, CustodyRule, Keys, Layer, Lineage, StatusEntry } from "./artifact.ts";
import {
  decodeCore,
  decodeKeys,
  encodeArtifact,
  encodeCore,
  encodeKeys,
  layersShape,
  maxInlineLayers,
  maxInlineParents,
  nameOf,
  parentsShape,
} from "./artifact.ts";
import { encodeAttachment } from "./attachments.ts";
import { anchorBy } from "./batch-signer.ts";
import { encodeCbor } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import { contentAad, encryptContent } from "./content.ts";
import { assertNamedPairs, checkContextPairs, encryptionContext } from "./context.ts";
import { createSecretKey, randomBytes, zero } from "#crypto";
import type { Custody, CustodyCall, KeyDescription, Recipient } from "./custody.ts";
import { CustodyError, PolicyError } from "./errors.ts";
import type { PolicyMessage } from "./policy.ts";
import { checkCustodyRule, checkKeyOrigin, locationOf, schemeOf } from "./custody-rule.ts";
import { wrapTo } from "./recipient.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { HashAlg } from "./suites.ts";

/** A key that the data key is wrapped to. */
export interface RecipientKey {
  readonly custody: Custody;
  /** Pinned id or alias; an alias is resolved and recorded. */
  readonly keyUri: string;
}

/** What becomes an artifact. */
export interface IssueInput {
  readonly artifactId: Uint8Array;
  readonly issuer: string;
  readonly signer: Signer;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  readonly hashAlg: HashAlg;
  readonly mediaType?: string | undefined;
  readonly layers: readonly Layer[];
  readonly policies: readonly PolicyMessage[];
  /** Attachments beside policies, leaf list and long lists. */
  readonly attachments: readonly Uint8Array[];
  readonly recipients: readonly RecipientKey[];
  readonly custodyRule?: CustodyRule | undefined;
  readonly required?: ReadonlyMap<string, string> | undefined;
  readonly lineage: Lineage;
  readonly status: readonly StatusEntry[];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A fresh artifact. */
export interface Issued {
  /** The bare artifact, portable: policies and leaf list attached. */
  readonly artifact: Uint8Array;
  /** Name of its core. */
  readonly name: Digest;
  readonly artifactId: Uint8Array;
  readonly content: ContentReference;
  /** Leaf list for `x.sealed.leaves`; null where it is attached or not needed. */
  readonly leaves: Uint8Array | null;
  /** Custody calls that were made, in order. */
  readonly calls: readonly CustodyCall[];
}

/** Largest leaf list that is attached. Spec: CON-14. */
const maxAttachedLeaves = 256 << 10;

/** Resolves aliases and checks state, usage and the custody rule; a customer-managed key from confidential on. Spec: CUS-2, RCP-5, RCP-8. */
async function describeKeys(
  recipients: readonly RecipientKey[],
  rule: CustodyRule | undefined,
  policies: readonly PolicyMessage[],
): Promise<readonly { custody: Custody; key: KeyDescription }[]> {
  const sensitive = policies.some(
    ({ classification }) => classification === "confidential" || classification === "restricted",
  );
  return Promise.all(
    recipients.map(async ({ custody, keyUri }) => {
      const key = await custody.describe(keyUri);
      if (key.state !== "enabled") throw new CustodyError("custody-key-state", `key \`${key.uri}\` is ${key.state}`);
      if (key.usage !== "encrypt")
        throw new CustodyError("custody-unsupported", `key \`${key.uri}\` is for ${key.usage}, not for encryption`);
      if (sensitive && key.manager !== "customer")
        throw new CustodyError(
          "custody-unsupported",
          `key \`${key.uri}\` is not customer-managed, as confidential data needs`,
        );
      if (rule) {
        checkCustodyRule(rule, key.uri);
        checkKeyOrigin(rule, key);
      }
      return { custody, key };
    }),
  );
}

/** Without a rule of the caller's, keys may not leave the custodies and accounts they start in. Spec: RCP-9. */
function defaultRule(keys: readonly { key: KeyDescription }[]): CustodyRule {
  const accounts = keys.map(({ key }) => locationOf(key.uri).account);
  const known = accounts.filter((account) => account !== undefined);
  return {
    custodies: [...new Set(keys.map(({ key }) => schemeOf(key.uri)))],
    ...(known.length === accounts.length && known.length > 0 ? { accounts: [...new Set(known)] } : {}),
  };
}

/** A list in the core, or its name with the attachment that holds it. Spec: ART-9. */
function inlineOrLong<T>(
  items: readonly T[],
  maxInline: number,
  shape: Shape<readonly T[]>,
): { value: readonly T[] | Digest; attachments: Uint8Array[] } {
  const entries = shape.write(items) as readonly CborValue[]; // a set: entries that were given twice count once
  if (entries.length <= maxInline) return { value: items, attachments: [] };
  const list = encodeCbor(entries);
  return { value: nameOf(list), attachments: [encodeAttachment("list", list)] };
}

/** Encrypts, wraps, signs. Nothing is returned unless everything worked; what `write` took is then the caller's to discard. */
export async function issue(input: IssueInput): Promise<Issued> {
  if (input.recipients.length === 0) throw new RangeError("an artifact has at least one recipient");
  if (input.policies.every(({ document }) => document["kind"] !== "grant"))
    throw new PolicyError("empty-meet", "no policy grants anything: an artifact has at least one grant");
  const contextPairs = input.custodyRule?.contextPairs ?? new Map<string, string>();
  checkContextPairs(contextPairs);
  const keys = await describeKeys(input.recipients, input.custodyRule, input.policies);
  const custodyRule = input.custodyRule ?? defaultRule(keys);
  assertNamedPairs(input.required, custodyRule.requiredPairs);
  const context = encryptionContext({
    artifactId: input.artifactId,
    policies: input.layers.map(({ policy }) => policy),
    pairs: contextPairs,
    requiredNames: custodyRule.requiredPairs,
    required: input.required,
  });
  const dataKeyBytes = randomBytes(32);
  try {
    const wraps = await Promise.all(
      keys.map(({ custody, key }) => wrapTo(custody, key, dataKeyBytes, input.artifactId, context)),
    );
    const encrypted = await encryptContent(input.content, {
      dataKey: createSecretKey(dataKeyBytes),
      aad: contentAad(input.artifactId, input.issuer),
      hashAlg: input.hashAlg,
      write: input.write,
    });
    const content: ContentReference = {
      format: "floe",
      sizeBytes: encrypted.sizeBytes,
      root: encrypted.root,
      floeHeader: encrypted.header,
      ...(input.mediaType === undefined ? {} : { mediaType: input.mediaType }),
    };
    const attachLeaves = encrypted.leaves.length <= maxAttachedLeaves;
    const signed = await signFirst(
      input,
      custodyRule,
      content,
      wraps.map(({ recipient }) => recipient),
      attachLeaves ? [encodeAttachment("leaves", encrypted.leaves)] : [],
    );
    return {
      ...signed,
      artifactId: input.artifactId,
      content,
      leaves: attachLeaves ? null : encrypted.leaves,
      calls: wraps.map(({ call }) => call),
    };
  } finally {
    zero(dataKeyBytes);
  }
}

async function signFirst(
  input: IssueInput,
  custodyRule: CustodyRule,
  content: ContentReference,
  recipients: readonly Recipient[],
  leafAttachments: readonly Uint8Array[],
): Promise<{ artifact: Uint8Array; name: Digest }> {
  const layers = inlineOrLong(input.layers, maxInlineLayers, layersShape);
  const parents = inlineOrLong(
    typeof input.lineage.parents === "string" ? [] : input.lineage.parents,
    maxInlineParents,
    parentsShape,
  );
  const core: Core = {
    artifactId: input.artifactId,
    revision: 0,
    issuedAt: input.now,
    issuer: input.issuer,
    firstIssuer: input.issuer,
    content,
    layers: layers.value,
    custodyRule,
    lineage: { ...input.lineage, parents: parents.value },
    status: input.status,
  };
  const coreBytes = encodeCore(core);
  const keys: Keys = { recipients, exposures: [] };
  const keysBytes = encodeKeys(keys);
  decodeCore(coreBytes); // what no reader takes isn't signed
  decodeKeys(keysBytes);
  const statement = makeStatement(
    { core: coreBytes, keys: keysBytes, artifactId: core.artifactId, contentRoot: content.root },
    [],
    { kind: "seal", suite: input.signer.suite, issuedAt: input.now },
  );
  const { anchor, rootMessage } = await anchorBy(statement, input.signer);
  const attachments = [
    ...new Map(input.policies.map((policy) => [policy.digest, encodeAttachment("policy", policy.bytes)])).values(),
    ...layers.attachments,
    ...parents.attachments,
    ...leafAttachments,
    ...(rootMessage === null ? [] : [encodeAttachment("root", rootMessage)]),
    ...input.attachments,
  ];
  return {
    artifact: encodeArtifact({ core: coreBytes, keys: keysBytes, anchors: [anchor], attachments }),
    name: nameOf(coreBytes),
  };
}
