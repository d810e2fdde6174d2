// Every vector through the public entry points. verify.mjs reads the same files and imports nothing of ours.
import { describe, expect, test } from "vitest";
import { encodeCbor, nameOf, parseTrust } from "@writ/core";
import type { CborValue, TrustPolicy } from "@writ/core";
import { verifyEvidence } from "@writ/core/evidence-pack";
import { ingestReferenced, parseReference } from "@writ/core/reference";
import { parentsShape } from "../packages/core/src/artifact.ts";
import type { Core, Source } from "../packages/core/src/artifact.ts";
import { encodeAttachment } from "../packages/core/src/attachments.ts";
import { verifyReport } from "../packages/core/src/report.ts";
import { findings, vectorFiles } from "../test-vectors/generate.ts";
import { joined, sealed } from "../test-vectors/support/chain.ts";
import type { Chain } from "../test-vectors/support/chain.ts";
import { layerList, manyLayers } from "../test-vectors/support/accepted-structure.ts";
import { policy } from "../test-vectors/support/draft.ts";
import { bytesOf } from "../test-vectors/support/material.ts";
import { readText, repositoryFiles, root } from "./support/repository.ts";
import { decoded, expectedValues, ingested, outcomeOf, receiptsRead, trustRead } from "./support/vector-answers.ts";
import type { ArtifactVector, CborVectors, ReceiptVector, TrustVector } from "./support/vector-answers.ts";

/** What every vector says of itself. */
interface Titled {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly expect: Readonly<Record<string, unknown>>;
}

function vectorsIn<T>(folder: string): readonly (T & Titled)[] {
  const pattern = new RegExp(`^test-vectors/${folder}/[^/]+\\.json$`);
  return repositoryFiles()
    .filter((path) => pattern.test(path))
    .map((path) => JSON.parse(readText(path)) as T & Titled);
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "base64");
const titled = <T extends Titled>(vector: T): readonly [string, T] => [
  `[${vector.spec.join(", ")}] ${vector.id}: ${vector.title}`,
  vector,
];

const trustPolicies = new Map<string, TrustPolicy>();
function trustOf(file: string): TrustPolicy {
  const known = trustPolicies.get(file) ?? parseTrust(readText(`test-vectors/trust/${file}`));
  trustPolicies.set(file, known);
  return known;
}

/** What ingest finds about a vector, or `{code}` of what it throws. */
function outcome(vector: ArtifactVector, change?: (input: Uint8Array) => Uint8Array): Promise<unknown> {
  return outcomeOf(() => ingested(vector, trustOf(vector.trust), change));
}

const artifacts = vectorsIn<ArtifactVector>("artifacts");
const accepted = artifacts.filter(({ expect: { code } }) => code === undefined);
const refused = artifacts.filter(({ expect: { code } }) => code !== undefined);

describe("artifacts", () => {
  test.each(artifacts.map(titled))("%s", async (_title, vector) => {
    expect(await outcome(vector)).toEqual(vector.expect);
  });

  test("control: an accepted artifact with any one byte changed is not accepted with the same values", async () => {
    // every byte of one artifact with a batched cover, and every 37th of the others
    const whole = "cover-batched";
    for (const vector of accepted) {
      const size = bytes(vector.carrier ?? vector.artifact ?? "").length;
      const step = vector.id === whole ? 1 : 37;
      for (let at = 0; at < size; at += step) {
        const flipped = await outcome(vector, (input) => Uint8Array.from(input).fill((input[at] ?? 0) ^ 1, at, at + 1));
        expect(flipped, `${vector.id}, byte ${at}`).not.toEqual(vector.expect);
      }
    }
  });
});

