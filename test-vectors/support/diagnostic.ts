// CBOR in diagnostic notation, for the text of the spec. Source: RFC 8949 8, RFC 8610 G.
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { hex } from "./example.ts";

type CborMap = ReadonlyMap<number | string, CborValue>;

const width = 108;
/** Byte strings that are longer are cut: their whole bytes stand below the notation. */
const longestBytes = 64;

/** The container that a byte string holds, or null. */
function embedded(bytes: Uint8Array): CborValue | null {
  try {
    const value = decodeCbor(bytes);
    return typeof value === "object" && value !== null && !(value instanceof Uint8Array) ? value : null;
  } catch {
    return null;
  }
}

function bytesNotation(bytes: Uint8Array, indent: string): string {
  const value = embedded(bytes);
  if (value !== null) return `<< ${notation(value, indent)} >>`;
  const text = Buffer.from(bytes).toString("latin1");
  const isText = bytes.length >= 4 && /^[\x20-\x26\x28-\x5b\x5d-\x7e]+$/.test(text);
  if (isText) return bytes.length <= longestBytes ? `'${text}'` : `'${text.slice(0, 48)}…' / ${bytes.length} bytes /`;
  if (bytes.length <= longestBytes) return `h'${hex(bytes)}'`;
  return `h'${hex(bytes.subarray(0, 16))}…' / ${bytes.length} bytes /`;
}

function joinedNotation(open: string, parts: readonly string[], close: string, indent: string): string {
  const line = `${open}${parts.join(", ")}${close}`;
  if (!line.includes("\n") && line.length + indent.length <= width) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close}`;
}

/** A value in diagnostic notation; lines after the first begin with `indent`. */
function notation(value: CborValue, indent: string): string {
  const inner = `${indent}  `;
  if (value instanceof Uint8Array) return bytesNotation(value, indent);
  if (value instanceof Map) {
    const members = [...(value as CborMap)].map(
      ([key, member]) => `${JSON.stringify(key)}: ${notation(member, inner)}`,
    );
    return joinedNotation("{", members, "}", indent);
  }
  if (Array.isArray(value)) {
    const items = (value as readonly CborValue[]).map((item) => notation(item, inner));
    return joinedNotation("[", items, "]", indent);
  }
  return JSON.stringify(value);
}

/** One encoded item in diagnostic notation; a byte string that holds a container is shown as `<< … >>`. */
export function diagnostic(bytes: Uint8Array, indent = ""): string {
  return notation(decodeCbor(bytes), indent);
}
