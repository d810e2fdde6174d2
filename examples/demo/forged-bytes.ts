// What somebody without any key can do to an artifact or a receipt log: take it apart and put it together otherwise.
import { decodeCbor, encodeCbor, nameOf, readReceiptFile } from "@writ/core";
import type { CborMap, CborValue } from "@writ/core";

/** The four parts of an artifact, for an attacker: nothing is checked. */
export interface Parts {
  core: Uint8Array;
  keys: Uint8Array;
  anchors: Uint8Array[];
  attachments: Uint8Array[];
}

const attachmentKinds = { policy: 1, root: 2, source: 4 } as const;
type Kind = keyof typeof attachmentKinds;

export function takeApart(artifact: Uint8Array): Parts {
  const [, , core, keys, anchors, attachments] = decodeCbor(artifact) as unknown as [
    string,
    number,
    Uint8Array,
    Uint8Array,
    Uint8Array[],
    Uint8Array[],
  ];
  return { core, keys, anchors, attachments };
}

export function putTogether({ core, keys, anchors, attachments }: Parts): Uint8Array {
  const sorted = attachments.toSorted((a, b) => Buffer.compare(encodeCbor(a), encodeCbor(b)));
  return encodeCbor(["writ", 1, core, keys, anchors, sorted]);
}

function attachment(kind: Kind, content: Uint8Array): Uint8Array {
  return encodeCbor([attachmentKinds[kind], content]);
}

function contentOf(bytes: Uint8Array, kind: Kind): Uint8Array | null {
  const [found, content] = decodeCbor(bytes) as [number, Uint8Array];
  return found === attachmentKinds[kind] ? content : null;
}

/** Replaces every attachment of a kind by those that `change` gives for it. */
export function changeAttachments(parts: Parts, kind: Kind, change: (content: Uint8Array) => Uint8Array[]): void {
  parts.attachments = parts.attachments.flatMap((bytes) => {
    const content = contentOf(bytes, kind);
    return content === null ? [bytes] : change(content).map((changed) => attachment(kind, changed));
  });
}

/** Puts another root message, and where the leaf stands under it, into the last anchor. */
export function graftProof(parts: Parts, root: Uint8Array, proof?: CborMap): void {
  const last = decodeCbor(parts.anchors.at(-1)!) as CborMap;
  const batch = new Map(proof ?? (last.get(2) as CborMap));
  const digest = Buffer.from(nameOf(root).slice("sha384:".length), "hex");
  batch.set(5, [-43, digest]);
  changeAttachments(parts, "root", () => [root]);
  parts.anchors = [
    ...parts.anchors.slice(0, -1),
    encodeCbor(
      new Map<number, CborValue>([
        [1, last.get(1)!],
        [2, batch],
      ]),
    ),
  ];
}

/** Where a leaf stands, from a batched anchor. */
export function proofOf(anchor: Uint8Array): CborMap {
  return (decodeCbor(anchor) as CborMap).get(2) as CborMap;
}

/** The root messages attached. */
export function rootsOf(parts: Parts): Uint8Array[] {
  return parts.attachments.map((bytes) => contentOf(bytes, "root")).filter((message) => message !== null);
}

/** A COSE_Sign with its first signature alone. */
export function firstSignatureOnly(cose: Uint8Array): Uint8Array {
  const [body, unprotected, payload, signatures] = decodeCbor(cose) as [Uint8Array, CborMap, Uint8Array, CborValue[]];
  return encodeCbor([body, unprotected, payload, signatures.slice(0, 1)]);
}

/** The payload of a COSE_Sign that has one. */
export function payloadOf(cose: Uint8Array): Uint8Array {
  return (decodeCbor(cose) as readonly CborValue[])[2] as Uint8Array;
}

/** A receipt log of these entries. */
function receiptFile(original: Uint8Array, entries: readonly Uint8Array[]): Buffer {
  const framed = entries.flatMap((entry) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(entry.length);
    return [length, entry];
  });
  return Buffer.concat([original.subarray(0, 8), ...framed]);
}

/** The log without its third entry. */
export function withoutThirdReceipt(log: Uint8Array): Buffer {
  return receiptFile(
    log,
    readReceiptFile(log).entries.filter((_, index) => index !== 2),
  );
}

// Members of a receipt, by their numbers in the format.
const verdict = 10;
const reasons = 11;
const decision = 16;
const previous = 22;

/** The log with its first denial turned into a permit, and all receipts after it chained anew. */
export function withFirstDenialPermitted(log: Uint8Array): Buffer {
  const renamed = new Map<string, string>();
  const followed = (value: CborValue | undefined): CborValue => {
    const [alg, digest] = value as [number, Uint8Array];
    const name = `sha384:${Buffer.from(digest).toString("hex")}`;
    return [alg, Buffer.from((renamed.get(name) ?? name).slice("sha384:".length), "hex")];
  };
  let done = false;
  const entries = readReceiptFile(log).entries.map((entry) => {
    const [kind, bytes, salt] = decodeCbor(entry) as [number, Uint8Array, Uint8Array];
    if (kind !== 1) return entry;
    const receipt = new Map(decodeCbor(bytes) as CborMap);
    if (!done && receipt.get(verdict) === "deny") {
      receipt.set(verdict, "permit").delete(reasons);
      done = true;
    }
    for (const member of [decision, previous])
      if (Array.isArray(receipt.get(member))) receipt.set(member, followed(receipt.get(member)));
    const changed = encodeCbor(receipt);
    renamed.set(nameOf(bytes), nameOf(changed));
    return encodeCbor([kind, changed, salt]);
  });
  return receiptFile(log, entries);
}
