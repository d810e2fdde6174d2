// References: a header's worth of text in place of an artifact, and what a reader makes of it.
import { describe, expect, test } from "vitest";
import { cover, encodeEnvelope, ingest } from "@writ/core";
import type { Digest } from "@writ/core";
import { amend } from "@writ/core/amend";
import { formatReference, ingestReferenced, parseReference } from "@writ/core/reference";
import type { ArtifactStore, IngestReferencedOptions } from "@writ/core/reference";
import { toCompact } from "@writ/core/portable";
import { rehash } from "@writ/core/rehash";
import { at, codeOf, evaluator, keystore, research, sealed, signers, trust, verified } from "../support/scene.ts";

const plaintext = Buffer.from("ten rows of data");
const rows = await sealed(plaintext);
const others = await sealed(Buffer.from("ten rows of dust"));
const [artifact, other] = [await verified(rows.artifact), await verified(others.artifact)];
const reference = await formatReference(artifact, rows.stored);
const accepted = "nothing was thrown";

function storeOf(...held: readonly (readonly [Digest, Uint8Array])[]): ArtifactStore {
  const artifacts = new Map(held);
  return { get: (core) => artifacts.get(core) };
}

const store = storeOf([rows.name, rows.artifact], [others.name, others.artifact]);
const options = { content: rows.stored, artifacts: store, evaluator, clock: at(60) };
const reading = (
  text: string | null | undefined,
  change: Partial<IngestReferencedOptions> = {},
): ReturnType<typeof ingestReferenced> => ingestReferenced(text, trust, { ...options, ...change });
const verdict = (text: string | null | undefined, change: Partial<IngestReferencedOptions> = {}): Promise<string> =>
  codeOf(() => reading(text, change));

describe("the text", () => {
  test("[CAR-4] says which artifact, in 110 characters that any header takes, and nothing more", () => {
    expect(reference).toBe(`writ:1:${rows.name}`);
    expect(reference).toMatch(/^[a-z0-9:]{110}$/);
    expect(parseReference(reference)).toBe(rows.name);
  });

  test("[CAR-4] is closed: with any character out, in or another, and with anything around it, it is refused or says another name", async () => {
    const of = (text: string): Promise<string> => codeOf(() => parseReference(text));
    expect(await of(reference), "control").toBe(accepted);
    for (let at = 0; at < reference.length; at += 1) {
      expect(await of(reference.slice(0, at) + reference.slice(at + 1)), `without ${at}`).not.toBe(accepted);
      for (const odd of [" ", "\0", "\n", "%", "/", "A", "é", "\ud800", "٣"]) {
        expect(await of(reference.slice(0, at) + odd + reference.slice(at)), `${odd} before ${at}`).not.toBe(accepted);
        expect(await of(reference.slice(0, at) + odd + reference.slice(at + 1)), `${odd} at ${at}`).not.toBe(accepted);
      }
    }
    const digit = reference.endsWith("0") ? "1" : "0";
    expect(parseReference(reference.slice(0, -1) + digit)).not.toBe(rows.name);
  });

  test("[CAR-4] is bounded before it is read", async () => {
    expect(await codeOf(() => parseReference("x".repeat(1 << 28)))).toBe("input-too-large");
    expect(await codeOf(() => parseReference("x".repeat(201)))).toBe("input-too-large");
    expect(await codeOf(() => parseReference("x".repeat(200))), "control").toBe("format-unknown");
    expect(await codeOf(() => parseReference("é".repeat(101)))).toBe("input-too-large");
    expect(await codeOf(() => parseReference(""))).toBe("input-empty");
  });
});

describe("who writes one", () => {
  test("[CAR-5] holds the content against the signed root: never beside plaintext, nor beside another's content", async () => {
    const of = (content: Uint8Array): Promise<string> => codeOf(() => formatReference(artifact, content));
    expect(await of(rows.stored), "control").toBe(accepted);
    expect(await of(plaintext)).toBe("content-size");
    expect(await of(others.stored)).toBe("content-header");
    expect(await of(Uint8Array.from(rows.stored).fill(0, -1))).toBe("content-root");
    expect(await codeOf(() => formatReference({ ...artifact }, rows.stored))).toMatch(/^TypeError/);
  });

  test("[CAR-4] [CAR-5] a cover and a rehash leave it as it is, a revision has another", async () => {
    const covered = (await cover(artifact, { signer: signers.archive, clock: at(70) })).artifact;
    const before = await verified(covered, 80);
    const again = await rehash(before, {
      content: rows.stored,
      contentHash: -43,
      signer: signers.archive,
      clock: at(80),
    });
    const later = await ingest(again.artifact, trust, { evaluator, clock: at(90) });
    expect(await formatReference(later, rows.stored)).toBe(reference);
    const found = await reading(reference, { artifacts: storeOf([rows.name, again.artifact]), clock: at(90) });
    expect(found.evidence.anchors).toHaveLength(3);
    const { name } = await amend(artifact, {
      mediaType: "text/csv",
      custody: keystore,
      evaluator,
      signer: signers.issuer,
      clock: at(70),
    });
    expect(name).not.toBe(rows.name);
  });
});

