// The file keystore: its bytes, what opens it, and what happens to them on disk. The custody contract runs in
// tests/custody-contract.
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeCbor, encodeCbor, GovernanceError } from "@writ/core";
import type { CborValue, Recipient } from "@writ/core";
import { createLocalKeystore, openLocalKeystore } from "@writ/core/local";
import type { LocalKeystoreOptions } from "@writ/core/local";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { privateKeyOfSeed } from "../src/crypto.ts";

const context = new Map([["writ-artifact", "AAAAAAAAAAAAAAAAAAAAAA"]]);

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-local-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function optionsIn(folder: string): LocalKeystoreOptions & { readonly keyFile: string } {
  return { file: join(folder, "keys"), keyFile: join(folder, "key-file"), now: () => 1_800_000_000 };
}

/** Writes bytes as a private file. */
function put(path: string, bytes: Uint8Array): void {
  rmSync(path, { force: true });
  writeFileSync(path, bytes, { mode: 0o600 });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const fault: unknown = await call.then(
    () => expect.fail("the call went through"),
    (reason: unknown) => reason,
  );
  expect(fault).toBeInstanceOf(GovernanceError);
  return (fault as GovernanceError).code;
}

function recipientOf(wrapped: { readonly uri: string; readonly blob: Uint8Array }): Recipient {
  return {
    kind: "kms-symmetric",
    custodyUri: wrapped.uri,
    blob: wrapped.blob,
    wrappedKey: new Uint8Array(40),
    bound: null,
  };
}

type Parts = [string, number, Map<number, CborValue>, Uint8Array, Uint8Array];
const partsOf = (file: string): Parts => decodeCbor(readFileSync(file)) as unknown as Parts;

