// The order of members in deterministic CBOR, so that a document reads alike before signing and from an artifact.
import { byCodePoint } from "./code-point-order.ts";

const utf8 = new TextEncoder();

function byEncoding(a: string, b: string): number {
  return utf8.encode(a).length - utf8.encode(b).length || byCodePoint(a, b);
}

/** Whether each name is longer than the one before or follows it; of other names than ASCII ones it isn't sure. */
function isInOrder(names: readonly string[]): boolean {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index]!;
    if (!isAscii(name)) return false;
    if (index === 0) continue;
    const before = names[index - 1]!;
    if (before.length > name.length || (before.length === name.length && before > name)) return false;
  }
  return true;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Names of the own members in that order. Source: RFC 8949 4.2.1. */
export function inEncodedOrder(object: object): readonly string[] {
  const names = Object.keys(object);
  return isInOrder(names) ? names : names.sort(byEncoding);
}
