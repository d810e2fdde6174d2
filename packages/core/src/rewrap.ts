// rewrap: other keys under the same artifact. Core, data key, header tag and ciphertext stay; a `rewrap` anchor covers the new keys.
import { decodeKeys, encodeKeys } from "./artifact.ts";
import type { Exposure, Keys } from "./artifact.ts";
import type { Store } from "./attachments.ts";
import { anchorBy } from "./batch-signer.ts";
import { equalBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { contextsOf, resolveRequired } from "./context.ts";
import type { RequiredContext } from "./context.ts";
import { assertWhole, nextStatement, withAnchor } from "./cover.ts";
import type { Covered } from "./cover.ts";
import type { Custody, CustodyCall, Recipient } from "./custody.ts";
import { CustodyError, VerificationError } from "./errors.ts";
import { ingest } from "./ingest.ts";
import { describeKeys } from "./issue.ts";
import type { DescribedKey, RecipientKey } from "./issue.ts";
import { rejectUnknownOptions } from "./options.ts";
import { noteExposures } from "./recipient-kind.ts";
import type { Signer } from "./signer.ts";
import { assertTrust } from "./trust.ts";
import { assertVerified, evidenceStands } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";
import { keysAfter, movedInside, withMoves, wrappedAnew } from "./wraps.ts";
import type { WrapMoves } from "./wraps.ts";

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

/** The recipients of the new keys part. Throws `custody-no-recipient` for a key that no present recipient names. */
async function newRecipients(
  moves: WrapMoves,
  { replace = [], remove = [] }: RewrapOptions,
  targets: readonly DescribedKey[],
): Promise<readonly Recipient[]> {
  const present = moves.keys.recipients;
  const named = [...replace.map(({ from }) => from), ...remove];
  if (new Set(named).size !== named.length) throw new RangeError("a recipient is replaced or removed once");
  for (const uri of named)
    if (!present.some(({ custodyUri }) => custodyUri === uri))
      throw new CustodyError("custody-no-recipient", `the artifact has no recipient \`${uri}\``);
  const recipients: Recipient[] = [];
  for (const recipient of present) {
    const target = targets[replace.findIndex(({ from }) => from === recipient.custodyUri)];
    if (target !== undefined)
      recipients.push((await movedInside(moves, recipient, target)) ?? (await wrappedAnew(moves, target, [recipient])));
    else if (!remove.includes(recipient.custodyUri)) recipients.push(recipient);
  }
  for (const target of targets.slice(replace.length)) recipients.push(await wrappedAnew(moves, target, present));
  if (recipients.length === 0) throw new RangeError("an artifact keeps at least one recipient");
  return recipients;
}

/** Signs the new keys and verifies what came of it, as any reader will. Spec: REW-5. */
async function anchored(artifact: VerifiedArtifact, keys: Keys, options: RewrapOptions, now: number): Promise<Covered> {
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
  const context = contextsOf(core, layers, await resolveRequired(core, options.requiredContext));
  const custodies = [options.custody].flat() as readonly Custody[];
  const { dropContext = false } = options;
  return withMoves({ core, keys, custodies, from: context, to: context, dropContext }, async (moves) => {
    const recipients = await newRecipients(moves, options, await describeKeys(wanted, core.custodyRule, policies));
    return { ...(await anchored(artifact, keysAfter(moves, recipients, now), options, now)), calls: moves.calls };
  });
}