describe("the file", () => {
  test("[CUS-20, CUS-22, CUS-24] has the bytes of the spec", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    await keystore.createSigningKey("signer", -49);
    const [magic, version, protection, body, mac] = partsOf(options.file);
    expect([magic, version, protection.get(1), mac.length]).toEqual(["writ keystore", 1, "key-file", 48]);
    const keys = decodeCbor(body) as Map<number, CborValue>[];
    expect(keys.map((key) => [key.get(1), key.get(3), key.get(4), key.get(5)])).toEqual([
      ["default", "aes-256-gcm", 1_800_000_000, "enabled"],
      ["signer", "mldsa65", 1_800_000_000, "enabled"],
    ]);
    expect(keys.map((key) => (key.get(7) as Uint8Array).length)).toEqual([48, 48]);
    expect((keys[1]!.get(8) as Uint8Array).length).toBe(1952);
    const { blob } = await keystore.generate("local:default", context);
    expect(blob.length).toBe(77);
    expect([blob[0], Buffer.from(blob.subarray(1, 17))]).toEqual([1, Buffer.from(keys[0]!.get(2) as Uint8Array)]);
  });

  test("[CUS-26] keystore and key file are private, and stay so when keys are added", async () => {
    const options = optionsIn(join(scratch(), "home", "writ"));
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    expect([options.file, options.keyFile].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(readFileSync(options.keyFile).length).toBe(32);
    expect(readdirSync(join(options.file, "..")).sort()).toEqual(["key-file", "keys"]);
  });

  test("[CUS-26] a file that others may read is refused until it is private again", async () => {
    const options = optionsIn(scratch());
    await createLocalKeystore(options);
    for (const path of [options.file, options.keyFile]) {
      chmodSync(path, 0o640);
      expect(await codeOf(openLocalKeystore(options).then((keystore) => keystore.list()))).toBe("custody-denied");
      chmodSync(path, 0o600);
      expect(await (await openLocalKeystore(options)).list()).toEqual([]);
    }
  });

  test("[CUS-26] nothing that exists is overwritten", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    const before = readFileSync(options.file);
    expect(await codeOf(createLocalKeystore(options))).toBe("output-exists");
    expect(await codeOf(keystore.createSymmetricKey("default"))).toBe("output-exists");
    expect(await codeOf(keystore.createSigningKey("default", -19))).toBe("output-exists");
    expect(readFileSync(options.file)).toEqual(before);
    expect(existsSync(`${options.file}.lock`)).toBe(false);
  });

  test("[CUS-26] while another process writes, a change is refused, and nothing is lost", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    writeFileSync(`${options.file}.lock`, "");
    const fault: unknown = await keystore.createSymmetricKey("default").catch((reason: unknown) => reason);
    expect(fault).toMatchObject({ code: "custody-unavailable", retryable: true });
    rmSync(`${options.file}.lock`);
    await keystore.createSymmetricKey("default");
    expect((await keystore.list()).map(({ uri }) => uri)).toEqual(["local:default"]);
  });

  test("[CUS-26] two keystores on one file see each other's changes at once", async () => {
    const options = optionsIn(scratch());
    const one = await createLocalKeystore(options);
    const two = await openLocalKeystore(options);
    await one.createSymmetricKey("a");
    await two.createSymmetricKey("b");
    await one.createSymmetricKey("c");
    expect((await two.list()).map(({ uri }) => uri)).toEqual(["local:a", "local:b", "local:c"]);
    await one.disableKey("local:b");
    expect(await codeOf(two.generate("local:b", context))).toBe("custody-key-state");
  });

  test("[CUS-26] a process killed while it adds keys leaves a keystore that opens", { timeout: 60_000 }, async () => {
    const options = optionsIn(scratch());
    await createLocalKeystore(options);
    const script = `
      const { openLocalKeystore } = await import("@writ/core/local");
      const keystore = await openLocalKeystore(${JSON.stringify({ file: options.file, keyFile: options.keyFile })});
      for (let n = 0; n < 200; n += 1) { await keystore.createSymmetricKey("k" + n); process.stdout.write("."); }`;
    const child = spawn(process.execPath, ["--conditions=@writ/source", "--input-type=module", "-e", script], {
      cwd: join(import.meta.dirname, ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const written = await new Promise<number>((resolve) => {
      let count = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        count += chunk.length;
        if (count >= 20) child.kill("SIGKILL");
      });
      child.on("close", () => resolve(count));
    });
    expect(written).toBeGreaterThanOrEqual(20);
    rmSync(`${options.file}.lock`, { force: true });
    const keys = await (await openLocalKeystore(options)).list();
    expect(keys.length).toBeGreaterThanOrEqual(written);
  });

  test("[CUS-20, CUS-23] any changed byte is refused, never believed (property)", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    await keystore.createSigningKey("signer", -19);
    const good = readFileSync(options.file);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const bytes = Buffer.from(good);
        bytes[at]! ^= difference;
        put(options.file, bytes);
        const code = await codeOf(openLocalKeystore(options).then((opened) => opened.list()));
        expect(code).toMatch(/^(cbor-|structure$|format-unknown$|version-unknown$|custody-denied$)/);
      }),
      { numRuns: process.env["SLOW"] === "1" ? 10_000 : 150 },
    );
    put(options.file, good);
    expect((await (await openLocalKeystore(options)).list()).length).toBe(2);
  });

  test.each([
    ["nothing", Buffer.alloc(0), "input-empty"],
    ["junk", Buffer.from("not a keystore"), "cbor-truncated"],
    ["another format", encodeCbor(["writ", 1]), "format-unknown"],
    ["a later version", encodeCbor(["writ keystore", 2]), "version-unknown"],
    ["too few members", encodeCbor(["writ keystore", 1]), "structure"],
    ["more than 1 MiB", Buffer.alloc((1 << 20) + 1), "input-too-large"],
  ])("[CUS-20] %s instead of a keystore", async (_, bytes, code) => {
    const options = optionsIn(scratch());
    await createLocalKeystore(options);
    put(options.file, bytes);
    expect(await codeOf(openLocalKeystore(options))).toBe(code);
  });

  test("[CUS-20] a missing file and a folder can't be read", async () => {
    const options = optionsIn(scratch());
    expect(await codeOf(openLocalKeystore(options))).toBe("input-unreadable");
    mkdirSync(options.file, { mode: 0o700 });
    expect(await codeOf(openLocalKeystore(options))).toBe("input-unreadable");
  });

  test("[CUS-20] a keystore that vanishes or is replaced by another is noticed at the next call", async () => {
    const folder = scratch();
    const options = optionsIn(folder);
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    rmSync(options.file);
    expect(await codeOf(keystore.generate("local:default", context))).toBe("input-unreadable");
    await createLocalKeystore(options);
    expect(await codeOf(keystore.generate("local:default", context))).toBe("custody-unavailable");
    expect(await (await openLocalKeystore(options)).list()).toEqual([]);
  });
});

