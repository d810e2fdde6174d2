// Worked examples of the local keystore: its own keys, a sealed key, a wrap, the file.
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { aesGcmSeal, createSecretKey, hkdfSha384 } from "../../packages/core/src/crypto.ts";
import { encodeKeystore, keystoreKeys } from "../../packages/core/src/local-format.ts";
import type { StoredKey } from "../../packages/core/src/local-format.ts";
import { Encoded } from "./example.ts";
import type { Example } from "./example.ts";
import { bytesOf, sealedAt } from "./material.ts";

const input = bytesOf("example key file", 32);
const salt = bytesOf("example keystore salt", 32);
const keyId = bytesOf("example key id", 16);
const secret = bytesOf("example local key", 32);
const name = "main";

function keyInfo(use: string): Uint8Array {
  return encodeCbor(["writ/1 keystore", salt, use]);
}

function sealedKey(): { readonly example: Example; readonly stored: StoredKey } {
  const iv = bytesOf("example seal iv", 12);
  const sealKey = hkdfSha384(input, keyInfo("seal"), 32);
  const aad = encodeCbor(["writ/1 local key", salt, name, keyId, "aes-256-gcm"]);
  const sealed = aesGcmSeal(createSecretKey(sealKey), iv, aad, secret);
  return {
    stored: { name, keyId, spec: "aes-256-gcm", createdAt: sealedAt, state: "enabled", iv, sealed },
    example: {
      id: "keystore-key",
      title: "a key of the keystore, sealed",
      spec: ["CUS-22"],
      computation: "keystore-key",
      given: { sealKey, salt, name, keyId, type: "aes-256-gcm", iv, secret },
      gives: { aad: new Encoded(aad), sealed },
    },
  };
}

function fileExample(stored: StoredKey): Example {
  const keys = keystoreKeys(input, salt);
  const macKey = hkdfSha384(input, keyInfo("mac"), 32);
  return {
    id: "keystore-file",
    title: "the keystore file of that key",
    spec: ["CUS-20", "CUS-23"],
    computation: "keystore-file",
    given: {
      macKey,
      protection: "key-file",
      salt,
      check: keys.check,
      name,
      keyId,
      type: "aes-256-gcm",
      createdAt: sealedAt,
      state: "enabled",
      iv: stored.iv,
      sealed: stored.sealed,
    },
    gives: { file: new Encoded(encodeKeystore({ kind: "key-file", salt, check: keys.check }, [stored], keys)) },
  };
}

/** Examples of the local keystore. */
export function keystoreExamples(): readonly Example[] {
  const { example, stored } = sealedKey();
  const iv = bytesOf("example wrap iv", 12);
  const wrapped = bytesOf("example wrapped secret", 32);
  const context = new Map([
    ["tenant", "blue"],
    ["writ-artifact", "AAAAAAAAAAAAAAAAAAAAAA"],
  ]);
  const aad = encodeCbor(["writ/1 local wrap", name, context]);
  return [
    {
      id: "keystore-keys",
      title: "the keystore's own keys, of a key file",
      spec: ["CUS-21"],
      computation: "keystore-keys",
      given: { input, salt },
      gives: {
        sealInfo: new Encoded(keyInfo("seal")),
        sealKey: hkdfSha384(input, keyInfo("seal"), 32),
        macInfo: new Encoded(keyInfo("mac")),
        macKey: hkdfSha384(input, keyInfo("mac"), 32),
        checkInfo: new Encoded(keyInfo("check")),
        check: keystoreKeys(input, salt).check,
      },
    },
    example,
    fileExample(stored),
    {
      id: "keystore-wrap",
      title: "a wrap of the local keystore",
      spec: ["CUS-24"],
      computation: "keystore-wrap",
      given: { key: secret, name, keyId, iv, context: Object.fromEntries(context), secret: wrapped },
      gives: {
        aad: new Encoded(aad),
        blob: Buffer.concat([Buffer.of(1), keyId, iv, aesGcmSeal(createSecretKey(secret), iv, aad, wrapped)]),
      },
    },
  ];
}
