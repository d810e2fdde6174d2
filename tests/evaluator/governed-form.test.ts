// The forms of governed plaintext: bytes, streams, JSON. Each is there inside the function and gone afterwards.
import { inspect } from "node:util";
import fc from "fast-check";
import { govern } from "@writ/evaluator";
import type { Forms, Governed, GovernOptions } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { at, codeOf, drain, evaluator, keystore, memorySink, request, sealed, verified } from "../support/scene.ts";

const mebibyte = 1 << 20;

interface Scene<F extends keyof Forms> {
  readonly data: Governed<Forms[F]>;
  readonly sink: ReturnType<typeof memorySink>;
}

async function governed<F extends keyof Forms>(
  as: F,
  content: Uint8Array,
  change: (stored: Uint8Array) => Partial<GovernOptions> = () => ({}),
): Promise<Scene<F>> {
  const { artifact, stored } = await sealed(content);
  const sink = memorySink();
  const base = { evaluator, receipts: sink, custody: keystore, content: stored, clock: at(120) };
  return { data: govern(await verified(artifact), { ...base, ...change(stored), as }), sink };
}

/** Detached, or zeroed. */
function isGone(segment: Uint8Array): boolean {
  return (segment.buffer as ArrayBuffer).detached || segment.every((byte) => byte === 0);
}

const json = (text: string): Promise<Scene<"json">> => governed("json", Buffer.from(text));

describe("streams", () => {
  const large = Buffer.alloc(2 * mebibyte + 7, 0xa5);

  test("[GOV-1] a stream gives what was sealed, of any size, and its release receipt says how much", async () => {
    const { data, sink } = await governed("stream", large, () => ({ maxBytes: 8 }));
    const used = await data.use(request, async (segments) => (await drain(segments)).equals(large));
    expect(used).toMatchObject({ verdict: "permit", value: true });
    expect(sink.bodies.at(-1)).toMatchObject({ kind: "release", exit: "complete", releasedBytes: large.length });
  });

  test("[GOV-2] each segment is gone when the next is asked for, and the last when the function ends", async () => {
    const { data } = await governed("stream", large);
    const kept: Uint8Array[] = [];
    const gone = (): boolean[] => kept.map(isGone);
    const seen: boolean[][] = [];
    await data.use(request, async (segments) => {
      for await (const segment of segments) {
        kept.push(segment);
        seen.push(gone());
      }
    });
    expect(seen).toEqual([[false], [true, false], [true, true, false]]); // control: the present one is there
    expect(gone()).toEqual([true, true, true]);
  });

  test("[GOV-2] a stream that was left early or kept gives nothing afterwards", async () => {
    const { data, sink } = await governed("stream", large);
    let kept: AsyncIterable<Uint8Array> | undefined;
    let first: Uint8Array | undefined;
    await data.use(request, async (segments) => {
      kept = segments;
      const { value } = (await segments[Symbol.asyncIterator]().next()) as { value: Uint8Array };
      first = value;
      expect(value[0]).toBe(0xa5); // control
    });
    expect(isGone(first!)).toBe(true);
    expect((await drain(kept!)).length).toBe(0);
    expect(sink.bodies.at(-1)).toMatchObject({ kind: "release", exit: "aborted" });
  });

  test("[GOV-2] a segment that was asked for but not awaited doesn't arrive once the function has ended", async () => {
    const { data } = await governed("stream", large);
    let late: Promise<IteratorResult<Uint8Array>> | undefined;
    await data.use(request, (segments) => {
      late = segments[Symbol.asyncIterator]().next();
    });
    expect(await late).toEqual({ done: true, value: undefined });
  });

  test("a function that ignores a broken stream doesn't make the use whole", async () => {
    const broken = (stored: Uint8Array): { content: Uint8Array } => {
      const content = Uint8Array.from(stored);
      content[content.length - 20]! ^= 1;
      return { content };
    };
    const { data } = await governed("stream", large, broken);
    const ignoring = async (segments: AsyncIterable<Uint8Array>): Promise<number> => {
      let bytes = 0;
      try {
        for await (const segment of segments) bytes += segment.length;
      } catch {
        return bytes;
      }
      return expect.fail("the change was not found");
    };
    expect(await codeOf(() => data.use(request, ignoring))).toMatch(/^content-/);
  });
});

describe("JSON", () => {
  test("[GOV-1] the function gets the value", async () => {
    const { data } = await json('[{"id":1,"name":"ada"},{"id":2.5,"name":null}]');
    const used = await data.use(request, (rows) => (rows as { id: number }[]).map(({ id }) => id));
    expect(used).toMatchObject({ verdict: "permit", value: [1, 2.5] });
  });

  test("[GOV-4] content that is no JSON is refused, and the message shows nothing of it", async () => {
    const secret = "diagnosis-of-ada";
    const cases: readonly (readonly [string, string])[] = [
      [`{"a": ${secret}}`, "json-invalid"],
      [secret, "json-invalid"],
      [`{"${secret}": 1, "${secret}": 2}`, "json-duplicate-member"],
      [`${"[".repeat(80)}"${secret}"${"]".repeat(80)}`, "json-invalid"],
    ];
    for (const [text, code] of cases) {
      const { data } = await json(text);
      const error: unknown = await data.use(request, () => expect.fail("called")).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(secret);
    }
    const { data } = await governed("json", Buffer.from([0x22, 0xff, 0x22]));
    expect(await codeOf(() => data.use(request, () => undefined))).toBe("json-invalid");
    const plain: unknown = (() => {
      try {
        return JSON.parse(secret) as unknown;
      } catch (error) {
        return error;
      }
    })();
    expect(String(plain)).toContain(secret.slice(0, 8)); // control: the platform's own message does show it
  });

  test("property: a value goes through as JSON has it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const text = JSON.stringify(value);
        const { data } = await json(text);
        const used = await data.use(request, (given) => JSON.stringify(given));
        expect(used).toMatchObject({ verdict: "permit", value: JSON.stringify(JSON.parse(text)) });
      }),
      { numRuns: 25 },
    );
  });
});

describe("options", () => {
  test("a form that there isn't, and memory beyond the limit, are refused", async () => {
    await expect(governed("rows" as never, Buffer.from("x"))).rejects.toThrow(TypeError);
    await expect(governed("toString" as never, Buffer.from("x"))).rejects.toThrow(TypeError);
    const { data } = await governed("json", Buffer.from("[1,2,3]"), () => ({ maxBytes: 6 }));
    expect(await codeOf(() => data.use(request, () => undefined))).toBe("input-too-large");
  });

  test("what isn't a governed value can't be used as one", async () => {
    const { data } = await json("1");
    const use = Object.getPrototypeOf(data).use as (...args: unknown[]) => Promise<unknown>;
    for (const other of [{}, structuredClone(data), Object.create(data) as object, new Proxy(data, {})]) {
      await expect(use.call(other, request, () => 1)).rejects.toThrow(TypeError);
    }
    expect(await use.call(data, request, () => 1)).toMatchObject({ value: 1 }); // control
  });
});
