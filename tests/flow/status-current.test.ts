// Status lists over time and the network: how old one may be, what is kept of it, how it is fetched.
import { describeSigner } from "@writ/core";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { StatusReading } from "@writ/core";
import { httpsTokens, statusSource } from "@writ/evaluator/status";
import type { KeeperOptions, StatusCache } from "@writ/evaluator/status";
import { at, newSigner, trustWith } from "../support/scene.ts";
import {
  base,
  uri,
  registrar,
  stranger,
  startSeconds,
  trust,
  trusting,
  list,
  web,
  read,
  valueOf,
} from "../support/status-lists.ts";

describe("time and network", () => {
  test("[STS-8] an entry says when its list ends: its own end, the source's bound, the suite's", async () => {
    const untilOf = async (token: string, options: Partial<KeeperOptions> = {}): Promise<number | undefined> =>
      (await read({ fetch: web({ [uri]: token }).fetch, ...options })).status[0]!.until;
    expect(await untilOf(await list({}))).toBe(startSeconds + 86_400);
    expect(await untilOf(await list({}, { expires: startSeconds + 600 }))).toBe(startSeconds + 600);
    expect(await untilOf(await list({}), { maxAgeMs: 90_500 })).toBe(startSeconds + 90);
    const lapsing = trustWith((draft) => {
      draft.signers.push({ ...describeSigner(registrar, "status"), scope: [base] });
      draft.suites["ed25519"] = { verifyUntil: "2026-03-01T12:05:00Z" };
    });
    expect(await untilOf(await list({}), { trust: lapsing })).toBe(startSeconds + 300);
    let seconds = 60;
    const kept = statusSource({
      trust: lapsing,
      fetch: web({ [uri]: await list({}) }).fetch,
      clock: () => at(seconds)(),
    });
    const value = async (): Promise<string> =>
      (await kept.read([{ uri, index: 7 }], startSeconds + seconds)).status[0]!.value;
    expect(await value()).toBe("valid");
    seconds = 300;
    expect(await value()).toBe("unknown"); // a copy that was kept doesn't outlive the suite
  });

  test("[STS-6] a list that is too old, expired or unreachable is unknown", async () => {
    const token = await list({}, { expires: startSeconds + 600 });
    const { fetch } = web({ [uri]: token });
    const hour = 3_600_000;
    expect((await read({ fetch }, [7], 599)).status[0]!.value).toBe("valid");
    expect((await read({ fetch }, [7], 600)).status[0]!.value).toBe("unknown");
    const lasting = web({ [uri]: await list({}) });
    expect((await read({ fetch: lasting.fetch, maxAgeMs: hour }, [7], 3599)).status[0]!.value).toBe("valid");
    expect((await read({ fetch: lasting.fetch, maxAgeMs: hour }, [7], 3600)).status[0]!.value).toBe("unknown");
    expect((await read({ fetch: lasting.fetch }, [7], 86_400)).status[0]!.value).toBe("unknown"); // a day by default
    expect((await read({})).status[0]!.value).toBe("unknown");
  });

  test("[STS-5] of two lists of one time the first that was taken counts, until there is a later one", async () => {
    let seconds = 60;
    const net = web({ [uri]: await list({ 7: "revoked" }, { ttl: 10 }) });
    const refused: string[] = [];
    const source = statusSource({
      trust,
      fetch: net.fetch,
      clock: () => at(seconds)(),
      maxAgeMs: 3_600_000,
      onRefused: (_, why) => void refused.push(why),
    });
    const ask = async (after: number, token: Promise<string>): Promise<string | undefined> => {
      net.tokens[uri] = await token;
      seconds += after;
      return (await source.read([{ uri, index: 7 }], startSeconds + seconds)).status[0]!.value;
    };
    expect(await ask(0, list({ 7: "revoked" }, { ttl: 10 }))).toBe("revoked");
    expect(await ask(60, list({}))).toBe("revoked");
    expect(await ask(60, list({ 7: "revoked" }, { ttl: 11 }))).toBe("revoked");
    expect(refused).toEqual(["conflict", "conflict"]);
    expect(await ask(60, list({ 7: "revoked" }, { ttl: 10 }))).toBe("revoked"); // control: the same one again
    expect(refused).toHaveLength(2);
    expect(await ask(60, list({}, { issuedAt: startSeconds + 1, ttl: 10 }))).toBe("valid"); // control: a later one
    expect(await ask(60, list({ 7: "revoked" }, { ttl: 10 }))).toBe("valid");
    expect(refused[2]).toBe("older");
    expect(await ask(3600, list({ 7: "revoked" }, { ttl: 10 }))).toBe("unknown"); // too old, whichever was taken
  });

  test("[STS-5] a list signed anew, with the same payload, is the same list", async () => {
    let seconds = 60;
    const registry = newSigner("urn:acme:registrar", "p256"); // signs otherwise each time
    const tokens = [await list({}, { ttl: 10 }, registry), await list({}, { ttl: 10 }, registry)];
    expect(tokens[0]).not.toBe(tokens[1]);
    const refused: string[] = [];
    const source = statusSource({
      trust: trusting(registry),
      fetch: () => Promise.resolve(tokens.shift()!),
      clock: () => at(seconds)(),
      onRefused: (_, why) => void refused.push(why),
    });
    for (seconds of [60, 120]) {
      const { status } = await source.read([{ uri, index: 7 }], startSeconds + seconds);
      expect(status[0]!.value).toBe("valid");
    }
    expect([tokens.length, refused]).toEqual([0, []]);
  });

  test("[STS-5] an older list than was seen isn't taken, and a clock set back makes none young", async () => {
    let seconds = 60;
    const net = web({ [uri]: await list({ 7: "revoked" }, { issuedAt: startSeconds + 30, ttl: 10 }) });
    const refused: string[] = [];
    const source = statusSource({
      trust,
      fetch: net.fetch,
      clock: () => at(seconds)(),
      maxAgeMs: 3_600_000,
      onRefused: (_, why) => void refused.push(why),
    });
    const ask = async (): Promise<[string, number | undefined]> => {
      const { status } = await source.read([{ uri, index: 7 }], startSeconds + seconds);
      return [status[0]!.value, status[0]!.ageMs];
    };
    expect(await ask()).toEqual(["revoked", 30_000]);
    net.tokens[uri] = await list({}); // from before the revocation
    seconds = 120;
    expect(await ask()).toEqual(["revoked", 90_000]);
    expect(refused).toEqual(["older"]);
    seconds = 3700;
    expect((await ask())[0]).toBe("unknown"); // what was seen is too old, what there is is older
    seconds = 100;
    expect((await ask())[0]).toBe("unknown");
    net.tokens[uri] = await list({}, { issuedAt: startSeconds + 3710 });
    seconds = 3720;
    expect(await ask()).toEqual(["valid", 10_000]); // control
  });

  test("[STS-6] one fetch serves many reads and is refreshed ahead of its end", async () => {
    let seconds = 0;
    const net = web({ [uri]: await list({}, { ttl: 600 }) });
    const source = statusSource({ trust, fetch: net.fetch, clock: () => at(seconds)(), refreshAheadMs: 60_000 });
    const ask = (): Promise<StatusReading> => source.read([{ uri, index: 7 }], startSeconds + seconds);
    await Promise.all([ask(), ask(), ask()]);
    seconds = 539;
    await ask();
    expect(net.asked).toHaveLength(1);
    net.tokens[uri] = await list({ 7: "revoked" }, { issuedAt: startSeconds + 540, ttl: 600 });
    seconds = 540;
    expect((await ask()).status[0]!.value).toBe("valid"); // answered from what is there, while the new one comes
    expect(net.asked).toHaveLength(2);
    await expect.poll(async () => (await ask()).status[0]!.value).toBe("revoked");
    expect(net.asked).toHaveLength(2);
  });

  test("[STS-6] a list that doesn't say how long it is current is asked for again after 5 min", async () => {
    let seconds = 0;
    const net = web({ [uri]: await list({}) });
    const source = statusSource({ trust, fetch: net.fetch, clock: () => at(seconds)(), refreshAheadMs: 0 });
    const ask = async (): Promise<string> =>
      (await source.read([{ uri, index: 7 }], startSeconds + seconds)).status[0]!.value;
    await ask();
    net.tokens[uri] = await list({ 7: "revoked" }, { issuedAt: startSeconds + 60 });
    seconds = 299;
    expect([await ask(), net.asked.length]).toEqual(["valid", 1]);
    seconds = 300;
    expect([await ask(), net.asked.length]).toEqual(["revoked", 2]);
  });

  test("[STS-6] a server that is down is asked at most once a second, and a copy that is good serves on", async () => {
    let seconds = 0;
    const net = web({ [uri]: await list({}, { ttl: 60 }) });
    const source = statusSource({ trust, fetch: net.fetch, clock: () => at(seconds)() });
    const ask = async (): Promise<string> =>
      (await source.read([{ uri, index: 7 }], startSeconds + seconds)).status[0]!.value;
    await ask();
    delete net.tokens[uri];
    seconds = 100;
    expect([await ask(), await ask(), await ask()]).toEqual(["valid", "valid", "valid"]);
    expect(net.asked).toHaveLength(2);
    seconds = 101;
    await ask();
    expect(net.asked).toHaveLength(3);
  });

  test("[STS-5] a cache keeps what was seen over processes, and is believed no more than the network", async () => {
    const stored = new Map<string, string>();
    const cache: StatusCache = {
      get: (key) => Promise.resolve(stored.get(key) ?? null),
      put: (key, token) => Promise.resolve(void stored.set(key, token)),
    };
    const newer = await list({ 7: "revoked" }, { issuedAt: startSeconds + 30 });
    await read({ cache, fetch: web({ [uri]: newer }).fetch });
    const older = web({ [uri]: await list({}) });
    expect((await read({ cache, fetch: older.fetch })).status[0]!.value).toBe("revoked");
    expect((await read({ fetch: older.fetch })).status[0]!.value).toBe("valid"); // control: without the cache
    stored.set(uri, await list({}, { issuedAt: startSeconds + 50 }, stranger));
    expect((await read({ cache, fetch: web({ [uri]: newer }).fetch })).status[0]!.value).toBe("revoked");
    const broken: StatusCache = {
      get: () => Promise.reject(new Error("disk")),
      put: () => Promise.reject(new Error("disk")),
    };
    expect((await read({ cache: broken, fetch: web({ [uri]: newer }).fetch })).status[0]!.value).toBe("revoked");
  });

  test("wrong options are refused", () => {
    const fetch = (): Promise<string> => Promise.resolve("");
    expect(() => statusSource({ trust, fetch, ttl: 1 } as never)).toThrow(/`ttl` is not known/);
    expect(() => statusSource({ trust } as never)).toThrow(TypeError);
    expect(() => statusSource({ trust, fetch, maxAgeMs: 0 })).toThrow(RangeError);
  });
});

