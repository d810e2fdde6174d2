// The vectors of content: the generator still makes the files, and our reader does what each expects.
import { createHash, createSecretKey } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { contentVectors, storedBytes } from "../../../test-vectors/content.ts";
import { flagged } from "../../../test-vectors/support/flagged.ts";
import type { ContentVector, RangeVector } from "../../../test-vectors/content.ts";
import { contentAad } from "../src/content.ts";
import type { SignedContent } from "../src/content.ts";
import { decryptContent, readVerified } from "../src/content-open.ts";
import { verifyRange } from "../src/content-parts.ts";
import type { ReleasedSegments } from "../src/content-open.ts";
import { contentTerms } from "../src/content-root.ts";
import { GovernanceError } from "../src/errors.ts";
import { hashes } from "../src/suites.ts";
import type { VerifiedArtifact } from "../src/verified.ts";
import { chunked, drain } from "./support/content.ts";

const folder = new URL("../../../test-vectors/", import.meta.url);
function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, folder), "utf8")) as T;
}
const readAll = <T>(name: string): T[] =>
  readdirSync(new URL(`${name}/`, folder)).map((file) => read<T>(`${name}/${file}`));
const vectors = readAll<ContentVector>("content");
const ranges = readAll<RangeVector>("ranges");
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");

function released(vector: ContentVector): ReleasedSegments {
  const { source, content: said, dataKey = "", artifactId = "", firstIssuer = "", leaves } = vector.reader;
  const { floeHeader, root } = said;
  const content = {
    ...said,
    root: root as SignedContent["root"],
    floeHeader: floeHeader === undefined ? undefined : bytesOf(floeHeader),
  };
  const stored = storedBytes(vector);
  const bytes = source === "stream" ? chunked(stored, [60_000]) : stored;
  const verify = { content, leaves: leaves === null ? undefined : bytesOf(leaves) };
  if (content.format === "opaque") return readVerified(bytes, verify);
  return decryptContent(bytes, {
    ...verify,
    dataKey: createSecretKey(bytesOf(dataKey)),
    aad: contentAad(bytesOf(artifactId), firstIssuer),
  });
}

test("the files are those that the generator makes", async () => {
  const made = (await contentVectors()).map(flagged);
  const files = [
    ...vectors.map(({ name }) => `content/${name}.json`),
    ...ranges.map(({ name }) => `ranges/${name}.json`),
  ];
  expect(made.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
  for (const { path, json } of made) expect(JSON.parse(JSON.stringify(json))).toEqual(read(path));
});

test("there are at least twice as many refusals as acceptances", () => {
  for (const set of [vectors, ranges]) {
    const refusals = set.filter(({ expect: said }) => "code" in said);
    expect(refusals.length).toBeGreaterThanOrEqual(2 * (set.length - refusals.length));
  }
});

test.each(vectors.map((vector) => ({ name: vector.name, vector })))("$name", async ({ vector }) => {
  const { bytes, error } = await drain(released(vector));
  if ("code" in vector.expect) {
    expect(error).toBeInstanceOf(GovernanceError);
    expect({ code: (error as GovernanceError).code, releasedBytes: bytes.length }).toEqual(vector.expect);
  } else {
    expect(error).toBeUndefined();
    expect({
      plaintextSha256: createHash("sha256").update(bytes).digest("hex"),
      plaintextSizeBytes: bytes.length,
    }).toEqual(vector.expect);
  }
});

/** The range that a vector asks for, of the root that its reader relies on. */
async function rangeOf(vector: RangeVector): Promise<Uint8Array> {
  const { content, leaves, range, rehashed, relyOn } = vector.reader;
  const facts = {
    core: {
      content: { ...content, ...(content.floeHeader ? { floeHeader: bytesOf(content.floeHeader) } : {}) },
    },
    evidence: { anchors: rehashed.map((contentRoot) => ({ kind: "rehash", counts: true, contentRoot })) },
    attachments: { leaves: null },
  } as unknown as VerifiedArtifact; // what ingest would have verified
  const contentHash = ([-16, -43, -44] as const).find((alg) => hashes[alg].text === relyOn);
  const terms = contentTerms(facts, { contentHash, leaves: leaves === null ? undefined : bytesOf(leaves) });
  return verifyRange(storedBytes(vector), terms, range.start, range.end);
}

test.each(ranges.map((vector) => ({ name: vector.name, vector })))("range $name", async ({ vector }) => {
  const outcome = await rangeOf(vector).then(
    (bytes) => ({ rangeSha256: createHash("sha256").update(bytes).digest("hex"), rangeSizeBytes: bytes.length }),
    (error: unknown) => ({ code: (error as GovernanceError).code }),
  );
  expect(outcome).toEqual(vector.expect);
});