describe("what opens it", () => {
  test("[CUS-21, CUS-23] a passphrase: the right one in either Unicode form, no other", async () => {
    const file = join(scratch(), "keys");
    const keystore = await createLocalKeystore({ file, passphrase: "caf\u00e9 au lait" });
    await keystore.createSymmetricKey("default");
    const wrapped = await keystore.generate("local:default", context);
    const again = await openLocalKeystore({ file, passphrase: "cafe\u0301 au lait" });
    const opened = await again.unwrap(recipientOf(wrapped), context);
    expect(opened?.secret.equals(wrapped.secret)).toBe(true);
    const wrong = await openLocalKeystore({ file, passphrase: "Café au lait" });
    expect(await codeOf(wrong.unwrap(recipientOf(wrapped), context))).toBe("custody-denied");
    expect(await codeOf(wrong.list())).toBe("custody-denied");
  });

  test("[CUS-21] the file's keys come from scrypt with N = 2^17, r = 8, p = 1", async () => {
    const { scryptSync, hkdfSync } = await import("node:crypto");
    const file = join(scratch(), "keys");
    await createLocalKeystore({ file, passphrase: "correct horse" });
    const protection = partsOf(file)[2];
    const salt = protection.get(2) as Uint8Array;
    const input = scryptSync("correct horse", salt, 32, { N: 131_072, r: 8, p: 1, maxmem: 256 << 20 });
    const info = encodeCbor(["writ/1 keystore", salt, "check"]);
    const check = Buffer.from(hkdfSync("sha384", input, Buffer.alloc(0), info, 16));
    expect(Buffer.from(protection.get(3) as Uint8Array)).toEqual(check);
  });

  test("[CUS-21, CUS-23] a key file: another one, a short one and a missing one are refused", async () => {
    const options = optionsIn(scratch());
    await createLocalKeystore(options);
    const good = readFileSync(options.keyFile);
    const list = async (): Promise<unknown> => (await openLocalKeystore(options)).list();
    put(options.keyFile, Buffer.alloc(32, 1));
    expect(await codeOf(list())).toBe("custody-denied");
    put(options.keyFile, good.subarray(1));
    expect(await codeOf(list())).toBe("structure");
    rmSync(options.keyFile);
    expect(await codeOf(list())).toBe("input-unreadable");
    put(options.keyFile, good);
    expect(await list()).toEqual([]);
  });

  test("[CUS-23] a key file where a passphrase is asked, and the other way round", async () => {
    const options = optionsIn(scratch());
    await createLocalKeystore(options);
    const keystore = await openLocalKeystore({ file: options.file, passphrase: "x" });
    expect(await codeOf(keystore.list())).toBe("custody-denied");
  });

  test("wrong use is a TypeError: both, neither, an empty passphrase, an unknown option, a bad name", async () => {
    const options = optionsIn(scratch());
    const { file, keyFile } = options;
    for (const wrong of [
      { file, keyFile, passphrase: "x" },
      { file },
      { file, passphrase: "" },
      { file: "", keyFile },
    ]) {
      await expect(createLocalKeystore(wrong)).rejects.toThrow(TypeError);
      await expect(openLocalKeystore(wrong)).rejects.toThrow(TypeError);
    }
    const misspelt = { file, keyFile, passPhrase: "x" } as LocalKeystoreOptions;
    await expect(createLocalKeystore(misspelt)).rejects.toThrow("unknown option `passPhrase`");
    const keystore = await createLocalKeystore(options);
    for (const name of ["", "a/b", "a b", "-a", "a".repeat(65)]) {
      await expect(keystore.createSymmetricKey(name)).rejects.toThrow(TypeError);
    }
  });
});

