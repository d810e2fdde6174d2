// The reference: a carrier for places where an artifact has no room, such as headers of HTTP and Kafka and metadata of S3. It says which
// artifact, and nothing else: no address, so that no sender decides where a reader looks.
import { verifyContent } from "./content-open.ts";
import type { ContentSource } from "./content-source.ts";
import { FormatError } from "./errors.ts";
import { rehashedRoots } from "./evidence.ts";
import { ingest } from "./ingest.ts";
import type { IngestOptions } from "./ingest.ts";
import { rejectUnknownOptions } from "./options.ts";
import { isDigest } from "./shape.ts";
import type { Digest } from "./shape.ts";
import type { TrustPolicy } from "./trust.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

const scheme = "writ:";
const version = "1:";
const maxBytes = 200;

/** Where a reader's artifacts are kept: its own configuration, never what a message says. */
export interface ArtifactStore {
  /** The bare artifact, as it is today, whose core has this name; undefined where there is none. What it gives is verified. */
  get(core: Digest): Uint8Array | undefined | Promise<Uint8Array | undefined>;
}

/** Options of `ingestReferenced`: those of `ingest`, with content that isn't optional. */
export interface IngestReferencedOptions extends Omit<IngestOptions, "content"> {
  /** What came with the reference, as stored. */
  readonly content: ContentSource;
  readonly artifacts: ArtifactStore;
}

/**
 * The reference to an artifact, 110 characters, to stand beside `content`, which is read once and must be what the artifact was sealed
 * over: a reference never stands beside plaintext. Covers, rehashes and rewraps leave it as it is; a revision has another. Throws TypeError
 * for what ingest didn't make, `content-size`, `content-header`, `content-root`. Spec: CAR-4, CAR-5.
 */
export async function formatReference(artifact: VerifiedArtifact, content: ContentSource): Promise<string> {
  assertVerified(artifact);
  const { core, evidence, name } = artifact;
  await verifyContent(content, { content: core.content, roots: rehashedRoots(evidence.anchors) });
  return `${scheme}${version}${name}`;
}

/**
 * The name of the core that a reference says; nothing is known of it yet. Throws `input-empty`, `input-too-large`, `format-unknown`,
 * `version-unknown`, `structure`. Spec: CAR-4.
 */
export function parseReference(text: string): Digest {
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes)
    throw new FormatError("input-too-large", `a reference has at most ${maxBytes} bytes`);
  if (text === "") throw new FormatError("input-empty", "the reference is empty");
  if (!text.startsWith(scheme)) throw new FormatError("format-unknown", "the text is not a reference");
  const rest = text.slice(scheme.length);
  if (!rest.startsWith(version))
    throw new FormatError("version-unknown", "the reference is of a version that is not known here");
  const name = rest.slice(version.length);
  if (!isDigest(name) || !name.startsWith("sha384:"))
    throw new FormatError("structure", "the reference does not end with the name of a core");
  return name;
}

/**
 * Fetches the artifact that a reference names from the reader's own store and ingests it with the content that came with the reference;
 * what carries no reference passes null or undefined. Whatever is missing or doesn't belong together is refused, never taken as ungoverned
 * and so allowed. Throws `input-empty` without reference or content, `attachment-missing` where the store has no such artifact or gives
 * another, as `parseReference` and as `ingest`; what the store throws. Spec: CAR-4, CAR-5.
 */
export async function ingestReferenced(
  reference: string | null | undefined,
  trust: TrustPolicy,
  options: IngestReferencedOptions,
): Promise<VerifiedArtifact> {
  const { artifacts, ...others } = options;
  rejectUnknownOptions(others, ["content", "store", "evaluator", "clock", "maxBytes", "threads"]);
  if (reference === null || reference === undefined)
    throw new FormatError("input-empty", "no reference came with the content: it is not governed");
  const name = parseReference(reference);
  if ((others.content ?? null) === null)
    throw new FormatError("input-empty", "no content came with the reference: it governs nothing alone");
  const missing = (what: string): never => {
    throw new FormatError("attachment-missing", `${what} for artifact \`${name}\``);
  };
  const input = (await artifacts.get(name)) ?? missing("the store has nothing");
  const artifact = await ingest(input, trust, others);
  // the content alone doesn't tell: another revision, perhaps a laxer one, is over the same
  return artifact.name === name ? artifact : missing("the store has another");
}
