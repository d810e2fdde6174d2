// rewrap: other keys under the same artifact. Core, data key, header tag and ciphertext stay; a `rewrap` anchor covers the new keys.
import { decodeKeys, encodeKeys } from "./artifact.ts";
import type { Exposure, Keys } from "./artifact.ts";
import type { Store } from "./attachments.ts";
import { anchorBy } from "./batch-signer.ts";
import { equalBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { contentAad } from "./content.ts";
import { contextsOf, resolveRequired } from "./context.ts";
import type { RequiredContext } from "./context.ts";
import { assertWhole, nextStatement, withAnchor } from "./cover.ts";
import type { Covered } from "./cover.ts";
import type { Custody, CustodyCall, EncryptionContext, Recipient } from "./custody.ts";
import { schemeOf } from "./custody-rule.ts";
import { CustodyError, VerificationError } from "./errors.ts";
import { startDecryption } from "./floe.ts";
import { ingest } from "./ingest.ts";
import { describeKeys } from "./issue.ts";
import type { RecipientKey } from "./issue.ts";
import { rejectUnknownOptions } from "./options.ts";
import { unwrapDataKey, wrapTo } from "./recipient.ts";
import { carriesContext, noteExposures } from "./recipient-kind.ts";
import type { Signer } from "./signer.ts";
import { assertTrust } from "./trust.ts";
import { assertVerified, evidenceStands } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";
import { zero } from "#crypto";

/** Options of `rewrap`: which wraps change, who opens the present ones, who signs. */
export interface RewrapOptions {
  /** Wraps to move: each recipient of the key `from` becomes one of the key `to`, which may be the same. */
  readonly replace?: readonly { readonly from: string; readonly to: RecipientKey }[];
  /** Keys to wrap to besides. */
  readonly add?: readonly RecipientKey[];
  /** Key URIs whose recipients go. */
  readonly remove?: readonly string[];
  /** Opens a present wrap where S can't stay in the custody; asked in order. */
  readonly custody: Custody | readonly Custody[];
  /** Of an authority that the artifact's trust policy has with role anchor or issue. */
  readonly signer: Signer;
  /** True where a wrap whose custody enforces the context may be followed by one whose doesn't. */
  readonly dropContext?: boolean;
  /** Context pairs that are authenticated but not stored, or who knows them: asked where the custody rule names some. */
  readonly requiredContext?: RequiredContext;
  /** Where what a compact artifact names comes from, to verify the outcome. */
  readonly store?: Store;
  /** At most 512 characters, in the statement. */
  readonly reason?: string;
  readonly clock?: Clock;
}

/** An artifact with other keys and one anchor more. */
export interface Rewrapped extends Covered {
  /** Custody calls that were made, in order. */
  readonly calls: readonly CustodyCall[];
}

const optionNames: readonly string[] = [
  "replace",
  "add",
  "remove",
  "custody",
  "signer",
  "dropContext",
  "requiredContext",
  "store",
  "reason",
  "clock",
];

type Target = Awaited<ReturnType<typeof describeKeys>>[number];

/** One run: what all of its wraps share. */
interface Run {
  readonly artifact: VerifiedArtifact;
  readonly context: (wrap: { readonly batchId?: string | undefined }) => EncryptionContext;
  readonly custodies: readonly Custody[];
  readonly dropContext: boolean;
  readonly calls: CustodyCall[];
  /** Wraps whose secret passed through this process: what they were exposed to is noted. */
  readonly opened: Pick<Recipient, "kind" | "custodyUri" | "transportGroup">[];
  dataKey: Uint8Array | null;
}

/** The data key, opened once and held against the header tag: what isn't this content's key is not wrapped anew. Spec: REW-2. */
async function dataKeyOf(run: Run): Promise<Uint8Array> {
  if (run.dataKey !== null) return run.dataKey;
  const { core, keys } = run.artifact;
  const { dataKey, recipient, call } = await unwrapDataKey(core, keys.recipients, run.custodies, run.context);
  run.calls.push(call);
  const { kind, custodyUri } = recipient;
  run.opened.push({
    kind,
    custodyUri,
    ...(call.transportGroup === undefined ? {} : { transportGroup: call.transportGroup }),
  });
  const { floeHeader } = core.content;
  if (floeHeader !== undefined) startDecryption(dataKey, contentAad(core.artifactId, core.firstIssuer), floeHeader);
  return (run.dataKey = dataKey.export() as Uint8Array);
}

/** S under another key or context without leaving its custody; null where the custody can't. KEK and AES-KW bytes stay. Spec: REW-1, CUS-6. */
async function moved(run: Run, recipient: Recipient, { custody, key, batchId }: Target): Promise<Recipient | null> {
  const stays =
    recipient.kind === "kms-symmetric" &&
    recipient.batchId === batchId && // a secret that many share doesn't become one artifact's own
    custody.scheme === schemeOf(recipient.custodyUri);
  if (!stays) return null;
  const to = { keyUri: key.uri, context: run.context({ batchId }) };
  const answer = await custody.rewrap(recipient, run.context(recipient), to);
  if (answer === null) return null;
  if (answer.uri !== key.uri)
    throw new CustodyError(
      "custody-key-mismatch",
      `the custody answered for \`${answer.uri}\`, asked was \`${key.uri}\``,
    );
  run.calls.push(answer.call);
  const { alias: _alias, materialId: _materialId, ...same } = recipient;
  return {
    ...same,
    custodyUri: key.uri,
    blob: answer.blob,
    ...(key.alias === undefined ? {} : { alias: key.alias }),
    ...(answer.call.materialId === undefined ? {} : { materialId: answer.call.materialId }),
  };
}

/** A wrap under a fresh S. Spec: REW-2, REW-3. */
async function fresh(run: Run, { custody, key, batchId }: Target, replaced: readonly Recipient[]): Promise<Recipient> {
  const context = run.context({ batchId });
  const { recipient, call } = await wrapTo(custody, key, await dataKeyOf(run), run.artifact.core.artifactId, context);
  run.calls.push(call);
  if (!run.dropContext && !carriesContext(recipient.kind) && replaced.some(({ kind }) => carriesContext(kind)))
    throw new CustodyError(
      "custody-unsupported",
      `a wrap of kind \`${recipient.kind}\` has no context that \`${key.uri}\` would enforce: say dropContext`,
    );
  return recipient;
}

/** The recipients of the new keys part. Throws `custody-no-recipient` for a key that no present recipient names. */
async function newRecipients(
  run: Run,
  { replace = [], remove = [] }: RewrapOptions,
  targets: readonly Target[],
): Promise<readonly Recipient[]> {
  const present = run.artifact.keys.recipients;
  const named = [...replace.map(({ from }) => from), ...remove];
  if (new Set(named).size !== named.length) throw new RangeError("a recipient is replaced or removed once");
  for (const uri of named)
    if (!present.some(({ custodyUri }) => custodyUri === uri))
      throw new CustodyError("custody-no-recipient", `the artifact has no recipient \`${uri}\``);
  const recipients: Recipient[] = [];
  for (const recipient of present) {
    const index = replace.findIndex(({ from }) => from === recipient.custodyUri);
    if (index >= 0)
      recipients.push(
        (await moved(run, recipient, targets[index]!)) ?? (await fresh(run, targets[index]!, [recipient])),
      );
    else if (!remove.includes(recipient.custodyUri)) recipients.push(recipient);
  }
  for (const target of targets.slice(replace.length)) recipients.push(await fresh(run, target, present));
  if (recipients.length === 0) throw new RangeError("an artifact keeps at least one recipient");
  return recipients;
}

/** Signs the new keys and verifies what came of it, as any reader will. Spec: REW-5. */
async function anchored(run: Run, keys: Keys, options: RewrapOptions, now: number): Promise<Covered> {
  const { artifact } = run;
  const { signer, reason, clock, store } = options;
  const keysBytes = encodeKeys(keys);
  decodeKeys(keysBytes); // what no reader takes isn't signed
  const statement = nextStatement(artifact, {
    kind: "rewrap",
    keys: keysBytes,
    suite: signer.suite,
    time: now,
    ...(reason === undefined ? {} : { reason }),
  });
  const { anchor, rootMessage } = await anchorBy(statement, signer);
  const next = withAnchor(artifact, anchor, rootMessage, keysBytes);
  const after = await ingest(next.artifact, artifact.trust, {
    ...(clock ? { clock } : {}),
    ...(store ? { store } : {}),
  });
  assertRewrapOf(artifact, after);
  return next;
}

/** True where each note stands among the others. */
function contains(notes: readonly Exposure[], wanted: readonly Exposure[]): boolean {
  return wanted.every(({ kind, custodyUri, notedAt }) =>
    notes.some((note) => note.kind === kind && note.custodyUri === custodyUri && note.notedAt <= notedAt),
  );
}

/**
 * Throws unless `after` can follow `before` by rewraps and covers: the same core (`anchor-core`), its anchors continued (`anchor-chain`),
 * no exposure dropped (`anchor-keys`). An artifact alone doesn't show what its keys were before; whoever replaces a stored one does. Spec: REW-4.
 */
export function assertRewrapOf(before: VerifiedArtifact, after: VerifiedArtifact): void {
  assertVerified(before);
  assertVerified(after);
  if (before.name !== after.name) throw new VerificationError("anchor-core", "it is another core");
  const continued = before.parts.anchors.every((anchor, index) => {
    const same = after.parts.anchors[index];
    return same !== undefined && equalBytes(anchor, same);
  });
  if (!continued) throw new VerificationError("anchor-chain", "it doesn't continue the anchors before");
  const { exposures, recipients } = before.keys;
  if (!contains(after.keys.exposures, exposures)) throw new VerificationError("anchor-keys", "an exposure was dropped");
  const left = noteExposures(exposures, recipients, Number.MAX_SAFE_INTEGER).slice(exposures.length);
  const changed = !equalBytes(before.parts.keys, after.parts.keys);
  if (changed && !contains(after.keys.exposures, left))
    throw new VerificationError("anchor-keys", "an exposure of a wrap was not noted");
}

/**
 * Gives an artifact other keys. S stays in its custody where that moves it, else the data key passes through this process into a wrap under a
 * fresh one. Throws `custody-rule` for a key outside the rule, `custody-unsupported` for one that would drop the context unasked, `suite-lapsed`,
 * `anchor-chain`, `content-commitment`, CustodyError, and what ingest finds in the outcome. Spec: REW-1 to REW-5.
 */
export async function rewrap(artifact: VerifiedArtifact, options: RewrapOptions): Promise<Rewrapped> {
  assertWhole(artifact);
  rejectUnknownOptions(options, optionNames);
  const now = secondsNow(options.clock);
  const { core, keys, layers, policies, trust } = artifact;
  assertTrust(trust, now);
  if (!evidenceStands(artifact, now))
    throw new VerificationError(
      "suite-lapsed",
      "the evidence has expired: keys are not given to what no longer verifies",
    );
  const wanted = [...(options.replace ?? []).map(({ to }) => to), ...(options.add ?? [])];
  const run: Run = {
    artifact,
    context: contextsOf(core, layers, await resolveRequired(core, options.requiredContext)),
    custodies: [options.custody].flat() as readonly Custody[],
    dropContext: options.dropContext ?? false,
    calls: [],
    opened: [],
    dataKey: null,
  };
  try {
    const recipients = await newRecipients(run, options, await describeKeys(wanted, core.custodyRule, policies));
    const exposures = noteExposures(keys.exposures, [...keys.recipients, ...recipients, ...run.opened], now);
    return { ...(await anchored(run, { recipients, exposures }, options, now)), calls: run.calls };
  } finally {
    if (run.dataKey !== null) zero(run.dataKey);
  }
}
