// The browser's twin of bytes.ts: the same functions over plain Uint8Arrays.

/** Zeroed memory. */
export function allocate(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sizeBytes);
}

/** Memory of its own; a browser zeroes it. */
export function uninitialized(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sizeBytes);
}

/** All of the parts, one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** True where the two hold the same bytes; for public values only, not constant time. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => hexOfByte[byte]).join("");
}

/** Undoes `toHex`; the caller has checked that `text` is whole bytes in hex. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length >> 1 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Base64url without padding. Source: RFC 4648 5. */
export function toBase64url(bytes: Uint8Array): string {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(latin1).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undoes `toBase64url`; the caller has checked that `text` holds nothing but characters of base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const whole = text.length % 4 === 1 ? text.slice(0, -1) : text; // as node reads it: a last character alone is no byte
  return Uint8Array.from(atob(whole.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** True where the bytes are UTF-8 of well-formed text. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