describe("its keys", () => {
  test("[CUS-22] secrets stand nowhere in the file in clear", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("default");
    const wrapped = await keystore.generate("local:default", context);
    const bytes = readFileSync(options.file);
    expect(bytes.includes(wrapped.secret.export())).toBe(false);
    expect(bytes.includes("default")).toBe(true); // control: what is in clear is found
  });

  test("[CUS-5, CUS-24] the same name in another keystore is another key: null, so that another recipient is tried", async () => {
    const [one, two] = [
      await createLocalKeystore(optionsIn(scratch())),
      await createLocalKeystore(optionsIn(scratch())),
    ];
    await one.createSymmetricKey("default");
    await two.createSymmetricKey("default");
    const wrapped = await one.generate("local:default", context);
    expect(await two.unwrap(recipientOf(wrapped), context)).toBeNull();
    expect(await one.unwrap(recipientOf(wrapped), context)).not.toBeNull();
  });

  test("[CUS-25] keys of every suite's algorithms are made, and read again after a restart", async () => {
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    const made = [-19, -9, -51, -49, -50] as const;
    for (const alg of made) await keystore.createSigningKey(`key${alg}`, alg);
    const before = await Promise.all(made.map((alg) => keystore.publicKey(`local:key${alg}`)));
    const opened = await openLocalKeystore(options);
    const after = await Promise.all(made.map((alg) => opened.publicKey(`local:key${alg}`)));
    expect(after).toEqual(before);
    expect(after.map(({ alg }) => alg)).toEqual(made);
    const sealed = (decodeCbor(partsOf(options.file)[3]) as Map<number, CborValue>[]).map((key) => [
      key.get(3),
      (key.get(7) as Uint8Array).length,
    ]);
    expect(new Map(sealed as [string, number][])).toEqual(
      new Map([
        ["ed25519", 48],
        ["p256", 48],
        ["p384", 64],
        ["mldsa65", 48],
        ["mldsa87", 48],
      ]),
    );
    expect(await codeOf(keystore.createSigningKey("other", -52 as -51))).toBe("custody-unsupported");
  });

  test.each([
    { name: "P-256", alg: -9, bits: 256n, order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
    {
      name: "P-384",
      alg: -51,
      bits: 384n,
      order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    },
  ] as const)("[CUS-25] a $name secret is a scalar of the group: neither 0 nor the order or beyond", (curve) => {
    const { alg, bits, order } = curve;
    const secretOf = (scalar: bigint): Buffer =>
      Buffer.from(scalar.toString(16).padStart(Number(bits) / 4, "0"), "hex");
    for (const scalar of [0n, order, order + 1n, 2n ** bits - 1n])
      expect(privateKeyOfSeed(alg, secretOf(scalar))).toBeNull();
    for (const scalar of [1n, order - 1n]) expect(privateKeyOfSeed(alg, secretOf(scalar))).not.toBeNull();
  });

  test.each([-9, -51, -49, -50] as const)(
    "[CUS-25] a public key that is not that of the seed is refused, even under a right seal and MAC (%i)",
    async (alg) => {
      const { createSecretKey, hkdfSync, createHmac } = await import("node:crypto");
      const options = optionsIn(scratch());
      const keystore = await createLocalKeystore(options);
      await keystore.createSigningKey("a", alg);
      await keystore.createSigningKey("b", alg);
      const [magic, version, protection, body] = partsOf(options.file);
      const salt = protection.get(2) as Uint8Array;
      const info = encodeCbor(["writ/1 keystore", salt, "mac"]);
      const macKey = createSecretKey(
        Buffer.from(hkdfSync("sha384", readFileSync(options.keyFile), Buffer.alloc(0), info, 32)),
      );
      const rewrite = (changed: Uint8Array): void => {
        const mac = createHmac("sha384", macKey)
          .update(encodeCbor([magic, version, protection, changed]))
          .digest();
        put(options.file, encodeCbor([magic, version, protection, changed, mac]));
      };
      rewrite(body); // control: what the holder of the key file writes is read
      expect((await (await openLocalKeystore(options)).publicKey("local:a")).alg).toBe(alg);
      const [a, b] = decodeCbor(body) as Map<number, CborValue>[];
      rewrite(encodeCbor([new Map([...a!, [8, b!.get(8)!]]), b!]));
      const opened = await openLocalKeystore(options);
      expect(await codeOf(opened.publicKey("local:a"))).toBe("custody-key-mismatch");
      expect(await codeOf(opened.sign("local:a", alg, Buffer.from("x")))).toBe("custody-key-mismatch");
      expect((await opened.publicKey("local:b")).alg).toBe(alg);
    },
  );

  test("[CUS-22] a sealed secret under another key's name is refused", async () => {
    const { hkdfSync, createHmac } = await import("node:crypto");
    const options = optionsIn(scratch());
    const keystore = await createLocalKeystore(options);
    await keystore.createSymmetricKey("a");
    const [magic, version, protection, body] = partsOf(options.file);
    const info = encodeCbor(["writ/1 keystore", protection.get(2)!, "mac"]);
    const macKey = Buffer.from(hkdfSync("sha384", readFileSync(options.keyFile), Buffer.alloc(0), info, 32));
    const [a] = decodeCbor(body) as Map<number, CborValue>[];
    const renamed = encodeCbor([new Map([...a!, [1, "b"]])]);
    const mac = createHmac("sha384", macKey)
      .update(encodeCbor([magic, version, protection, renamed]))
      .digest();
    put(options.file, encodeCbor([magic, version, protection, renamed, mac]));
    const opened = await openLocalKeystore(options);
    expect((await opened.list()).map(({ uri }) => uri)).toEqual(["local:b"]);
    expect(await codeOf(opened.generate("local:b", context))).toBe("structure");
  });

  test("[CUS-28] every description says that the keystore is for development", async () => {
    const keystore = await createLocalKeystore(optionsIn(scratch()));
    await keystore.createSymmetricKey("default");
    await keystore.createSigningKey("signer", -19);
    expect((await keystore.list()).map(({ developmentOnly }) => developmentOnly)).toEqual([true, true]);
  });
});

