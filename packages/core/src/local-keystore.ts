// The file keystore as a custodian: for development and small perimeters, never beside the data.
import { createSecretKey, privateKeyOfSeed, rawPublicKeyOf, randomBytes, signBytes, zero } from "./crypto.ts";
import type { KeyObject } from "./crypto.ts";
import type { Custody, CustodyCall, EncryptionContext, GeneratedSecret, KeyDescription, Recipient } from "./custody.ts";
import { equalBytes } from "./cbor.ts";
import { CustodyError, FormatError } from "./errors.ts";
import { decapsulate, kemPublicKey } from "./kem.ts";
import { isInside, readPrivateFile, replacePrivateFile, stampOf } from "./local-disk.ts";
import {
  algOfSpec,
  decodeKeystore,
  encodeKeystore,
  isKemSpec,
  isKeyName,
  kemSpecs,
  keyIdOfBlob,
  maxKeys,
  openKeystore,
  sealKey,
  signingSpecs,
  unsealKey,
  unwrapSecret,
  wrapSecret,
} from "./local-format.ts";
import type { KeystoreFile, KeystoreKeys, LocalKeySpec, LocalSigningSpec, StoredKey } from "./local-format.ts";
import { encapsulateTo } from "./kem-secret.ts";
import { kems, signatureAlgs } from "./suites.ts";
import type { KemKind, SignatureAlg } from "./suites.ts";
import type { RecipientKeyJson } from "./trust-recipient.ts";
import { toBase64url } from "#bytes";

const scheme = "local";
const maxFileBytes = 1 << 20;

/** The keystore's own keys for the salt in its file, by passphrase or key file; called once. */
export type Unlock = (kind: "scrypt" | "key-file", salt: Uint8Array) => KeystoreKeys;

interface Loaded {
  readonly stamp: string;
  readonly file: KeystoreFile;
  readonly stored: readonly StoredKey[];
}

function nameOf(keyUri: string): string {
  if (!keyUri.startsWith(`${scheme}:`)) throw new TypeError(`\`${keyUri}\` is no key of a local keystore`);
  return keyUri.slice(scheme.length + 1);
}

function callOf(operation: string): CustodyCall {
  return { operation, transportGroup: "none" };
}

function specOfAlg(alg: SignatureAlg): LocalSigningSpec {
  for (const spec of signingSpecs) if (algOfSpec[spec] === alg) return spec;
  throw new CustodyError("custody-unsupported", `a local keystore holds no signing keys of algorithm ${alg}`);
}

function descriptionOf({ name, spec, state }: StoredKey): KeyDescription {
  return {
    uri: `${scheme}:${name}`,
    state,
    usage: spec === "aes-256-gcm" || isKemSpec(spec) ? "encrypt" : "sign",
    spec,
    origin: "local",
    manager: "customer",
    developmentOnly: true,
  };
}

function publicKeyOf(spec: LocalSigningSpec | KemKind, key: KeyObject, secret: Uint8Array): Uint8Array {
  return isKemSpec(spec) ? kemPublicKey(spec, secret) : rawPublicKeyOf(algOfSpec[spec], key);
}

/** A key pair's seed and public key. A draw that is no scalar of its curve (P-256: one in 2^32) is drawn again. Source: FIPS 186-5 A.2.2. */
function drawSigningKey(alg: SignatureAlg): { seed: Uint8Array; publicKey: Uint8Array } {
  for (let draw = 0; draw < 4; draw += 1) {
    const seed = randomBytes(signatureAlgs[alg].secretBytes);
    const privateKey = privateKeyOfSeed(alg, seed);
    if (privateKey !== null) return { seed, publicKey: Buffer.from(rawPublicKeyOf(alg, privateKey)) };
  }
  throw new CustodyError("custody-unsupported", `this Node makes no keys of algorithm ${alg}`);
}

/** A keystore in one file. Its own keys are derived at the first call that needs a key, once. Spec: CUS-20 to CUS-28. */
export class FileKeystore implements Custody {
  readonly scheme: string = scheme;
  readonly file: string;
  readonly #keyFile: string | undefined;
  readonly #now: () => number;
  #unlock: Unlock | null;
  #keys: KeystoreKeys | null = null;
  #loaded: Loaded | null = null;
  /** Unsealed keys by key id in hex: an id never names another secret. */
  readonly #unsealed = new Map<string, KeyObject>();

