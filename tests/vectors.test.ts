// Every vector through the public entry points. verify.mjs reads the same files and imports nothing of ours.
import { describe, expect, test } from "vitest";
import { GovernanceError, artifactIdText, ingest, nameOf, parseTrust, splitCarrier } from "@writ/core";
import type { Store, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { readText, repositoryFiles } from "./support/repository.ts";

/** A store over bytes at hand, by their names. */
function storeOf(contents: readonly Uint8Array[]): Store {
  const byName = new Map(contents.map((content) => [nameOf(content), content]));
  return { get: (name) => byName.get(name) };
}

interface ArtifactVector {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly trust: string;
  readonly now: string;
  readonly artifact?: string;
  readonly carrier?: string;
  readonly content?: string;
  readonly store?: readonly string[];
  readonly limits?: { readonly maxArtifactBytes?: number; readonly maxContentBytes?: number };
  readonly expect: Readonly<Record<string, unknown>>;
}

function vectorsIn<T>(folder: string): readonly T[] {
  const pattern = new RegExp(`^test-vectors/${folder}/[^/]+\\.json$`);
  return repositoryFiles()
    .filter((path) => pattern.test(path))
    .map((path) => JSON.parse(readText(path)) as T);
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "base64");
const instant = (time: number): string => new Date(time * 1000).toISOString().replace(".000Z", "Z");
const titled = <T extends { readonly spec: readonly string[]; readonly id: string; readonly title: string }>(vector: T): readonly [string, T] => [
  `[${vector.spec.join(", ")}] ${vector.id}: ${vector.title}`,
  vector,
];

const trustPolicies = new Map<string, TrustPolicy>();
function trustOf(file: string): TrustPolicy {
  const known = trustPolicies.get(file) ?? parseTrust(readText(`test-vectors/trust/${file}`));
  trustPolicies.set(file, known);
  return known;
}

function found({ name, head, core, evidence, wrapEra, lineage, classification, contentChecked }: VerifiedArtifact): unknown {
  return {
    name,
    head,
    artifactId: artifactIdText(core),
    era: evidence.era,
    standing: evidence.standing,
    wrapEra,
    lineage: lineage.standing,
    sources: lineage.sources,
    classification,
    content: contentChecked ? "checked" : "unchecked",
    judgedAt: instant(evidence.judgedAt),
    anchors: evidence.anchors.map(({ kind, suite, signer, time, batched, counts }) => ({ kind, suite, authority: signer.authority, batched, time: instant(time), counts })),
    unknownLater: evidence.unknownLater,
    reported: evidence.reported.map(({ suites }) => suites),
  };
}

/** What ingest finds about a vector, or `{code}` of what it throws. */
async function outcome(vector: ArtifactVector, change: (input: Uint8Array) => Uint8Array = (input) => input): Promise<unknown> {
  const { maxArtifactBytes, maxContentBytes } = vector.limits ?? {};
  try {
    const given = change(bytes(vector.carrier ?? vector.artifact ?? ""));
    const { artifact, content } = vector.carrier === undefined ? { artifact: given, content: null } : splitCarrier(given, { ...(maxArtifactBytes === undefined ? {} : { maxArtifactBytes }), ...(maxContentBytes === undefined ? {} : { maxContentBytes }) });
    const stored = vector.content === undefined ? content : bytes(vector.content);
    const verified = await ingest(artifact, trustOf(vector.trust), {
      clock: () => Date.parse(vector.now),
      ...(stored === null ? {} : { content: stored }),
      ...(vector.store === undefined ? {} : { store: storeOf(vector.store.map(bytes)) }),
      ...(maxArtifactBytes === undefined ? {} : { maxBytes: maxArtifactBytes }),
    });
    return found(verified);
  } catch (error) {
    if (error instanceof GovernanceError) return { code: error.code };
    throw error;
  }
}

const artifacts = vectorsIn<ArtifactVector>("artifacts");
const accepted = artifacts.filter(({ expect: { code } }) => code === undefined);

describe("artifacts", () => {
  test.each(artifacts.map(titled))("%s", async (_title, vector) => {
    expect(await outcome(vector)).toEqual(vector.expect);
  });
});
