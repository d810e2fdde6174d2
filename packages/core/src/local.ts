// A file keystore: custody without an account. Development only, said in every description.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { randomBytes, scryptSync, zero } from "./crypto.ts";
import type { Custody, KeyDescription } from "./custody.ts";
import { CustodyError, FormatError } from "./errors.ts";
import { createPrivateFile, readPrivateFile } from "./local-disk.ts";
import { decodeKeystore, encodeKeystore, keystoreKeys } from "./local-format.ts";
import { FileKeystore } from "./local-keystore.ts";
import type { Unlock } from "./local-keystore.ts";
import type { KemKind, SignatureAlg } from "./suites.ts";
import type { RecipientKeyJson } from "./trust-recipient.ts";

/** Where a keystore lies and what opens it: exactly one of `passphrase` and `keyFile`. */
export interface LocalKeystoreOptions {
  /** Path of the keystore; made private (mode 0600). */
  readonly file: string;
  /** Not empty; compared after Unicode NFKC. */
  readonly passphrase?: string;
  /** Path of a file of 32 random bytes, mode 0600; `createLocalKeystore` makes it where there is none. */
  readonly keyFile?: string;
  /** Seconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
}

/** A custodian whose keys stand in one encrypted file; key URIs are `local:NAME`. Spec: CUS-20 to CUS-29. */
export interface LocalKeystore extends Custody {
  readonly file: string;
  /** A new key for wrapping. Throws TypeError for a bad name, FormatError `output-exists` for one in use. */
  createSymmetricKey(name: string): Promise<KeyDescription>;
  /** A new signing key: -19 Ed25519, -9 ESP256, -51 ESP384, -49 ML-DSA-65, -50 ML-DSA-87 (others: `custody-unsupported`). */
  createSigningKey(name: string, alg: SignatureAlg): Promise<KeyDescription>;
  /** A new key that secrets are encapsulated to: a seed of X-Wing or ML-KEM. */
  createRecipientKey(name: string, kind: KemKind): Promise<KeyDescription>;
  /** Such a key as a trust policy lists it among its `recipientKeys`. */
  recipientKey(keyUri: string): Promise<RecipientKeyJson>;
  /** Every key, by name. */
  list(): Promise<readonly KeyDescription[]>;
  enableKey(keyUri: string): Promise<void>;
  disableKey(keyUri: string): Promise<void>;
  /** Throws CustodyError `custody-denied` where the keystore or its key file lies in `folder`, links resolved. */
  assertNotInside(folder: string): void;
}

// CUS-21: fixed by the version, so that no file chooses the cost of opening it
const scryptCost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const known: readonly string[] = ["file", "passphrase", "keyFile", "now"];

function checkOptions(options: LocalKeystoreOptions): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  if (typeof options.file !== "string" || options.file === "")
    throw new TypeError("`file` is the path of the keystore");
  if ((options.passphrase === undefined) === (options.keyFile === undefined))
    throw new TypeError("a keystore takes a `passphrase` or a `keyFile`, one of them");
  if (options.passphrase === "") throw new TypeError("the passphrase is empty");
}

function readKeyFile(path: string): Buffer {
  const { bytes } = readPrivateFile(path, 1024);
  if (bytes.length === 32) return bytes;
  zero(bytes);
  throw new FormatError("structure", `key file \`${path}\` does not hold 32 bytes`, { path });
}

function unlockBy({ passphrase, keyFile }: LocalKeystoreOptions): Unlock {
  return (kind, salt) => {
    const wanted = passphrase === undefined ? "key-file" : "scrypt";
    if (kind !== wanted)
      throw new CustodyError(
        "custody-denied",
        `this keystore opens with a ${kind === "scrypt" ? "passphrase" : "key file"}`,
      );
    const input =
      keyFile === undefined ? scryptSync(passphrase!.normalize("NFKC"), salt, 32, scryptCost) : readKeyFile(keyFile);
    try {
      return keystoreKeys(input, salt);
    } finally {
      zero(input);
    }
  };
}

function keystore(options: LocalKeystoreOptions, unlock: Unlock): LocalKeystore {
  const now = options.now ?? ((): number => Math.floor(Date.now() / 1000));
  const keyFile = options.keyFile === undefined ? undefined : resolve(options.keyFile);
  return new FileKeystore(resolve(options.file), keyFile, unlock, now);
}

/**
 * Makes an empty keystore, its folder and, where there is none, its key file. Throws TypeError for wrong options,
 * FormatError `output-exists` and `output-unwritable`. Spec: CUS-20, CUS-21, CUS-26.
 */
export async function createLocalKeystore(options: LocalKeystoreOptions): Promise<LocalKeystore> {
  checkOptions(options);
  if (existsSync(options.file))
    throw new FormatError("output-exists", `\`${options.file}\` exists already`, { path: options.file });
  if (options.keyFile !== undefined && !existsSync(options.keyFile)) {
    const material = randomBytes(32);
    createPrivateFile(resolve(options.keyFile), material);
    zero(material);
  }
  const salt = randomBytes(32);
  const kind = options.passphrase === undefined ? "key-file" : "scrypt";
  const keys = unlockBy(options)(kind, salt);
  createPrivateFile(resolve(options.file), encodeKeystore({ kind, salt, check: keys.check }, [], keys));
  return keystore(options, () => keys); // derived already: scrypt runs once
}

/**
 * Opens a keystore. The passphrase is tried at the first call that needs a key: `custody-denied` there where it is wrong.
 * Throws TypeError for wrong options, FormatError for a file that can't be read or is no keystore. Spec: CUS-20 to CUS-23.
 */
export async function openLocalKeystore(options: LocalKeystoreOptions): Promise<LocalKeystore> {
  checkOptions(options);
  const { bytes } = readPrivateFile(resolve(options.file), 1 << 20);
  decodeKeystore(bytes);
  return keystore(options, unlockBy(options));
}
