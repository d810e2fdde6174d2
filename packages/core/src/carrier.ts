// Carriers: an envelope (artifact and content in one message) or a sidecar (the bare artifact beside its content). Told apart by first bytes.
import { artifactPrefix } from "./artifact.ts";
import { assertLimit } from "./cbor.ts";
import { FormatError } from "./errors.ts";
import { rejectUnknownOptions } from "./options.ts";

/** First bytes of an envelope: outside ASCII and CBOR arrays, with the line ends that text transports damage. */
const envelopeMagic = Uint8Array.of(0x89, 0x57, 0x52, 0x49, 0x54, 0x0d, 0x0a, 0x01);
const lengthBytes = 4;

/** Most bytes of an envelope's content where the caller says nothing: an envelope is a message format. Spec: CAR-2. */
export const defaultMaxEnvelopeContent: number = 64 << 20;

/** What a carrier holds. `content` is null for a sidecar. */
export interface Carried {
  readonly form: "envelope" | "sidecar";
  readonly artifact: Uint8Array;
  readonly content: Uint8Array | null;
}

function startsWith(input: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => input[index] === byte);
}

/** Magic, length of the artifact (4 bytes, big-endian), artifact, content. Throws `input-too-large`. Spec: CAR-1, CAR-2. */
export function encodeEnvelope(
  artifact: Uint8Array,
  content: Uint8Array,
  maxContentBytes: number = defaultMaxEnvelopeContent,
): Uint8Array {
  if (content.length > maxContentBytes)
    throw new FormatError("input-too-large", `an envelope takes content up to ${maxContentBytes} bytes; use a sidecar`);
  const out = new Uint8Array(envelopeMagic.length + lengthBytes + artifact.length + content.length);
  out.set(envelopeMagic);
  new DataView(out.buffer).setUint32(envelopeMagic.length, artifact.length);
  out.set(artifact, envelopeMagic.length + lengthBytes);
  out.set(content, envelopeMagic.length + lengthBytes + artifact.length);
  return out;
}

/** Tells envelope from sidecar and splits it; views alias `input`. Throws `input-empty`, `format-unknown`, `structure`, `input-too-large`. Spec: CAR-1, CAR-2, CAR-3. */
export function splitCarrier(
  input: Uint8Array,
  limits: { readonly maxArtifactBytes?: number; readonly maxContentBytes?: number } = {},
): Carried {
  rejectUnknownOptions(limits, ["maxArtifactBytes", "maxContentBytes"]);
  const { maxArtifactBytes = 1 << 20, maxContentBytes = defaultMaxEnvelopeContent } = limits;
  assertLimit(maxArtifactBytes, "maxArtifactBytes");
  assertLimit(maxContentBytes, "maxContentBytes");
  const assertFits = (length: number): void => {
    if (length > maxArtifactBytes)
      throw new FormatError("input-too-large", `an artifact of ${length} bytes is not read`);
  };
  if (input.length === 0) throw new FormatError("input-empty", "the input is empty");
  if (startsWith(input, artifactPrefix)) {
    assertFits(input.length);
    return { form: "sidecar", artifact: input, content: null };
  }
  if (!startsWith(input, envelopeMagic))
    throw new FormatError("format-unknown", "the input is neither an artifact nor an envelope");
  const start = envelopeMagic.length + lengthBytes;
  if (input.length < start) throw new FormatError("structure", "the envelope ends before its artifact");
  const length = new DataView(input.buffer, input.byteOffset).getUint32(envelopeMagic.length);
  assertFits(length);
  if (start + length > input.length) throw new FormatError("structure", "the envelope ends inside its artifact");
  const content = input.subarray(start + length);
  if (content.length > maxContentBytes)
    throw new FormatError("input-too-large", `content of ${content.length} bytes is not read from an envelope`);
  return { form: "envelope", artifact: input.subarray(start, start + length), content };
}