describe("[CUS-27] never inside what is being sealed", () => {
  test("the folder, a folder above it, a link to it and the file itself are refused; a neighbour is not", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "data", "deep"), { recursive: true });
    mkdirSync(join(folder, "data-neighbour"));
    symlinkSync(join(folder, "data"), join(folder, "link"));
    const inside = await createLocalKeystore({
      file: join(folder, "link", "deep", "keys"),
      keyFile: join(folder, "key-file"),
    });
    for (const sealed of [
      join(folder, "data"),
      join(folder, "data", "deep"),
      join(folder, "link"),
      folder,
      inside.file,
    ]) {
      expect(() => inside.assertNotInside(sealed)).toThrow(expect.objectContaining({ code: "custody-denied" }));
    }
    expect(() => inside.assertNotInside(join(folder, "data-neighbour"))).not.toThrow();
    expect(() => inside.assertNotInside(join(folder, "data", "dee"))).not.toThrow();
  });

  test("the key file counts as well", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "data"));
    const keystore = await createLocalKeystore({
      file: join(folder, "keys"),
      keyFile: join(folder, "data", "key-file"),
    });
    expect(() => keystore.assertNotInside(join(folder, "data"))).toThrow(
      expect.objectContaining({ code: "custody-denied" }),
    );
    expect(() => keystore.assertNotInside(join(folder, "other"))).not.toThrow();
  });
});