  constructor(file: string, keyFile: string | undefined, unlock: Unlock, now: () => number) {
    this.file = file;
    this.#keyFile = keyFile;
    this.#unlock = unlock;
    this.#now = now;
  }

  /** A new key for wrapping; throws FormatError `output-exists` for a name in use. */
  async createSymmetricKey(name: string): Promise<KeyDescription> {
    const secret = randomBytes(32);
    try {
      return this.#add(name, "aes-256-gcm", secret);
    } finally {
      zero(secret);
    }
  }

  /** A new signing key: -19 Ed25519, -9 ESP256, -51 ESP384, -49 ML-DSA-65, -50 ML-DSA-87; throws FormatError `output-exists` for a name in use. Spec: CUS-25. */
  async createSigningKey(name: string, alg: SignatureAlg): Promise<KeyDescription> {
    const spec = specOfAlg(alg);
    const { seed, publicKey } = drawSigningKey(alg);
    try {
      return this.#add(name, spec, seed, publicKey);
    } finally {
      zero(seed);
    }
  }

  /** A new key that secrets are encapsulated to; throws FormatError `output-exists` for a name in use. Spec: CUS-29. */
  async createRecipientKey(name: string, kind: KemKind): Promise<KeyDescription> {
    const seed = randomBytes(kems[kind].seedBytes);
    try {
      return this.#add(name, kind, seed, kemPublicKey(kind, seed));
    } finally {
      zero(seed);
    }
  }

  /** A key as a trust policy lists it among its recipient keys. Throws `custody-unsupported` for one of another type. Spec: CUS-29, TRU-13. */
  async recipientKey(keyUri: string): Promise<RecipientKeyJson> {
    const stored = this.#usable(keyUri, kemSpecs);
    this.#key(stored); // derives the public key again and compares
    return { uri: keyUri, kind: stored.spec as KemKind, publicKey: toBase64url(stored.publicKey!) };
  }

  /** Every key, by name. */
  async list(): Promise<readonly KeyDescription[]> {
    return this.#load().stored.map(descriptionOf);
  }

  /** Lets a key be used again. Throws `custody-not-found`. */
  async enableKey(keyUri: string): Promise<void> {
    this.#setState(keyUri, "enabled");
  }

  /** Keeps a key from being used until it is enabled; the next call of any process sees it. Throws `custody-not-found`. */
  async disableKey(keyUri: string): Promise<void> {
    this.#setState(keyUri, "disabled");
  }

