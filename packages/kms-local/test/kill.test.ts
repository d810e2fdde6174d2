import { CreateKeyCommand, DecryptCommand, EncryptCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KmsServer } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { bytes, clientOf, start } from "./client.ts";

function newState(): { folder: string; stateFile: string } {
  const folder = mkdtempSync(join(tmpdir(), "kms-kill-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, stateFile: join(folder, "state.json") };
}

async function startChild(stateFile: string): Promise<{ child: ChildProcess; server: KmsServer }> {
  const execArgv = ["--conditions=@writ/source"];
  const child = fork(new URL("server-process.ts", import.meta.url), [JSON.stringify({ stateFile })], { execArgv });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [server] = (await once(child, "message")) as [KmsServer];
  return { child, server };
}

/** The keys' ids that a new server finds, once the state file is what it has to be. */
async function survivors(folder: string, stateFile: string): Promise<{ server: KmsServer; keys: string[] }> {
  const server = await start({ stateFile });
  const { Keys = [] } = await clientOf(server).send(new ListKeysCommand({}));
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["state.json"]); // nothing half-written stays
  expect(JSON.parse(readFileSync(stateFile, "utf8"))).toMatchObject({ format: "kms-local", version: 1 });
  return { server, keys: Keys.map((key) => key.KeyId ?? "") };
}

// The calls of one write: rm, open, write, sync, close, rename, open the folder, sync, close.
const points = Array.from({ length: 9 }, (_, i) => ({ killAt: i + 1, tears: false }));

test.each([...points, { killAt: 3, tears: true }])(
  "killed at call $killAt of a write (in its middle: $tears), the file is the state before or after it",
  async ({ killAt, tears }) => {
    const { folder, stateFile } = newState();
    const { child, server } = await startChild(stateFile);
    const kms = clientOf(server);
    const first = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: first, Plaintext: bytes("kept") }));
    child.send({ killAt, tears });
    await once(child, "message");
    const gone = once(child, "exit");
    await expect(kms.send(new CreateKeyCommand({}))).rejects.toThrow();
    expect((await gone)[1]).toBe("SIGKILL");
    const after = await survivors(folder, stateFile);
    expect(after.keys).toContain(first);
    expect(after.keys).toHaveLength(killAt > 6 ? 2 : 1); // renamed or not
    const opened = await clientOf(after.server).send(new DecryptCommand({ CiphertextBlob }));
    expect(opened.Plaintext).toEqual(bytes("kept"));
  },
);

test("killed beyond the last call, the write was answered: the points above are all there are", async () => {
  const { folder, stateFile } = newState();
  const { child, server } = await startChild(stateFile);
  child.send({ killAt: points.length + 1, tears: false });
  await once(child, "message");
  const { KeyMetadata } = await clientOf(server).send(new CreateKeyCommand({}));
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await survivors(folder, stateFile)).keys).toEqual([KeyMetadata?.KeyId]);
});

test("killed in full work, nothing that was answered is lost", async () => {
  const { folder, stateFile } = newState();
  const { child, server } = await startChild(stateFile);
  const kms = clientOf(server);
  const answered: string[] = [];
  const create = async (): Promise<void> => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    answered.push(KeyMetadata?.KeyId ?? "");
    if (answered.length === 20) child.kill("SIGKILL");
  };
  const gone = once(child, "exit");
  await Promise.allSettled(Array.from({ length: 60 }, create));
  await gone;
  const { keys } = await survivors(folder, stateFile);
  expect(answered.length).toBeGreaterThanOrEqual(20);
  expect(keys).toEqual(expect.arrayContaining(answered));
});

test("what a killed server left beside the file goes, what belongs to others stays", async () => {
  const { folder, stateFile } = newState();
  const { child, server } = await startChild(stateFile);
  await clientOf(server).send(new CreateKeyCommand({}));
  child.send({ killAt: 3, tears: true });
  await once(child, "message");
  const gone = once(child, "exit");
  await expect(clientOf(server).send(new CreateKeyCommand({}))).rejects.toThrow();
  await gone;
  const left = readdirSync(folder).filter((name) => name !== "state.json");
  expect(left).toEqual([`state.json.${child.pid}.tmp`]); // control: there was something to remove
  const other = join(folder, "other.json.1.tmp");
  writeFileSync(other, "x");
  await start({ stateFile });
  expect(existsSync(other)).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(["other.json.1.tmp", "state.json"]);
});
