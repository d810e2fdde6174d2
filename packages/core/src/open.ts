// open: a permit, once, to plaintext that the issuer signed.
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { contentAad } from "./content.ts";
import { decryptContent, readVerified } from "./content-open.ts";
import { decryptRange, verifyRange } from "./content-parts.ts";
import type { DecryptContentOptions, ReleasedSegments } from "./content-open.ts";
import { contentTerms } from "./content-root.ts";
import type { ContentSource, SeekableSource } from "./content-source.ts";
import { zero } from "#crypto";
import { contextsOf, resolveRequired } from "./context.ts";
import type { RequiredContext } from "./context.ts";
import type { Custody, CustodyCall } from "./custody.ts";
import { appendDurably } from "./decide.ts";
import { GovernanceError } from "./errors.ts";
import { rejectUnknownOptions } from "./options.ts";
import { assertInTime, spendPermit } from "./permit.ts";
import type { Permit, PermitMemory } from "./permit.ts";
import { unwrapDataKey } from "./recipient.ts";
import type { HashAlg } from "./suites.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `open` and `openRange`. */
export interface OpenOptions {
  /** Asked in order; each by the scheme of its key URIs. Opaque content needs none: give `[]`. */
  readonly custody: Custody | readonly Custody[];
  /** The stored content; seekable where no leaf list is at hand. */
  readonly content: ContentSource;
  /** Leaf list, where it is a file of its own. */
  readonly leaves?: Uint8Array;
  /** COSE number of a hash: the content is held to its root under it, the core's or that of a rehash. Default: the core's own. */
  readonly contentHash?: HashAlg;
  /** Context pairs that are authenticated but not stored, or who knows them: asked where the custody rule names some. */
  readonly requiredContext?: RequiredContext;
  readonly grantTokens?: readonly string[];
  /** True: a segment is detached when the next is asked for, and memory stays constant. Default: every segment is the caller's own. */
  readonly lend?: boolean;
  readonly clock?: Clock;
}

/** Options of `openRange`: the content is seekable. */
export interface OpenRangeOptions extends Omit<OpenOptions, "content" | "lend"> {
  readonly content: SeekableSource;
}

const rangeOptionNames = ["custody", "content", "leaves", "contentHash", "requiredContext", "grantTokens", "clock"];
const openOptionNames = [...rangeOptionNames, "lend"];

interface Release {
  readonly memory: PermitMemory;
  readonly permit: Permit;
  calls: (CustodyCall & { readonly key: string })[];
  /** Zeroed when reading ends. */
  dataKey: Uint8Array | null;
  releasedBytes: number;
}

function begin(artifact: VerifiedArtifact, permit: Permit, options: OpenOptions, names: readonly string[]): Release {
  assertVerified(artifact);
  rejectUnknownOptions(options, names);
  const now = secondsNow(options.clock);
  return { memory: spendPermit(permit, artifact, now), permit, calls: [], dataKey: null, releasedBytes: 0 };
}

/** What decrypts it besides. */
async function decryptOptions(
  artifact: VerifiedArtifact,
  options: OpenOptions,
  release: Release,
): Promise<DecryptContentOptions> {
  const { core, keys, layers } = artifact;
  const terms = contentTerms(artifact, options); // refused before a custody is asked
  const custodies = Array.isArray(options.custody)
    ? (options.custody as readonly Custody[])
    : [options.custody as Custody];
  const required = core.custodyRule.requiredPairs && (await resolveRequired(core, options.requiredContext));
  const { dataKey, recipient, call } = await unwrapDataKey(
    core,
    keys.recipients,
    custodies,
    contextsOf(core, layers, required),
    options.grantTokens ? { grantTokens: options.grantTokens } : {},
  );
  release.dataKey = dataKey;
  release.calls.push({ ...call, key: recipient.custodyUri });
  return { ...terms, dataKey, aad: contentAad(core.artifactId, core.firstIssuer) };
}

/** The release receipt. Spec: REC-7. */
async function conclude(
  memory: Exclude<PermitMemory, { sink: "none" }>,
  { permit, calls, releasedBytes }: Release,
  exit: string,
): Promise<void> {
  const {
    verdict: _verdict,
    reasons: _reasons,
    missing: _missing,
    obligations: _obligations,
    stateAgesMs: _ages,
    assurances: _assurances,
    approvals: _approvals,
    ...body
  } = memory.body;
  await appendDurably(memory.sink, {
    ...body,
    kind: "release",
    ...(permit.receipt === null ? {} : { decision: permit.receipt }),
    ...(calls.length === 0
      ? {}
      : {
          calls: calls.map(({ operation, key, requestId, materialId, transportGroup }) => ({
            operation,
            key,
            ...(requestId === undefined ? {} : { requestId }),
            ...(materialId === undefined ? {} : { materialId }),
            ...(transportGroup === undefined ? {} : { transportGroup }),
          })),
        }),
    releasedBytes,
    exit,
  });
}

function exitOf(error: unknown): string {
  return error instanceof GovernanceError ? error.code : "failed";
}

async function* release(
  artifact: VerifiedArtifact,
  options: OpenOptions,
  state: Release,
): AsyncGenerator<Uint8Array, void, undefined> {
  let exit = "aborted"; // what it stays where the consumer stops early
  try {
    assertInTime(state.permit, secondsNow(options.clock)); // reading may begin long after `open` was called
    const { content, lend } = options;
    const segments: ReleasedSegments =
      artifact.core.content.format === "opaque"
        ? readVerified(content, { ...contentTerms(artifact, options), lend }) // as stored, for whoever decrypts them: ADO-3
        : decryptContent(content, { ...(await decryptOptions(artifact, options, state)), lend });
    for await (const segment of segments) {
      state.releasedBytes += segment.length;
      yield segment;
    }
    exit = "complete";
  } catch (error) {
    exit = exitOf(error);
    throw error;
  } finally {
    if (state.dataKey !== null) zero(state.dataKey);
    if (state.memory.sink !== "none") await conclude(state.memory, state, exit);
  }
}

/**
 * Spends the permit at once and gives the plaintext in segments, each checked against the signed root and its tag before it is
 * released; of opaque content the stored bytes, verified, for the decryptor they are for. Throws `permit-…` here, CustodyError and `content-…` while reading; a release receipt follows either way.
 * Spec: OPN-1 to OPN-4, PER-2, CON-6, CON-16, ADO-3.
 */
export function open(
  artifact: VerifiedArtifact,
  permit: Permit,
  options: OpenOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  return release(artifact, options, begin(artifact, permit, options, openOptionNames));
}

/** Plaintext bytes `start` to `end` (exclusive), of opaque content stored bytes, reading only the segments they touch. Spends the permit. Spec: OPN-5, ADO-3. */
export async function openRange(
  artifact: VerifiedArtifact,
  permit: Permit,
  range: { readonly start: number; readonly end: number },
  options: OpenRangeOptions,
): Promise<Uint8Array> {
  const state = begin(artifact, permit, options, rangeOptionNames);
  let exit = "aborted";
  try {
    const { start, end } = range;
    const { content } = options;
    const bytes =
      artifact.core.content.format === "opaque"
        ? await verifyRange(content, contentTerms(artifact, options), start, end)
        : await decryptRange(content, await decryptOptions(artifact, options, state), start, end);
    state.releasedBytes = bytes.length;
    exit = "complete";
    return bytes;
  } catch (error) {
    exit = exitOf(error);
    throw error;
  } finally {
    if (state.dataKey !== null) zero(state.dataKey);
    if (state.memory.sink !== "none") await conclude(state.memory, state, exit);
  }
}
