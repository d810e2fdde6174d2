// Bytes as text, joined and allocated, by node's Buffer. The browser's twin is bytes-browser.ts (package.json, `imports`).
import * as node from "node:buffer";

/** Zeroed memory. */
export function allocate(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Buffer.alloc(sizeBytes);
}

/** Memory of its own that may hold anything: pages are touched only where it is written. */
export function uninitialized(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(sizeBytes);
}

/** All of the parts, one after the other; short ones in memory that others of the process share. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Buffer.concat(parts);
}

/** True where the two hold the same bytes; for public values only, not constant time. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** Undoes `toHex`; the caller has checked that `text` is whole bytes in hex. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, "hex");
}

/** Base64url without padding. Source: RFC 4648 5. */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

/** Undoes `toBase64url`; the caller has checked that `text` holds nothing but characters of base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, "base64url");
}

/** True where the bytes are UTF-8 of well-formed text. */
export const isUtf8: (bytes: Uint8Array) => boolean = node.isUtf8;