  /** Throws CustodyError `custody-denied` where the keystore or its key file lies in `folder`: keys never beside the data. Spec: CUS-27. */
  assertNotInside(folder: string): void {
    for (const path of [this.file, ...(this.#keyFile === undefined ? [] : [this.#keyFile])]) {
      if (isInside(path, folder))
        throw new CustodyError("custody-denied", `\`${path}\` lies inside \`${folder}\`, which is being sealed`, {
          path,
        });
    }
  }

  /** Spec: CUS-11, CUS-28. */
  async describe(keyUri: string): Promise<KeyDescription> {
    return descriptionOf(this.#stored(keyUri));
  }

  /** Spec: CUS-4. */
  async generate(keyUri: string, context: EncryptionContext): Promise<GeneratedSecret> {
    const stored = this.#usable(keyUri, ["aes-256-gcm", ...kemSpecs]);
    const { spec } = stored;
    if (isKemSpec(spec)) return encapsulateTo({ uri: keyUri, kind: spec, publicKey: stored.publicKey! });
    const secret = randomBytes(32);
    try {
      return {
        secret: createSecretKey(secret),
        blob: wrapSecret(this.#key(stored), stored, context, secret),
        uri: keyUri,
        call: callOf("generate"),
      };
    } finally {
      zero(secret);
    }
  }

  /** Spec: CUS-5. */
  async unwrap(
    recipient: Recipient,
    context: EncryptionContext,
  ): Promise<{ readonly secret: KeyObject; readonly call: CustodyCall } | null> {
    const secret = this.#unwrap(recipient, context);
    if (secret === null) return null;
    try {
      return { secret: createSecretKey(secret), call: callOf("unwrap") };
    } finally {
      zero(secret);
    }
  }

  /** Spec: CUS-6. */
  async rewrap(
    recipient: Recipient,
    from: EncryptionContext,
    to: { readonly keyUri: string; readonly context: EncryptionContext },
  ): Promise<{ readonly blob: Uint8Array; readonly uri: string; readonly call: CustodyCall } | null> {
    if (!to.keyUri.startsWith(`${scheme}:`) || recipient.kind !== "kms-symmetric") return null;
    const stored = this.#usable(to.keyUri, ["aes-256-gcm", ...kemSpecs]);
    if (stored.spec !== "aes-256-gcm") return null; // no secret of another's choice is encapsulated
    const secret = this.#unwrap(recipient, from);
    if (secret === null) return null;
    try {
      return {
        blob: wrapSecret(this.#key(stored), stored, to.context, secret),
        uri: to.keyUri,
        call: callOf("rewrap"),
      };
    } finally {
      zero(secret);
    }
  }

  /** Spec: CUS-7. */
  async sign(
    keyUri: string,
    alg: SignatureAlg,
    message: Uint8Array,
  ): Promise<{ readonly signature: Uint8Array; readonly call: CustodyCall }> {
    const stored = this.#usable(keyUri, [specOfAlg(alg)]);
    return { signature: signBytes(alg, this.#key(stored), message), call: callOf("sign") };
  }

  /** Spec: CUS-8. */
  async publicKey(
    keyUri: string,
  ): Promise<{ readonly uri: string; readonly alg: SignatureAlg; readonly raw: Uint8Array }> {
    const stored = this.#usable(keyUri, signingSpecs);
    this.#key(stored); // derives the public key again and compares
    return {
      uri: keyUri,
      alg: algOfSpec[stored.spec as LocalSigningSpec],
      raw: Uint8Array.from(stored.publicKey!),
    };
  }

  #unwrap(recipient: Recipient, context: EncryptionContext): Uint8Array | null {
    const { kind, custodyUri, blob } = recipient;
    if (!custodyUri.startsWith(`${scheme}:`)) return null;
    const { stored: all } = this.#load();
    const name = nameOf(custodyUri);
    if (!all.some((key) => key.name === name)) return null;
    if (kind === "kem") return this.#decapsulate(recipient);
    if (kind !== "kms-symmetric")
      throw new CustodyError("custody-unsupported", `a local keystore opens no wrap of kind \`${kind}\``);
    const stored = this.#usable(custodyUri, ["aes-256-gcm"]);
    const keyId = keyIdOfBlob(blob);
    if (keyId !== null && !equalBytes(keyId, stored.keyId)) {
      // Another keystore's key of the same name is no key of ours; another key of ours is a swap.
      if (!all.some((key) => equalBytes(key.keyId, keyId))) return null;
      throw new CustodyError("custody-key-mismatch", `the wrap is not of key \`${custodyUri}\``);
    }
    const secret = keyId === null ? null : unwrapSecret(this.#key(stored), stored, context, blob);
    if (secret === null)
      throw new CustodyError("custody-context", `key \`${custodyUri}\` does not open this wrap under this context`);
    return secret;
  }

  /** Whose secret another key's ciphertext carries is told by the data key alone: it doesn't unwrap. Spec: CUS-29. */
  #decapsulate({ custodyUri, blob }: Recipient): Uint8Array {
    const stored = this.#usable(custodyUri, kemSpecs);
    const seed = this.#key(stored).export() as Uint8Array;
    try {
      const secret = decapsulate(stored.spec as KemKind, seed, blob);
      if (secret !== null) return secret;
    } finally {
      zero(seed);
    }
    throw new CustodyError("custody-context", `the wrap of \`${custodyUri}\` is no ciphertext of its key's type`);
  }

  #stored(keyUri: string): StoredKey {
    const name = nameOf(keyUri);
    const stored = this.#load().stored.find((key) => key.name === name);
    if (stored === undefined) throw new CustodyError("custody-not-found", `the keystore holds no key \`${keyUri}\``);
    return stored;
  }

  #usable(keyUri: string, specs: readonly LocalKeySpec[]): StoredKey {
    const stored = this.#stored(keyUri);
    if (stored.state !== "enabled") throw new CustodyError("custody-key-state", `key \`${keyUri}\` is disabled`);
    if (!specs.includes(stored.spec))
      throw new CustodyError(
        "custody-unsupported",
        `key \`${keyUri}\` is of type ${stored.spec}, which does not do that`,
      );
    return stored;
  }

  /** The key itself, unsealed once; a signing key's public half is derived again and compared. Spec: CUS-25. */
  #key(stored: StoredKey): KeyObject {
    const id = Buffer.from(stored.keyId).toString("hex");
    const known = this.#unsealed.get(id);
    if (known !== undefined) return known;
    const secret = unsealKey(this.#derived(), stored);
    try {
      const { spec } = stored;
      const secretKey = spec === "aes-256-gcm" || isKemSpec(spec);
      const key = secretKey ? createSecretKey(secret) : privateKeyOfSeed(algOfSpec[spec], secret);
      const publicKey = key && spec !== "aes-256-gcm" ? publicKeyOf(spec, key, secret) : null;
      if (key === null || (publicKey !== null && !equalBytes(publicKey, stored.publicKey ?? Buffer.of()))) {
        throw new CustodyError(
          "custody-key-mismatch",
          `the public key of \`${stored.name}\` is not that of its secret`,
        );
      }
      this.#unsealed.set(id, key);
      return key;
    } finally {
      zero(secret);
    }
  }

  #derived(): KeystoreKeys {
    if (this.#keys === null) throw new CustodyError("custody-unavailable", "the keystore is not open");
    return this.#keys;
  }

  /** The keystore as it stands in the file now; read again only when the file was replaced. */
  #load(): Loaded {
    if (this.#loaded !== null && stampOf(this.file) === this.#loaded.stamp) return this.#loaded;
    const { bytes, stamp } = readPrivateFile(this.file, maxFileBytes);
    const file = decodeKeystore(bytes);
    const { kind, salt } = file.protection;
    if (this.#keys === null) {
      this.#keys = this.#unlock!(kind, salt);
      this.#unlock = null; // lets go of the passphrase
    } else if (!equalBytes(this.#keys.salt, salt)) {
      throw new CustodyError(
        "custody-unavailable",
        `\`${this.file}\` was replaced by another keystore: open it again`,
        { path: this.file },
      );
    }
    this.#loaded = { stamp, file, stored: openKeystore(file, this.#keys) };
    return this.#loaded;
  }

  /** Replaces the list of keys under the file's lock, from what the file holds at that moment. */
  #change(next: (stored: readonly StoredKey[], keys: KeystoreKeys) => readonly StoredKey[]): void {
    this.#load(); // derives the keys before the lock is taken
    replacePrivateFile(this.file, () => {
      const { file, stored } = this.#load();
      return encodeKeystore(file.protection, next(stored, this.#derived()), this.#derived());
    });
  }

  #add(name: string, spec: LocalKeySpec, secret: Uint8Array, publicKey?: Uint8Array): KeyDescription {
    if (!isKeyName(name))
      throw new TypeError(`\`${name}\` is no key name: letters, digits, dot, dash and underscore, at most 64`);
    let added: StoredKey | undefined;
    this.#change((stored, keys) => {
      if (stored.some((key) => key.name === name))
        throw new FormatError("output-exists", `key \`${name}\` exists already`);
      if (stored.length >= maxKeys)
        throw new CustodyError("custody-unsupported", `a keystore holds at most ${maxKeys} keys`);
      added = sealKey(
        keys,
        { name, spec, createdAt: this.#now(), ...(publicKey === undefined ? {} : { publicKey }) },
        secret,
      );
      return [...stored, added].sort((a, b) => (a.name < b.name ? -1 : 1));
    });
    return descriptionOf(added!);
  }

  #setState(keyUri: string, state: StoredKey["state"]): void {
    const { name } = this.#stored(keyUri);
    this.#change((stored) => stored.map((key) => (key.name === name ? { ...key, state } : key)));
  }
}
