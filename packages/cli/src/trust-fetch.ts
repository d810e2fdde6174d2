// Fetches a trust policy to look at: bounded in time and size, from no other place than was named.
import { FormatError } from "@writ/core";
import { UsageError } from "./fault.ts";

const maxBytes = 1 << 20;
const timeoutMs = 10_000;

/** True for what is written as a URL. */
export function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

function placeOf(url: string): URL {
  const place = URL.canParse(url) ? new URL(url) : null;
  const local = place?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(place.hostname);
  if (!place || (place.protocol !== "https:" && !local) || place.username !== "" || place.password !== "")
    throw new UsageError(
      `\`${url}\` is no place for a trust policy`,
      "it is fetched over https, without a name or password",
    );
  return place;
}

function unreadable(url: string, why: string): FormatError {
  return new FormatError("input-unreadable", `\`${url}\` can't be read: ${why}`, { path: url, retryable: true });
}

async function answerOf(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(placeOf(url), {
      redirect: "error",
      credentials: "omit",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (fault) {
    if (fault instanceof UsageError) throw fault;
    throw unreadable(url, "no answer, or one that leads elsewhere");
  }
}

/** GET without redirects or credentials, at most 1 MiB in 10 s. Throws UsageError, `input-unreadable`, `input-empty`, `input-too-large`. Spec: CLI-12. */
export async function fetchTrust(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await answerOf(url, signal);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    if (!answer.ok) throw unreadable(url, `the server answered ${answer.status}`);
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes)
        throw new FormatError("input-too-large", `\`${url}\` is longer than ${maxBytes} bytes`, { path: url });
      chunks.push(chunk);
    }
  } catch (fault) {
    throw fault instanceof FormatError ? fault : unreadable(url, "the answer broke off");
  }
  if (size === 0) throw new FormatError("input-empty", `\`${url}\` is empty`, { path: url });
  return Buffer.concat(chunks);
}