/** Too large to be committed: built here from the parts of the vectors. */
describe("large artifacts", () => {
  const verdict = async (artifact: Uint8Array): Promise<unknown> =>
    outcome({
      trust: "base.json",
      now: "2026-03-01T12:00:00Z",
      artifact: Buffer.from(artifact).toString("base64"),
    });
  const parents = (count: number): Source[] =>
    Array.from({ length: count }, (_, n) => ({
      id: bytesOf(`parent ${n}`, 16),
      core: nameOf(bytesOf(`core ${n}`, 8)),
      anchors: nameOf(bytesOf(`anchors ${n}`, 8)),
      role: "parent",
    }));

  test("[POM-1] a policy message over 256 KiB is refused, one just below is read", async () => {
    const withNote = async (length: number): Promise<Uint8Array> =>
      joined(
        await sealed({
          policies: [await policy("long", { document: { ext: { "urn:example:note": "x".repeat(length) } } })],
        }),
      );
    expect(await verdict(await withNote(256 << 10))).toEqual({ code: "input-too-large" });
    expect(await verdict(await withNote((256 << 10) - 1024))).toMatchObject({ standing: "valid" });
  });

  test("[ART-9] 257 parents stand in a long list, 256 in the core", async () => {
    const of = (value: Core["lineage"]["parents"], attachments: Uint8Array[] = []): Promise<Chain> =>
      sealed({
        core: { lineage: { operation: "aggregate", parents: value, receipts: [], actor: "urn:example:issuer" } },
        attachments,
      });
    const list = (count: number): Uint8Array => encodeCbor(parentsShape.write(parents(count)));
    const long = async (count: number): Promise<Uint8Array> =>
      joined(await of(nameOf(list(count)), [encodeAttachment("list", list(count))]));
    expect(await verdict(joined(await of(parents(256))))).toMatchObject({ lineage: "unchecked" });
    expect(await verdict(joined(await of(parents(257))))).toEqual({ code: "structure" });
    expect(await verdict(await long(257))).toMatchObject({ lineage: "unchecked" });
    expect(await verdict(await long(256))).toEqual({ code: "long-list-form" });
    expect(await verdict(await long(4096))).toMatchObject({ lineage: "unchecked" });
    await expect(long(4097)).rejects.toThrow(RangeError);
    const halves = [parents(4097).slice(0, 2000), parents(4097).slice(2000)].flatMap(
      (half) => parentsShape.write(half) as CborValue[],
    );
    const tooLong = encodeCbor(halves.toSorted((a, b) => Buffer.compare(encodeCbor(a), encodeCbor(b))));
    expect(await verdict(joined(await of(nameOf(tooLong), [encodeAttachment("list", tooLong)])))).toEqual({
      code: "structure",
    });
  });

  test("[ART-9] 1,024 layers stand in a long list, and no more", async () => {
    const shared = await policy("consents", { document: { parameters: { consent: "string" } } });
    const of = async (count: number): Promise<Uint8Array> => {
      const list = layerList(manyLayers(shared, count));
      return joined(
        await sealed({
          policies: [shared],
          core: { layers: nameOf(list) },
          attachments: [encodeAttachment("list", list)],
        }),
      );
    };
    expect(await verdict(await of(1024))).toMatchObject({ standing: "valid" });
    await expect(of(1025)).rejects.toThrow(RangeError);
  });
});

describe("trust policies", () => {
  test.each(vectorsIn<TrustVector>("trust/cases").map(titled))("%s", async (_title, vector) => {
    expect(await outcomeOf(() => trustRead(vector))).toEqual(vector.expect);
  });

  test("[TRU-1] every trust policy that an artifact names is read", () => {
    for (const { trust } of artifacts) expect(trustOf(trust).sequence).toBe(7);
  });
});

describe("receipts", () => {
  test.each(vectorsIn<ReceiptVector>("receipts").map(titled))("%s", async (_title, vector) => {
    const trust = vector.trust === null ? null : trustOf(vector.trust);
    expect(await outcomeOf(() => receiptsRead(vector, trust))).toEqual(vector.expect);
  });
});

interface EvidenceVector extends Titled {
  readonly trust: string;
  readonly now: string;
  readonly pack: string;
}

