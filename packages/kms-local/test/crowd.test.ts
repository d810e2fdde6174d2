import { GenerateRandomCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { KmsOptions, KmsServer } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { clientOf, refusalName, region } from "./client.ts";

const crowd = 1000;
const mebibyte = 1_048_576;
const scope = `Credential=AKIDROOT/20260101/${region}/kms/aws4_request`;

function head(operation: string, length: number): string {
  return [
    "POST / HTTP/1.1",
    "Host: x",
    `X-Amz-Target: TrentService.${operation}`,
    `Authorization: AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    `Content-Length: ${length}`,
    "",
    "",
  ].join("\r\n");
}

interface Child {
  readonly server: KmsServer;
  /** Bytes in use after a collection. */
  readonly memory: () => Promise<number>;
}

async function startChild(options: KmsOptions = {}): Promise<Child> {
  const execArgv = ["--conditions=@writ/source", "--expose-gc"];
  const child: ChildProcess = fork(new URL("server-process.ts", import.meta.url), [JSON.stringify(options)], {
    execArgv,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [server] = (await once(child, "message")) as [KmsServer];
  const memory = async (): Promise<number> => {
    child.send("memory");
    const [{ bytes }] = (await once(child, "message")) as [{ bytes: number }];
    return bytes;
  };
  return { server, memory };
}

async function open(server: KmsServer): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {}); // resets are part of the exercise
  await once(socket, "connect");
  return socket;
}

function openAll(server: KmsServer): Promise<Socket[]> {
  return Promise.all(Array.from({ length: crowd }, () => open(server)));
}

async function closeAll(sockets: readonly Socket[]): Promise<void> {
  const closed = sockets.filter((socket) => !socket.destroyed).map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}

test("1,000 clients that stop in the middle leave others served and memory flat", async () => {
  const { server, memory } = await startChild();
  const kms = clientOf(server);
  const used: number[] = [];
  for (let round = 0; round < 3; round++) {
    const sockets = await openAll(server);
    for (const socket of sockets) socket.write(`${head("Encrypt", 200_000)}{"Plaintext":"${"A".repeat(4000)}`);
    expect(await refusalName(kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 })))).toBe("none");
    // All that a waiting request holds is what it sent, not what it announced.
    expect(await memory()).toBeLessThan(crowd * 50_000 + 40 * mebibyte);
    await closeAll(sockets);
    expect(await refusalName(kms.send(new ListKeysCommand({})))).toBe("none");
    used.push(await memory());
  }
  const [first = 0, , last = 0] = used;
  expect(last - first).toBeLessThan(8 * mebibyte);
});

test("1,000 connections at once are all answered", async () => {
  const { server, memory } = await startChild();
  const before = await memory();
  const sockets = await openAll(server);
  const body = '{"NumberOfBytes":32}';
  const answers = sockets.map(async (socket) => {
    const [data] = (await once(socket, "data")) as [Buffer];
    return data.toString().slice(0, 15);
  });
  for (const socket of sockets) socket.write(head("GenerateRandom", body.length) + body);
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 200 OK"]));
  await closeAll(sockets);
  expect((await memory()) - before).toBeLessThan(8 * mebibyte);
});

test("1,000 clients that never finish are told so and let go", async () => {
  const { server } = await startChild({ requestTimeoutMs: 500 });
  const sockets = await openAll(server);
  const ends = sockets.map(async (socket) => {
    const [data] = (await once(socket, "data")) as [Buffer];
    return /^HTTP\/1\.1 408 [\s\S]*"RequestTimeoutException"/.test(data.toString());
  });
  for (const socket of sockets) socket.write(`${head("Encrypt", 100)}{`);
  expect(new Set(await Promise.all(ends))).toEqual(new Set([true]));
  await closeAll(sockets);
});

test("a client that asks and asks and never reads is held back, not stored", async () => {
  const { server, memory } = await startChild();
  const before = await memory();
  const socket = await open(server);
  socket.pause();
  const body = '{"NumberOfBytes":1024}';
  const request = head("GenerateRandom", body.length) + body;
  for (let i = 0; i < 100; i++) socket.write(request.repeat(1000));
  const serveOthers = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await clientOf(server).send(new ListKeysCommand({}));
  };
  for (let left = Infinity; socket.writableLength < left; await serveOthers()) left = socket.writableLength;
  expect(socket.writableLength).toBeGreaterThan(10 * mebibyte); // control: most of it was never taken
  expect((await memory()) - before).toBeLessThan(40 * mebibyte);
  expect(await refusalName(clientOf(server).send(new ListKeysCommand({})))).toBe("none");
  await closeAll([socket]);
});
