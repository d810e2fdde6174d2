// inspect: what an artifact claims, for people. Nothing is verified, and the result says so in its first member.
import { toHex } from "#bytes";
import { parseAnchor } from "./anchor.ts";
import { decodeArtifact, decodeCore, decodeKeys, headDigest, nameOf } from "./artifact.ts";
import { listAttachments } from "./attachments.ts";
import { ownBytes } from "./cbor.ts";
import type { CborMap } from "./cbor.ts";

/** JSON of an artifact's claims; bytes as lower-case hex. */
export interface Inspection {
  readonly verified: false;
  readonly notice: "NOT VERIFIED";
  readonly name: string;
  readonly head: string;
  readonly core: unknown;
  readonly keys: unknown;
  readonly anchors: readonly unknown[];
  readonly attachments: readonly { readonly kind: string; readonly sizeBytes: number; readonly name: string }[];
}

function printable(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(printable);
  if (value instanceof Map)
    return Object.fromEntries([...(value as CborMap)].map(([key, item]) => [String(key), printable(item)]));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item)]));
  return value;
}

/** Decodes an artifact without verifying anything; throws FormatError. Spec: INS-1. */
export function inspect(input: Uint8Array): Inspection {
  const parts = decodeArtifact(ownBytes(input));
  const core = decodeCore(parts.core);
  const anchors = parts.anchors.map((anchor, index) => {
    const { statement, batch, signatures } = parseAnchor(anchor, index);
    const keys = signatures?.signatures.map(({ alg, kid }) => ({ alg, kid }));
    return printable({
      ...statement,
      ...(batch ? { batch: { ...batch, path: batch.path.length } } : {}),
      ...(keys ? { keys } : {}),
    });
  });
  return {
    verified: false,
    notice: "NOT VERIFIED",
    name: nameOf(parts.core),
    head: headDigest(parts),
    core: printable(core),
    keys: printable(decodeKeys(parts.keys)),
    anchors,
    attachments: listAttachments(parts.attachments).map(({ kind, content }) => ({
      kind,
      sizeBytes: content.length,
      name: nameOf(content),
    })),
  };
}