async function evidenceRead({ trust, now, pack }: EvidenceVector): Promise<unknown> {
  const audit = await verifyEvidence(bytes(pack), trustOf(trust), { clock: () => Date.parse(now) });
  const { madeAt, packedBy, artifacts, receipts, statusLists, gaps } = audit;
  return {
    madeAt: new Date(madeAt * 1000).toISOString().replace(".000Z", "Z"),
    packedBy,
    trust: audit.trust,
    artifacts: artifacts.map(({ name }) => name),
    receipts: receipts.map(({ name, rootedBy }) => ({ name, rootedBy })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    statusLists: statusLists.length,
    gaps: gaps.map(({ gap, receipt }) => `${gap} ${receipt}`).toSorted(),
  };
}

describe("evidence packs", () => {
  test.each(vectorsIn<EvidenceVector>("evidence").map(titled))("%s", async (_title, vector) => {
    expect(await outcomeOf(() => evidenceRead(vector))).toEqual(vector.expect);
  });
});

interface ReportVector extends Titled {
  readonly trust: string;
  readonly now: string;
  readonly report: string;
}

function reportRead({ trust, now, report }: ReportVector): Promise<unknown> {
  const checked = verifyReport(bytes(report), trustOf(trust), { clock: () => Date.parse(now) });
  const { campaign, startedAt, endedAt, counts, entries, ...said } = checked;
  const instant = (time: number): string => new Date(time * 1000).toISOString().replace(".000Z", "Z");
  return Promise.resolve({
    ...said,
    campaign: Buffer.from(campaign).toString("hex"),
    startedAt: instant(startedAt),
    endedAt: instant(endedAt),
    counts: Object.values(counts),
    entries: entries.map(({ path, outcome, attempts }) => ({ path, outcome, attempts })),
  });
}

describe("reports", () => {
  test.each(vectorsIn<ReportVector>("reports").map(titled))("%s", async (_title, vector) => {
    expect(await outcomeOf(async () => reportRead(vector))).toEqual(vector.expect);
  });
});

interface ReferenceVector extends Titled {
  readonly reference: string | null;
  readonly artifacts?: Readonly<Record<string, string>>;
  readonly content?: string | null;
  readonly trust: string;
  readonly now: string;
}

async function referenceRead({ reference, artifacts, content, trust, now }: ReferenceVector): Promise<unknown> {
  if (artifacts === undefined) return { core: parseReference(reference ?? "") };
  const read = await ingestReferenced(reference, trustOf(trust), {
    // what came without content is the caller's to pass on as it is
    content: typeof content === "string" ? bytes(content) : (null as unknown as Uint8Array),
    artifacts: { get: (name) => (name in artifacts ? bytes(artifacts[name]!) : undefined) },
    clock: () => Date.parse(now),
  });
  return {
    name: read.name,
    content: read.checks.find(({ check }) => check === "content")?.outcome.replace("ok", "checked"),
  };
}

describe("references", () => {
  test.each(vectorsIn<ReferenceVector>("references").map(titled))("%s", async (_title, vector) => {
    expect(await outcomeOf(() => referenceRead(vector))).toEqual(vector.expect);
  });
});

describe("encodings", () => {
  test.each(vectorsIn<CborVectors>("cbor").map(titled))("%s", async (_title, vector) => {
    expect(await decoded(vector)).toEqual(expectedValues(vector));
  });
});

/** Codes that ingest can't give for an artifact, a trust policy and a store alone, or that no small vector shows. */
const elsewhere: Readonly<Record<string, string>> = {
  "trust-missing": "every artifact vector names a trust policy: shown by trust/cases",
  "trust-sequence": "needs the memory of a sequence: shown by trust/cases",
  "trust-schema": "a trust policy is read before ingest: shown by trust/cases",
  "json-invalid": "of trust policies: shown by trust/cases",
  "json-duplicate-member": "of trust policies: shown by trust/cases",
  "key-mismatch": "of keys in trust policies: shown by trust/cases",
  "input-unreadable": "of files, which no vector has",
  "output-exists": "of files that are written",
  "output-unwritable": "of files that are written",
  "content-leaf": "of segments as they are opened: shown by content/",
  "content-leaf-list": "of leaf lists as content is opened; ingest refuses an attached one as unnamed",
  "content-segment": "of decryption, which ingest doesn't do: shown by content/",
  "content-commitment": "of decryption, which ingest doesn't do: shown by content/",
  "head-changed": "of writers",
  "lineage-unchecked": "ingest reports it; derivation and decisions refuse",
  "status-rollback": "needs the memory of a list, which a home has",
  "principal-token": "of a request's principal, not of an artifact",
  "principal-keys": "of a request's principal, not of an artifact",
  "receipt-chain": "of receipts: shown by receipts/",
  "receipt-root": "of receipts: shown by receipts/",
  "report-root": "of reports of a migration: shown by reports/",
  "evidence-pack": "of evidence packs: shown by evidence/",
};

describe("the set", () => {
  const codes = (union: string): string[] =>
    [
      ...(
        new RegExp(`export type ${union} =([^;]*);`).exec(readText("packages/core/src/errors.ts"))?.[1] ?? ""
      ).matchAll(/"([a-z0-9-]+)"/g),
    ].map((match) => match[1] ?? "");

  test("at least twice as many artifacts are refused as accepted, and at least 110 in all", () => {
    expect(accepted.length).toBeGreaterThan(30);
    expect(refused.length).toBeGreaterThanOrEqual(2 * accepted.length);
    expect(artifacts.length).toBeGreaterThanOrEqual(110);
  });

  test("every code of form and verification has an artifact that shows it, or a reason why none can", () => {
    const shown = new Set(refused.map(({ expect: { code } }) => code));
    const all = [...codes("FormatCode"), ...codes("VerificationCode")];
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((code) => !shown.has(code) && !(code in elsewhere))).toEqual([]);
    expect(Object.keys(elsewhere).filter((code) => shown.has(code) || !all.includes(code))).toEqual([]);
  });

  test("no two artifacts are the same question", () => {
    const questions = artifacts.map(({ artifact, carrier, content, store, trust, now, limits }) =>
      JSON.stringify([artifact, carrier, content, store, trust, now, limits]),
    );
    expect(questions.filter((question, index) => questions.indexOf(question) !== index)).toEqual([]);
  });

  test("the committed files are what generate.ts writes; an edited, a missing and an extra file are reported", async () => {
    const files = await vectorFiles();
    const folder = `${root}test-vectors`;
    expect(findings(files, folder)).toEqual([]);
    const [first, second, ...rest] = files;
    const found = findings(
      [{ path: first!.path, json: {} }, { path: "artifacts/never-written.json", json: {} }, ...rest],
      folder,
    );
    expect(found.toSorted()).toEqual([
      "artifacts/never-written.json is missing",
      `${first!.path} differs from what it is generated from`,
      `${second!.path} is extra: nothing generates it`,
    ]);
  });
});
