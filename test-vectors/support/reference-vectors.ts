// References: the text, and what a reader makes of it with a store and the content that came with it.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { encodeEnvelope } from "../../packages/core/src/carrier.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { revisionOf } from "./family.ts";
import { bytesOf, defaultNow } from "./material.ts";
import type { VectorFile } from "./vector.ts";

/** What a reader has beside the text. */
interface Reading {
  /** What its store gives under each name. */
  readonly artifacts: Readonly<Record<Digest, Uint8Array>>;
  /** Null where none came. */
  readonly content: Uint8Array | null;
}

interface ReferenceCase {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  /** Null where none came. */
  readonly reference: string | null;
  readonly reading?: Reading;
  readonly expect: unknown;
}

const nameOfChain = ({ draft }: Chain): Digest => nameOf(draft.coreBytes);
const to = (name: string): string => `writ:1:${name}`;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

function textCases(name: Digest): ReferenceCase[] {
  const hex = name.slice("sha384:".length);
  const refused = (id: string, code: ErrorCode, title: string, reference: string): ReferenceCase => ({
    id,
    title,
    spec: ["CAR-4"],
    reference,
    expect: { code },
  });
  return [
    { id: "text", title: "the name of a core", spec: ["CAR-4"], reference: to(name), expect: { core: name } },
    refused("text-empty", "input-empty", "no text", ""),
    refused("text-too-long", "input-too-large", "201 characters", to(name).padEnd(201, "0")),
    refused("text-too-many-bytes", "input-too-large", "200 characters of 201 bytes", `é${"x".repeat(199)}`),
    refused("text-at-limit", "structure", "200 characters, more than a name has", to(name).padEnd(200, "0")),
    refused("text-other-word", "format-unknown", "the name alone", name),
    refused("text-upper-case-word", "format-unknown", "the first word in upper case", `WRIT:1:${name}`),
    refused("text-blank-before", "format-unknown", "a blank before it", ` ${to(name)}`),
    refused("text-version-2", "version-unknown", "version 2", `writ:2:${name}`),
    refused("text-version-01", "version-unknown", "version 1 with a zero before it", `writ:01:${name}`),
    refused("text-no-version", "version-unknown", "no version", `writ:${name}`),
    refused("text-line-end", "structure", "a line end after it", `${to(name)}\n`),
    refused(
      "text-twice",
      "input-too-large",
      "two of them, as headers of one name are joined",
      `${to(name)},${to(name)}`,
    ),
    refused("text-list", "structure", "a comma after it", `${to(name)},`),
    refused("text-upper-case", "structure", "hex in upper case", to(`sha384:${hex.toUpperCase()}`)),
    refused("text-short", "structure", "a digit less", to(name).slice(0, -1)),
    refused("text-sha256", "structure", "a digest under SHA-256", to(`sha256:${hex.slice(0, 64)}`)),
    refused(
      "text-base64",
      "structure",
      "the name in base64",
      to(`sha384:${Buffer.from(hex, "hex").toString("base64")}`),
    ),
    refused("text-wide-digit", "structure", "a digit of another script", to(`${name.slice(0, -1)}٣`)),
    refused("text-with-address", "structure", "an address after it", `${to(name)}@https://store.example/`),
  ];
}

async function readCases(): Promise<ReferenceCase[]> {
  const seal = await sealed();
  const other = await sealed({ label: "c", plaintext: "2019-04-02,gull,large\n" });
  const revision = await revisionOf(seal);
  const name = nameOfChain(seal);
  const { content } = seal.draft;
  const reading = { artifacts: { [name]: joined(seal), [nameOfChain(other)]: joined(other) }, content };
  const found = (of: Digest): unknown => ({ name: of, content: "checked" });
  const accepted = (id: string, title: string, more: Partial<ReferenceCase> = {}): ReferenceCase => ({
    id,
    title,
    spec: ["CAR-5"],
    reference: to(name),
    reading,
    expect: found(name),
    ...more,
  });
  const refused = (id: string, code: ErrorCode, title: string, more: Partial<ReferenceCase>): ReferenceCase =>
    accepted(id, title, { expect: { code }, ...more });
  const holding = (artifact: Uint8Array): Pick<ReferenceCase, "reading"> => ({
    reading: { artifacts: { [name]: artifact }, content },
  });
  return [
    accepted("read", "the artifact that the store has, and its content"),
    accepted("read-covered", "an artifact that was covered since", holding(joined(await anchor(seal)))),
    accepted("read-revision", "a revision under its own name", {
      reference: to(nameOfChain(revision)),
      reading: { artifacts: { [nameOfChain(revision)]: joined(revision) }, content },
      expect: found(nameOfChain(revision)),
    }),
    refused("stripped", "input-empty", "content without a reference", { reference: null }),
    refused("alone", "input-empty", "a reference without content", { reading: { ...reading, content: null } }),
    refused("not-held", "attachment-missing", "an artifact that the store doesn't have", {
      reference: to(nameOf(bytesOf("nobody's core", 40))),
    }),
    refused("swapped", "content-header", "the name of another artifact that is valid too", {
      reference: to(nameOfChain(other)),
      reading: { ...reading, content: sameSize(seal, other) },
    }),
    refused("other-size", "content-size", "the name of an artifact over content of another size", {
      reference: to(nameOfChain(other)),
    }),
    refused("beside-plaintext", "content-size", "plaintext in place of the content", {
      reading: { ...reading, content: Buffer.from("2019-04-01,pigeon,medium\n") },
    }),
    refused("content-changed", "content-root", "content of which the last bit was changed", {
      reading: {
        ...reading,
        content: Uint8Array.from(content, (byte, at) => byte ^ Number(at === content.length - 1)),
      },
    }),
    refused("stale", "attachment-missing", "the revision before, under the name of the present one", {
      reference: to(nameOfChain(revision)),
      reading: { artifacts: { [nameOfChain(revision)]: joined(seal) }, content },
    }),
    refused("next", "attachment-missing", "a revision under the name of the one before", holding(joined(revision))),
    refused(
      "held-as-envelope",
      "format-unknown",
      "an envelope where the store should have a bare artifact",
      holding(encodeEnvelope(joined(seal), content)),
    ),
  ];
}

/** The content of one artifact in the length of another's: its header alone is wrong. */
function sameSize(one: Chain, other: Chain): Uint8Array {
  const stored = new Uint8Array(other.draft.content.length);
  stored.set(one.draft.content.subarray(0, stored.length));
  return stored;
}

/** Every vector of a reference. */
export async function referenceVectors(): Promise<VectorFile[]> {
  const cases = [...textCases(nameOfChain(await sealed())), ...(await readCases())];
  return cases.map(({ id, title, spec, reference, reading, expect }) => {
    const given = reading && {
      trust: "base.json",
      now: defaultNow,
      artifacts: Object.fromEntries(Object.entries(reading.artifacts).map(([name, bytes]) => [name, base64(bytes)])),
      content: reading.content && base64(reading.content),
    };
    return { path: `references/${id}.json`, json: { id, title, spec, reference, ...given, expect } };
  });
}
