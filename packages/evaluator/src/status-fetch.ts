// Fetches tokens over HTTPS: bounded in time and size, to no other place than was asked for.

const maxBytes = 6 << 20;

/** Options of `httpsTokens`. */
export interface HttpsTokensOptions {
  /** Until the whole answer is there; default 5 s. */
  readonly timeoutMs?: number;
  /** Also from `http:` on this machine, for tests and development. */
  readonly loopback?: boolean;
}

function assertPlace(uri: string, loopback: boolean): void {
  const { protocol, hostname, username, password } = new URL(uri);
  const local = loopback && protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
  if ((protocol !== "https:" && !local) || username !== "" || password !== "")
    throw new TypeError(`tokens are fetched over https, not from \`${protocol}//${hostname}\``);
}

async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError("the answer is larger than a token may be");
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

/** A `fetch` for sources: GET without redirects or credentials, at most 6 MiB. It throws where there is no token, which the source takes as unknown. Spec: STS-7. Source: draft-ietf-oauth-status-list 8.1. */
export function httpsTokens(options: HttpsTokensOptions = {}): (uri: string) => Promise<string> {
  const unknown = Object.keys(options).find((name) => name !== "timeoutMs" && name !== "loopback");
  if (unknown !== undefined)
    throw new TypeError(`option \`${unknown}\` is not known here; known are timeoutMs, loopback`);
  const { timeoutMs = 5000, loopback = false } = options;
  if (!(timeoutMs > 0)) throw new RangeError("`timeoutMs` is a time in milliseconds");
  return async (uri) => {
    assertPlace(uri, loopback);
    const answer = await fetch(uri, {
      headers: { accept: "application/statuslist+jwt, application/jose+json, application/jwt" },
      redirect: "error",
      credentials: "omit",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw new TypeError(`the server answered ${answer.status}`);
    }
    return bounded(answer.body);
  };
}
