// A process that has verified much before answers as one that has verified nothing: what is kept makes an answer quicker, never another.
import { describe, expect, test, vi } from "vitest";
import { nameOf } from "@writ/core";
import type { DecisionRequest, Digest, Evaluator, Store, TrustPolicy } from "@writ/core";
import { toCompact } from "@writ/core/portable";
import { drain, keystore, request } from "../support/scene.ts";
import { makeCorpus } from "./corpus.ts";
import { mutantsOf } from "./mutation.ts";
import { slow } from "./ours.ts";

const corpus = await makeCorpus();
const clock = (): number => corpus.now * 1000;

/** One process's reader: core and evaluator with whatever they keep. */
interface Reader {
  readonly core: typeof import("@writ/core");
  readonly trust: TrustPolicy;
  readonly evaluator: Evaluator;
}

/** A reader that has kept nothing yet: modules of its own. */
async function coldReader(): Promise<Reader> {
  vi.resetModules();
  const core = await import("@writ/core");
  const { createEvaluator } = await import("@writ/evaluator");
  return { core, trust: core.parseTrust(corpus.trustText), evaluator: createEvaluator() };
}

/** What is asked of a reader. */
interface Case {
  readonly name: string;
  readonly artifact: Uint8Array;
  readonly content: Uint8Array;
  readonly store?: Store;
}

const coded = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

/** Everything that a reader answers: what ingest, a decision and opening give, or the code of the first that refuses. */
async function outcome({ core, trust, evaluator }: Reader, { artifact: bytes, content, store }: Case): Promise<string> {
  const answers: unknown[] = [];
  try {
    const options = { clock, ...(store ? { store } : {}) };
    const artifact = await core.ingest(bytes, trust, options);
    const { name, evidence, lineage, classification, wrapEra, deadline, checks } = artifact;
    answers.push(name, evidence.standing, evidence.era, lineage, classification, wrapEra, deadline, checks);
    for (const operation of ["read", "train", "delete"] as const) {
      const asked: DecisionRequest = { ...request, operation };
      const decision = await core.decide(artifact, asked, {
        evaluator,
        receipts: "none",
        clock,
        state: { status: [] },
      });
      const { permit, ...answer } = decision;
      answers.push(answer, permit?.head, permit?.request, permit?.until);
      if (permit !== null && operation === "read")
        answers.push(nameOf(await drain(core.open(artifact, permit, { custody: keystore, content, clock }))));
    }
  } catch (error) {
    answers.push(coded(error));
  }
  return JSON.stringify(answers, (_, value: unknown) => {
    if (value instanceof Set) return [...(value as ReadonlySet<unknown>)];
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
}

const storeOf = (messages: readonly Uint8Array[]): Store => {
  const byName = new Map(messages.map((message) => [nameOf(message), message]));
  return { get: (name: Digest) => byName.get(name) };
};

/** A store that lacks one message, or gives other bytes under its name: flipped ones, or another message. */
function lyingStore(messages: readonly Uint8Array[], index: number, lie: number): Store {
  const faithful = storeOf(messages);
  const named = nameOf(messages[index]!);
  const flipped = Uint8Array.from(messages[index]!);
  flipped[(index * 97) % flipped.length]! ^= 1;
  const other = [undefined, flipped, messages[(index + 1) % messages.length]][lie % 3];
  return { get: (name) => (name === named ? other : faithful.get(name)) };
}

/** A case without its attachments, by a store that has them and by some that lie. */
function compactCases({ name, artifact, content }: Case): readonly Case[] {
  const { artifact: compact, removed } = toCompact(artifact);
  const lies = removed.slice(0, 4 * slow).map((_, index) => lyingStore(removed, index, index + removed.length));
  return [storeOf(removed), ...lies].map((store, index) => ({
    name: `${name}, compact, store ${index}`,
    artifact: compact,
    content,
    store,
  }));
}

const valid: readonly Case[] = corpus.bases;
const cases: Case[] = [...valid, ...valid.flatMap(compactCases)];
for await (const { artifact, content, base, kind } of mutantsOf(corpus, 7, 40 * slow))
  cases.push({ name: `${kind} of ${base.name}`, artifact, content: content ?? base.content });

/** Cases in which a reader that has seen all that is valid answers differently from one that has seen nothing, or from itself. */
async function differing(warm: Reader, asked: readonly Case[]): Promise<readonly string[]> {
  for (const each of valid) await outcome(warm, each);
  const found: string[] = [];
  for (const each of asked) {
    const cold = await outcome(await coldReader(), each);
    const again = { ...warm, trust: warm.core.parseTrust(corpus.trustText) };
    for (const [how, reader] of Object.entries({ first: warm, second: warm, again })) {
      const answer = await outcome(reader, each);
      if (answer !== cold) found.push(`${each.name}, ${how}: ${answer.slice(-200)}, not ${cold.slice(-200)}`);
    }
  }
  return found;
}

describe("cold and warm", () => {
  test(
    "[ING-1] [BAT-4] [POM-1] [ATT-5] [DEC-2] what was verified before changes no answer",
    { timeout: 3_600_000 },
    async () => {
      expect(await differing(await coldReader(), cases)).toEqual([]);
    },
  );

  test("control: a reader that answers by something else is found, and modules are new ones", async () => {
    const warm = await coldReader();
    expect((await coldReader()).core.ingest).not.toBe(warm.core.ingest);
    const trust = warm.core.parseTrust(corpus.trustText.replaceAll("urn:acme:privacy-office", "urn:acme:nobody"));
    expect((await differing({ ...warm, trust }, valid.slice(0, 3))).length).toBeGreaterThan(0);
  });
});
