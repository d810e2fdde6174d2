// The command as a process of its own: sockets, what is loaded, signals, full disks, several at once, keys in a KMS.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { CreateKeyCommandInput } from "@aws-sdk/client-kms";
import { custodySigner, describeSigner } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/repository.ts";
import { authority, policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const bin = join(root, "packages/cli/bin/writ.mjs");
const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
let place: Workplace;

beforeAll(async () => {
  place = await workplace();
  place.put("policy.json", policyDocument());
  place.put("data/plain.csv", "a,b\n1,2\n");
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.policy");
  place.put(
    "no-network.mjs",
    `
    import dgram from "node:dgram"; import dns from "node:dns"; import net from "node:net";
    const refuse = (what) => () => { process.stderr.write("NETWORK " + what + "\\n"); process.exit(99); };
    net.Socket.prototype.connect = refuse("connect"); dgram.Socket.prototype.send = refuse("send");
    dns.lookup = refuse("lookup"); dns.promises.lookup = refuse("lookup");
    (await import("node:module")).syncBuiltinESMExports();
  `,
  );
  place.put(
    "loaded.mjs",
    `
    import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => { process.stderr.write("LOADED " + url + "\\n"); return next(url, context); } });
  `,
  );
});
afterAll(() => place.remove());

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `writ` as a process; `preload` is a module of the workplace. */
async function child(
  argv: readonly string[],
  options: { readonly preload?: string; readonly env?: Record<string, string> } = {},
): Promise<Ended> {
  const flags = options.preload === undefined ? [] : ["--import", join(place.folder, options.preload)];
  const env = { PATH: process.env["PATH"] ?? "", WRIT_HOME: place.home, ...options.env };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, bin, ...argv], {
      cwd: place.folder,
      env,
    });
    return { exit: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exit: code, stdout, stderr };
  }
}

const remote = {
  AWS_ENDPOINT_URL_KMS: "http://127.0.0.1:9",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "k",
  AWS_SECRET_ACCESS_KEY: "s",
  AWS_MAX_ATTEMPTS: "1",
};
const sealToKms = [
  "seal",
  "data/plain.csv",
  "--policy",
  "policy.policy",
  "--key",
  "aws-kms:alias/data",
  "-o",
  "never.writ",
];