describe("who reads one", () => {
  test("[CAR-5] [ING-8] gets the artifact from a store of his own and ingests it with the carried content", async () => {
    const found = await reading(reference);
    expect(found.name).toBe(rows.name);
    expect(found.checks.find(({ check }) => check === "content")?.outcome).toBe("ok");
    const slow: ArtifactStore = { get: async () => Promise.resolve(rows.artifact) };
    expect((await reading(reference, { artifacts: slow })).name).toBe(rows.name);
    const { artifact: compact } = toCompact(rows.artifact);
    const artifacts = storeOf([rows.name, compact]);
    expect(await verdict(reference, { artifacts, store: { get: () => research } })).toBe(accepted);
    expect(await verdict(reference, { artifacts }), "control: its policy is nowhere").toBe("attachment-missing");
  });

  test("[CAR-5] what was stripped is refused: a message without its reference, or without content", async () => {
    for (const none of [null, undefined, ""]) expect(await verdict(none)).toBe("input-empty");
    for (const content of [null, undefined]) expect(await verdict(reference, { content } as never)).toBe("input-empty");
    expect(await verdict(reference, { content: new Uint8Array() })).toBe("content-size");
  });

  test("[CAR-5] the name of another artifact that is valid too is refused over this content", async () => {
    const swapped = await formatReference(other, others.stored);
    expect(await verdict(swapped, { content: others.stored }), "control").toBe(accepted);
    expect(await verdict(swapped)).toBe("content-header");
  });

  test("[CAR-5] plaintext beside a reference is refused", async () => {
    expect(await verdict(reference, { content: plaintext })).toBe("content-size");
    const padded = new Uint8Array(rows.stored.length);
    padded.set(plaintext);
    expect(await verdict(reference, { content: padded })).toBe("content-header");
  });

  test("[CAR-5] what the store doesn't have, has as something else or as another state, is refused", async () => {
    const held = (bytes: Uint8Array): Partial<IngestReferencedOptions> => ({ artifacts: storeOf([rows.name, bytes]) });
    expect(await verdict(reference, held(rows.artifact)), "control").toBe(accepted);
    expect(await verdict(reference, { artifacts: storeOf() })).toBe("attachment-missing");
    expect(await verdict(reference, { ...held(others.artifact), content: others.stored })).toBe("attachment-missing");
    expect(await verdict(reference, held(encodeEnvelope(rows.artifact, rows.stored)))).toBe("format-unknown");
    expect(await verdict(reference, held(new Uint8Array(40)))).toBe("format-unknown");
    expect(await verdict(reference, held(rows.artifact.subarray(0, -1)))).toBe("cbor-truncated");
    expect(await verdict(reference, { ...held(rows.artifact), maxBytes: 100 })).toBe("input-too-large");
  });

  test("[CAR-5] a stale store doesn't put the revision before in the place of the present one, though the content is the same", async () => {
    const next = await amend(artifact, {
      mediaType: "text/csv",
      custody: keystore,
      evaluator,
      signer: signers.issuer,
      clock: at(70),
    });
    const present = await formatReference(await verified(next.artifact, 80), rows.stored);
    const by = (bytes: Uint8Array): Promise<string> =>
      verdict(present, { artifacts: storeOf([next.name, bytes]), clock: at(80) });
    expect(await by(next.artifact), "control").toBe(accepted);
    expect(await by(rows.artifact)).toBe("attachment-missing");
  });

  test("[CAR-5] what the store throws goes through; options that aren't known are refused", async () => {
    const away: ArtifactStore = { get: () => Promise.reject(new TypeError("the store is away")) };
    await expect(reading(reference, { artifacts: away })).rejects.toThrow("the store is away");
    const address = { address: "https://store.example/", artifacts: storeOf() };
    await expect(reading(reference, address as never)).rejects.toThrow(TypeError);
    await expect(reading(reference, { artifacts: undefined } as never)).rejects.toThrow(TypeError);
  });
});
