// The vectors of content: the generator still makes the files, and our reader does what each expects.
import { createHash, createSecretKey } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { contentVectors, storedBytes } from "../../../test-vectors/content.ts";
import type { ContentVector } from "../../../test-vectors/content.ts";
import { contentAad } from "../src/content.ts";
import type { SignedContent } from "../src/content.ts";
import { decryptContent, readVerified } from "../src/content-open.ts";
import { GovernanceError } from "../src/errors.ts";
import { chunked, drain } from "./support/content.ts";

const folder = new URL("../../../test-vectors/", import.meta.url);
const read = (path: string): ContentVector => JSON.parse(readFileSync(new URL(path, folder), "utf8")) as ContentVector;
const vectors = readdirSync(new URL("content/", folder)).map((file) => read(`content/${file}`));
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");

function released(vector: ContentVector): AsyncIterable<Uint8Array> {
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
  const made = await contentVectors();
  expect(made.map(({ path }) => path).toSorted()).toEqual(vectors.map(({ name }) => `content/${name}.json`).toSorted());
  for (const { path, json } of made) expect(JSON.parse(JSON.stringify(json))).toEqual(read(path));
});

test("there are at least twice as many refusals as acceptances", () => {
  const refusals = vectors.filter((vector) => "code" in vector.expect);
  expect(refusals.length).toBeGreaterThanOrEqual(2 * (vectors.length - refusals.length));
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
