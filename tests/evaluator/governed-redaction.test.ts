// No way out: whatever prints, converts, serialises, clones or walks a governed value finds its name and no plaintext,
// before, during and after a use. Every way is shown to find plaintext where it is open.
import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect, types } from "node:util";
import { deserialize, serialize } from "node:v8";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import fc from "fast-check";
import { govern, governRecords } from "@writ/evaluator";
import type { Governed, GovernedRecords } from "@writ/evaluator";
import { beforeAll, describe, expect, test } from "vitest";
import { at, evaluator, keystore, request, sealed, verified } from "../support/scene.ts";

const secret = "patient 4711: positive";

/** What a console prints of a value. */
function printed(value: unknown, method: "log" | "dir" | "table" | "error"): string {
  let text = "";
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  new Console(sink, sink)[method](value);
  return text;
}

function posted(value: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(value);
    return receiveMessageOnPort(port2)?.message;
  } finally {
    port1.close();
  }
}

const show = (value: unknown): string => inspect(value, { depth: Infinity, showHidden: true });

/** What is shown: governed values, and open ones as the control. */
interface Shown {
  readonly label: string;
  toString(): string;
}

/** Every way that makes text or a copy of a value, by name. */
const ways: Readonly<Record<string, (value: Shown) => string>> = {
  String: (value) => String(value),
  template: (value) => `${value as unknown as string}`,
  concatenation: (value) => "" + (value as unknown as string),
  "a locale's text": (value) => [value, value].toLocaleString(),
  JSON: (value) => JSON.stringify(value),
  "JSON in a tree": (value) => JSON.stringify({ a: [value, { b: value }] }, null, 2),
  "JSON with a replacer": (value) => JSON.stringify({ value }, (_key, member: unknown) => member),
  inspect: (value) => inspect(value),
  "inspect all": show,
  "inspect raw": (value) => inspect(value, { customInspect: false, showHidden: true, getters: true, depth: Infinity }),
  "inspect in a map": (value) => show(new Map([[value, new Set([value])]])),
  "format %s": (value) => format("%s", value),
  "format %o": (value) => format("%o", value),
  "format %O": (value) => format("%O", value),
  "format %j": (value) => format("%j", value),
  "format %d": (value) => format("%d", value),
  "console.log": (value) => printed(value, "log"),
  "console.dir": (value) => printed(value, "dir"),
  "console.table": (value) => printed([value], "table"),
  "console.error": (value) => printed(new TypeError("failed", { cause: value }), "error"),
  "an error's message": (value) => show(new TypeError(String(value))),
  "an error's cause": (value) => show(new RangeError("failed", { cause: value })),
  structuredClone: (value) => show(structuredClone(value)),
  postMessage: (value) => show(posted(value)),
  serialize: (value) => serialize(value).toString("latin1"),
  deserialize: (value) => show(deserialize(serialize(value))),
  "Object.entries": (value) => show(Object.entries(value)),
  "Object.assign": (value) => show(Object.assign({}, value)),
  spread: (value) => show({ ...value }),
  "for in": (value) => {
    const seen: unknown[] = [];
    for (const name in value) seen.push(name, (value as unknown as Record<string, unknown>)[name]);
    return show(seen);
  },
  URLSearchParams: (value) => show(new URLSearchParams({ ...(value as unknown as Record<string, string>) })),
  "a sort key": (value) => show([value, value].sort((a, b) => (String(a) < String(b) ? -1 : 1))) + [value].join(),
  "a property key": (value) => Object.keys({ [String(value)]: 1 }).join(),
};

/** Own and inherited members; accessors are read on the object itself. What all objects have in common is of the platform. */
function membersOf(value: object): unknown[] {
  const members: unknown[] = [];
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (at === Object.prototype || at === Function.prototype) break;
    for (const key of Reflect.ownKeys(at)) {
      const { value: member, get, set } = Reflect.getOwnPropertyDescriptor(at, key)! as PropertyDescriptor;
      members.push(key, member, get, set);
      try {
        if (get) members.push(Reflect.get(at, key, value));
      } catch {
        // an accessor that wants another kind of object
      }
    }
  }
  return members;
}

/** Text and bytes of everything that can be reached by names, symbols, accessors, entries and prototypes. */
function reachable(root: unknown): string {
  const seen = new Set<unknown>();
  const found: string[] = [];
  const queue: unknown[] = [root];
  while (queue.length > 0) {
    const value = queue.pop();
    if (typeof value === "string" || typeof value === "symbol") found.push(String(value));
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      found.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1"));
      continue;
    }
    if (types.isAnyArrayBuffer(value)) found.push(Buffer.from(value).toString("latin1"));
    if (value instanceof Map || value instanceof Set) queue.push(...[...value.entries()].flat());
    queue.push(...membersOf(value));
  }
  return found.join("\n");
}

async function governed(content: string): Promise<Governed> {
  const { artifact, stored } = await sealed(Buffer.from(content));
  return govern(await verified(artifact), {
    evaluator,
    receipts: "none",
    custody: keystore,
    content: stored,
    clock: at(120),
  });
}

