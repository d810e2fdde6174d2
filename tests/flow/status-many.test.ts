// Many lists at once: a service for many issuers keeps what it fetched, within a bound of memory and not of their number.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { describeSigner } from "@writ/core";
import { signStatusList, statusSource } from "@writ/evaluator/status";
import { at, newSigner, start, trustWith } from "../support/scene.ts";

const registrar = newSigner("urn:acme:registrar", "ed25519");
const trust = trustWith((draft) =>
  draft.signers.push({ ...describeSigner(registrar, "status"), scope: ["https://status.example/"] }),
);

async function listsOf(count: number, size: number): Promise<ReadonlyMap<string, string>> {
  const lists = new Map<string, string>();
  for (let index = 0; index < count; index += 1) {
    const uri = `https://status.example/${index}`;
    lists.set(uri, await signStatusList({ uri, size, entries: new Map(), issuedAt: start / 1000 - 60 }, registrar));
  }
  return lists;
}

/** Reads an entry of each list one after another, as decisions about artifacts of many issuers do; twice, `laterMs` apart. */
async function readTwice(lists: ReadonlyMap<string, string>, laterMs: number) {
  let fetched = 0;
  let now = at(0)();
  const source = statusSource({
    trust,
    clock: () => now,
    fetch: (uri) => {
      fetched += 1;
      return Promise.resolve(lists.get(uri)!);
    },
  });
  const valid = async (): Promise<number> => {
    let found = 0;
    for (const uri of lists.keys()) {
      const { status } = await source.read([{ uri, index: 3 }], Math.floor(now / 1000));
      if (status[0]!.value === "valid") found += 1;
    }
    return found;
  };
  const first = await valid();
  const once = fetched;
  now += laterMs;
  return { first, second: await valid(), once, again: fetched - once };
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

describe("many lists", () => {
  test("[STS-6] that nobody can fetch leave nothing behind, and each is asked for once a second all the same", async () => {
    let now = at(0)();
    let asked = 0;
    const source = statusSource({
      trust,
      clock: () => now,
      fetch: () => {
        asked += 1;
        return Promise.reject(new Error("ECONNREFUSED"));
      },
    });
    const read = (uri: string): Promise<unknown> => source.read([{ uri, index: 3 }], Math.floor(now / 1000));
    const before = heapBytes();
    for (let index = 0; index < 30_000; index += 1) {
      if (index % 100 === 0) now += 1000;
      await read(`https://status.example/${index}/${"x".repeat(1000)}`);
    }
    expect(asked).toBe(30_000);
    expect(heapBytes() - before).toBeLessThan(15e6); // 30 MB of URIs
    const again = "https://status.example/again";
    for (const laterMs of [0, 999, 1]) {
      now += laterMs;
      await read(again);
    }
    expect(asked).toBe(30_002);
  });

  test("[STS-6] are each fetched once and serve on: none becomes unknown for another's sake", async () => {
    expect(await readTwice(await listsOf(100, 8), 0)).toEqual({ first: 100, second: 100, once: 100, again: 0 });
  });

  test("[STS-6] control: large ones are kept within a bound, and fetched again", async () => {
    const { first, second, once, again } = await readTwice(await listsOf(20, 4 << 23), 2000);
    expect([first, second, once]).toEqual([20, 20, 20]);
    expect(again).toBeGreaterThan(0);
  });
});
