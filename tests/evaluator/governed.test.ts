// Governed bytes: plaintext inside the function only, one permit a use, nothing in what prints.
import { format, inspect } from "node:util";
import { createEvaluator, govern } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { at, codeOf, evaluator, keystore, memorySink, request, sealed, verified } from "../support/scene.ts";

const secret = "ten rows of data";

async function governed(
  change: object = {},
): Promise<{ sink: ReturnType<typeof memorySink>; data: ReturnType<typeof govern> }> {
  const { artifact, stored } = await sealed(Buffer.from(secret));
  const sink = memorySink();
  const data = govern(await verified(artifact), {
    evaluator,
    receipts: sink,
    custody: keystore,
    content: stored,
    clock: at(120),
    ...change,
  });
  return { sink, data };
}

describe("governed bytes", () => {
  test("a permitted use gives the plaintext and its result, with a decision and a release receipt", async () => {
    const { sink, data } = await governed();
    const used = await data.use(request, (plaintext) => Buffer.from(plaintext).toString());
    expect(used).toMatchObject({ verdict: "permit", value: secret });
    expect(sink.bodies.map(({ kind }) => kind)).toEqual(["decision", "release"]);
  });

  test("a denied and an unknown use are values; the function isn't called and nothing is opened", async () => {
    const { sink, data } = await governed();
    const never = (): never => expect.fail("called without a permit");
    const { region: _region, ...withoutRegion } = request;
    expect(await data.use({ ...request, operation: "train" }, never)).toMatchObject({ verdict: "deny" });
    expect(await data.use(withoutRegion, never)).toMatchObject({
      verdict: "unknown",
      decision: { missing: [{ fact: "region", suppliedBy: "caller" }] },
    });
    expect(sink.bodies.map(({ kind }) => kind)).toEqual(["decision", "decision"]);
  });

  test("[DEC-7] [GOV-1] a use ends with what proves its principal: then it is a deny, and the function isn't called", async () => {
    const expiring = (seconds: number): object => ({ state: { principalExpires: at(seconds)() / 1000 } });
    const { data } = await governed(expiring(121));
    expect(await data.use(request, () => "read")).toMatchObject({ verdict: "permit" }); // control
    const { data: late } = await governed(expiring(120));
    const used = await late.use(request, () => expect.fail("called without a permit"));
    expect(used).toMatchObject({ verdict: "deny", decision: { reasons: [{ code: "principal-expired" }] } });
  });

  test("each use is decided anew and spends a permit of its own", async () => {
    const { sink, data } = await governed();
    await data.use(request, () => undefined);
    await data.use(request, () => undefined);
    expect(sink.bodies.filter(({ kind }) => kind === "decision")).toHaveLength(2);
    expect(sink.bodies.filter(({ kind }) => kind === "release")).toHaveLength(2);
  });

  test("the buffer is zeroed when the function has ended, and when it throws", async () => {
    const { data } = await governed();
    const kept: Uint8Array[] = [];
    const seen: boolean[] = [];
    const look = async (plaintext: Uint8Array): Promise<void> => {
      await Promise.resolve();
      kept.push(plaintext);
      seen.push(plaintext.some((byte) => byte !== 0)); // control: inside the function it isn't zero
    };
    await data.use(request, look);
    await expect(
      data.use(request, async (plaintext) => {
        await look(plaintext);
        throw new RangeError("the caller's own");
      }),
    ).rejects.toThrow(RangeError);
    expect(seen).toEqual([true, true]);
    expect(kept.map((plaintext) => plaintext.every((byte) => byte === 0))).toEqual([true, true]);
    expect(kept.map(({ length }) => length)).toEqual([secret.length, secret.length]);
  });

  test("whatever prints or copies it shows its name and nothing else", async () => {
    const { data } = await governed();
    const name = /^\[Governed [0-9a-f]{32}\]$/;
    const prints = [
      String(data),
      inspect(data),
      format("%s", data),
      format("%o", data),
      JSON.parse(JSON.stringify(data)),
    ];
    for (const text of prints) expect(text).toMatch(name);
    const copies = [structuredClone(data), Object.fromEntries(Object.entries(data))];
    for (const copy of copies) expect(copy).toEqual({ label: expect.stringMatching(name) });
    expect(inspect(data, { showHidden: true, depth: Infinity })).toMatch(name);
    expect(Object.keys(data)).toEqual(["label"]);
    expect(inspect({ plain: secret })).toContain(secret); // control: what isn't governed does show
  });

  test("content beyond the limit and unknown options are refused before anything is decided", async () => {
    const { sink, data } = await governed({ maxBytes: 8 });
    expect(await codeOf(() => data.use(request, () => undefined))).toBe("input-too-large");
    expect(sink.bodies).toEqual([]);
    await expect(governed({ onDeny: "filter" })).rejects.toThrow(TypeError);
  });

  test("one evaluator decides like another of the same id", async () => {
    const { data } = await governed({ evaluator: createEvaluator() });
    expect(createEvaluator().id).toBe(evaluator.id);
    expect(await data.use(request, () => 1)).toMatchObject({ verdict: "permit", value: 1 });
  });
});