let data: Governed;
let records: GovernedRecords;
beforeAll(async () => {
  data = await governed(secret);
  records = governRecords([data, data], { onDeny: "refuse" });
});

/** Checks during a use, then after it; `check` sees the value of each time. */
async function throughout(check: (value: Shown) => void): Promise<void> {
  check(data);
  check(records);
  const used = await data.use(request, (plaintext) => {
    check(data);
    return Buffer.from(plaintext).toString();
  });
  expect(used).toMatchObject({ verdict: "permit", value: secret }); // control: the plaintext was there
  await records.use(request, (given) => {
    expect(Buffer.from(given[0]!.plaintext).toString()).toBe(secret);
    check(records);
  });
  check(data);
  check(records);
}

describe("a governed value shows its name alone", () => {
  test.each(Object.keys(ways))("[GOV-3] by %s", async (name) => {
    const way = ways[name]!;
    await throughout((value) => {
      const text = way(value);
      expect(text).not.toContain(secret);
      expect(text).not.toContain("4711");
      if (!name.endsWith("%d")) expect(text).toMatch(/\[Governed ([0-9a-f]{32}|2 records)\]/);
    });
    const open = { label: secret, toString: () => secret };
    const clonable = { label: secret };
    const usesText = /String|template|concat|locale|key|message/.test(name);
    if (!name.endsWith("%d")) expect(way(usesText ? open : clonable)).toContain(secret); // control: the way does show what is open
  });

  test("[GOV-3] no own, inherited, symbolic or hidden member leads to plaintext, artifact, content or options", async () => {
    await throughout((value) => {
      const text = reachable(value);
      expect(text).toMatch(/\[Governed/); // control: the walk reads the label
      for (const trace of [secret, "4711", "custody", "receipts", "artifact id", "urn:acme"])
        expect(text).not.toContain(trace);
      expect(Reflect.ownKeys(value).map(String)).toEqual(["label", "Symbol(nodejs.util.inspect.custom)"]);
    });
    class Hidden {
      readonly #kept = secret;
      get open(): string {
        return this.#kept;
      }
    }
    const leaks: readonly object[] = [
      { [Symbol("s")]: { deep: [secret] } },
      Object.create({ inherited: secret }) as object,
      Object.defineProperty({}, "hidden", { value: Buffer.from(secret) }),
      new Map([["k", new Set([secret])]]),
      new Hidden(),
      Object.assign(() => undefined, { of: secret }),
      { buffer: Uint8Array.from(Buffer.from(secret)).buffer },
    ];
    for (const leak of leaks) expect(reachable({ leak }), show(leak)).toContain(secret); // control
  });

  test("[GOV-3] its name can't be changed, and a clone is no governed value", () => {
    expect(() => Object.assign(data, { label: secret })).toThrow(TypeError);
    expect(() => Object.defineProperty(data, "label", { get: () => secret })).toThrow(TypeError);
    expect(structuredClone(data)).toEqual({ label: String(data) });
  });

  test("[GOV-3] property: whatever the plaintext, no way shows it", async () => {
    const names = fc.constantFrom(...Object.keys(ways));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" }),
        fc.array(names, { minLength: 4, maxLength: 4 }),
        async (content, chosen) => {
          const marked = `<${content}>`;
          const value = await governed(marked);
          const outputs = await value.use(request, (plaintext) => {
            expect(Buffer.from(plaintext).toString()).toBe(marked); // control
            return chosen.map((name) => ways[name]!(value)).concat(reachable(value));
          });
          if (outputs.verdict !== "permit") return expect.fail(outputs.verdict);
          for (const output of outputs.value) expect(output).not.toContain(marked);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("errors of a use", () => {
  test("[GOV-4] hold no plaintext, whether deciding, opening or giving back fails", async () => {
    const { artifact, stored } = await sealed(Buffer.from(secret));
    const base = { evaluator, receipts: "none", custody: keystore, content: stored, clock: at(120) } as const;
    const ingested = await verified(artifact);
    const broken = Uint8Array.from(stored).fill(0, -8);
    let appended = 0;
    const full = {
      append: (): Promise<never> => {
        appended += 1;
        return Promise.reject(new TypeError("disk full"));
      },
    };
    const failing = [
      govern(ingested, { ...base, content: broken }),
      govern(ingested, { ...base, custody: [] }),
      govern(ingested, { ...base, receipts: full }),
      govern(ingested, { ...base, as: "json" }),
      govern(ingested, { ...base, maxBytes: 3 }),
    ];
    for (const value of failing) {
      const error: unknown = await value.use(request, () => "fine").catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(error).toHaveProperty("code");
      expect(`${show(error)} ${String((error as Error).stack)}`).not.toContain("4711");
    }
    expect(appended).toBe(1);
    const own: unknown = await data
      .use(request, (plaintext) => {
        throw new RangeError(Buffer.from(plaintext).toString());
      })
      .catch((caught: unknown) => caught);
    expect(show(own)).toContain(secret); // control: what the function itself throws is its own
  });
});