describe("the process", () => {
  test("[CLI-14] verify, and all that reads files alone, opens no socket", async () => {
    for (const argv of [
      ["verify", "data/plain.csv.writ"],
      ["inspect", "data/plain.csv.writ"],
      ["check", "data/plain.csv.writ", ...read],
      ["lineage", "data/plain.csv.writ"],
      ["trust", "show"],
    ]) {
      expect(await child(argv, { preload: "no-network.mjs", env: remote })).toMatchObject({ exit: 0 });
    }
  });

  test("control: the preload ends a process that connects", async () => {
    const ended = await child(sealToKms, { preload: "no-network.mjs", env: remote });
    expect(ended).toMatchObject({ exit: 99, stderr: expect.stringMatching(/NETWORK/) as unknown });
  });

  test("[CLI-21] loads an SDK only for a command that needs it, and for help nothing but the parser", async () => {
    const loaded = async (argv: readonly string[]): Promise<string[]> =>
      [...(await child(argv, { preload: "loaded.mjs", env: remote })).stderr.matchAll(/^LOADED (.*)$/gm)].map(
        (match) => match[1] ?? "",
      );
    const verify = await loaded(["verify", "data/plain.csv.writ"]);
    expect(verify.filter((url) => /aws-sdk|smithy|custody-aws|kms-local|reanchor/.test(url))).toEqual([]);
    expect(verify.some((url) => url.includes("/packages/core/src/"))).toBe(true);
    expect(verify.filter((url) => /\/packages\/[^/]+\/dist\//.test(url))).toEqual([]); // one source, or classes stand twice
    expect((await loaded(["--help"])).filter((url) => /\/packages\/(?!cli)/.test(url))).toEqual([]);
    expect((await loaded(sealToKms)).some((url) => url.includes("client-kms"))).toBe(true);
  });

  test("[CLI-2] an unforeseen fault has a code and a next step, and its stack only where WRIT_DEBUG asks", async () => {
    const broken = {
      now: (): number => {
        throw new RangeError("the clock is broken");
      },
    };
    const ran = await place.writ(["verify", "data/plain.csv.writ"], broken);
    expect(ran.exit).toBe(1);
    expect(ran.stderr).toMatch(/^writ: internal: .*\n {2}next: .*WRIT_DEBUG=1.*\n$/);
    const debug = await place.writ(["verify", "data/plain.csv.writ"], { ...broken, env: { WRIT_DEBUG: "1" } });
    expect(debug.stderr).toMatch(/the clock is broken\n\s+at /);
  });

  test("[CLI-1] a full disk behind stdout is told", async () => {
    const shell = spawn("sh", ["-c", `"$0" "$1" inspect data/plain.csv.writ > /dev/full`, process.execPath, bin], {
      cwd: place.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    shell.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [exit] = (await once(shell, "close")) as [number];
    expect({ exit, said }).toMatchObject({ exit: 3, said: expect.stringContaining("output-unwritable") as unknown });
  });

  test("[CLI-13] several at once write one log, whose chains and roots hold", async () => {
    const runs = await Promise.all(
      Array.from({ length: 6 }, () => child(["open", "data/plain.csv.writ", ...read, "--receipts", "shared.receipts"])),
    );
    expect(runs.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0]);
    const { uses } = (
      await place.ok("receipts", "data/plain.csv.writ", "--receipts", "shared.receipts", "--json")
    ).json<{ uses: { rootedBy: string | null; kind: string }[] }>();
    expect(uses.filter(({ kind }) => kind === "release")).toHaveLength(6);
    expect(uses.every(({ rootedBy }) => rootedBy === authority)).toBe(true);
    const log = place.read("shared.receipts");
    const middle = log.indexOf("AcademicResearch", log.length >> 1);
    log[middle] = (log[middle] ?? 0) ^ 1;
    place.put("altered.receipts", log);
    expect((await place.writ(["receipts", "data/plain.csv.writ", "--receipts", "altered.receipts"])).exit).toBe(10);
  });
});

describe("keys in a KMS", () => {
  test("[CLI-22] writ kms serves until Ctrl-C; data is sealed to its keys, signed by them and opened with them", async () => {
    const server = spawn(process.execPath, [bin, "kms", "--json"], {
      cwd: place.folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], WRIT_HOME: place.home },
    });
    try {
      const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
      const serving = JSON.parse(line) as { endpoint: string };
      expect(schemaFaults("kms", serving)).toEqual([]);
      const region = "eu-central-1";
      const credentials = { accessKeyId: "k", secretAccessKey: "s" };
      const client = new KMSClient({ endpoint: serving.endpoint, region, credentials });
      const create = async (input: CreateKeyCommandInput): Promise<string> =>
        `aws-kms:${(await client.send(new CreateKeyCommand(input))).KeyMetadata?.Arn}`;
      const dataKey = await create({});
      await client.send(
        new CreateAliasCommand({ AliasName: "alias/data", TargetKeyId: dataKey.slice("aws-kms:".length) }),
      );
      const signing = [
        await create({ KeySpec: "ML_DSA_65", KeyUsage: "SIGN_VERIFY" }),
        await create({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" }),
      ];

      const custody = awsCustody({ endpoint: serving.endpoint, region, credentials });
      const signer = await custodySigner(authority, "ed25519+mldsa65", custody, signing.toReversed());
      const trust = JSON.parse(place.read("private/home/trust.json").toString()) as {
        sequence: number;
        signers: unknown[];
      };
      place.put(
        "with-kms.json",
        JSON.stringify({
          ...trust,
          sequence: trust.sequence + 1,
          signers: [...trust.signers, describeSigner(signer, "issue")],
        }),
      );

      const env = { ...remote, AWS_ENDPOINT_URL_KMS: serving.endpoint };
      const under = ["--trust", "with-kms.json"];
      const keys = ["--key", "aws-kms:alias/data", ...signing.flatMap((uri) => ["--signer-key", uri])];
      expect(
        await child(
          [
            "seal",
            "data/plain.csv",
            "--policy",
            "policy.policy",
            ...keys,
            "--context",
            "team=birds",
            "-o",
            "data/kms.writ",
          ],
          { env },
        ),
      ).toMatchObject({ exit: 0 });
      const verified = JSON.parse((await child(["verify", "data/kms.writ", "--json", ...under])).stdout) as {
        files: { keys: string[]; developmentOnly: boolean; result: string }[];
      };
      expect(verified.files[0]).toMatchObject({ result: "valid", keys: [dataKey], developmentOnly: false });
      expect(await child(["open", "data/kms.writ", ...read, ...under, "--receipts", "none"], { env })).toMatchObject({
        exit: 0,
        stdout: "a,b\n1,2\n",
      });
      const gone = await child(["open", "data/kms.writ", ...read, ...under, "--receipts", "none", "-o", "never"], {
        env: remote,
      });
      expect(gone).toMatchObject({ exit: 20, stderr: expect.stringContaining("custody-unavailable") as unknown });
      client.destroy();
    } finally {
      server.kill("SIGINT");
    }
    const [exit] = (await once(server, "close")) as [number];
    expect(exit).toBe(0);
  });
});
