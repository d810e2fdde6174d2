// The forms in which a function may get plaintext, each lent: when the function has ended it is taken back.
import { FormatError, parseJson } from "@writ/core";
import type { JsonValue } from "@writ/core";

/** What a function is given, by the name of the form. */
export interface Forms {
  readonly bytes: Uint8Array;
  /** Segments in order, each its reader's own until the next is asked for. Any size. */
  readonly stream: AsyncIterable<Uint8Array>;
  readonly json: JsonValue;
}

/** Plaintext for one use. */
export interface Lent<T> {
  readonly value: T;
  /** Takes it back: bytes are zeroed, streams end. Throws what reading a stream threw, even where the function caught it. Spec: GOV-2. */
  end(): Promise<void>;
}

/** Fills one buffer of its own and zeroes what it was filled from. */
async function gather(segments: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const segment of segments) parts.push(segment);
    const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  } finally {
    for (const part of parts) part.fill(0);
  }
}

async function lendBytes(segments: AsyncIterable<Uint8Array>): Promise<Lent<Uint8Array>> {
  const value = await gather(segments);
  return {
    value,
    end: () => {
      value.fill(0);
      return Promise.resolve();
    },
  };
}

/** Throws `json-invalid`, `json-duplicate-member`; messages hold nothing of the content. Spec: GOV-4. */
async function lendJson(segments: AsyncIterable<Uint8Array>): Promise<Lent<JsonValue>> {
  const bytes = await gather(segments);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { value: parseJson(text, Math.max(1, text.length)) as JsonValue, end: () => Promise.resolve() };
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError("json-invalid", "the content is not UTF-8 text");
  } finally {
    bytes.fill(0);
  }
}

function lendStream(segments: AsyncIterable<Uint8Array>): Lent<AsyncIterable<Uint8Array>> {
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  async function* lent(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const segment of segments) {
        try {
          if (ended) return; // it was asked for in time and came too late
          yield segment;
        } finally {
          segment.fill(0);
        }
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  const value = lent();
  return {
    value,
    end: async () => {
      ended = true;
      await value.return(undefined);
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** Lends plaintext in a form. `segments` are the lender's own to zero. Spec: GOV-2, GOV-4. */
export const lenders: {
  readonly [F in keyof Forms]: (segments: AsyncIterable<Uint8Array>) => Lent<Forms[F]> | Promise<Lent<Forms[F]>>;
} = { bytes: lendBytes, stream: lendStream, json: lendJson };