describe("[STS-7] tokens over HTTPS", () => {
  test("one answer, no redirect, bounded, and from nowhere else", async () => {
    const token = await list({ 7: "revoked" });
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url, headers }, answer) => {
      asked.push(headers.accept);
      if (url === "/lists/1") answer.end(token);
      else if (url === "/moved") answer.writeHead(302, { location: "/lists/1" }).end();
      else if (url === "/large") answer.end(Buffer.alloc((6 << 20) + 1, 65));
      else if (url !== "/silent") answer.writeHead(404).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const fetch = httpsTokens({ loopback: true });
      expect(await fetch(`${origin}/lists/1`)).toBe(token);
      expect(asked[0]).toContain("application/statuslist+jwt");
      for (const path of ["/moved", "/large", "/missing"])
        await expect(fetch(`${origin}${path}`), path).rejects.toThrow();
      await expect(httpsTokens({ loopback: true, timeoutMs: 50 })(`${origin}/silent`)).rejects.toThrow();
      const before = asked.length;
      await expect(httpsTokens()(`${origin}/lists/1`)).rejects.toThrow(/over https/);
      for (const place of ["http://192.0.2.1/", "file:///etc/passwd", "https://a:b@c.example/", "no uri"])
        await expect(fetch(place), place).rejects.toThrow(TypeError);
      expect(asked).toHaveLength(before);
      expect(await valueOf(token, { fetch: (where) => fetch(`${origin}${new URL(where).pathname}`) })).toBe("revoked");
    } finally {
      server.closeAllConnections();
      await once(server.close(), "close");
    }
    expect(() => httpsTokens({ timeoutMs: 0 })).toThrow(RangeError);
    expect(() => httpsTokens({ proxy: 1 } as never)).toThrow(/`proxy` is not known/);
  });
});
