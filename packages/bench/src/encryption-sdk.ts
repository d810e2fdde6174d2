// The peer for content: the AWS Encryption SDK for JavaScript with a raw AES keyring, so that neither side waits for a KMS.
import { randomBytes } from "node:crypto";
import { finished } from "node:stream/promises";
import { Readable } from "node:stream";
import { buildDecrypt } from "@aws-crypto/decrypt-node";
import { buildEncrypt } from "@aws-crypto/encrypt-node";
import { AlgorithmSuiteIdentifier, CommitmentPolicy } from "@aws-crypto/material-management-node";
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/raw-aes-keyring-node";

const keyring = new RawAesKeyringNode({
  keyName: "bench",
  keyNamespace: "writ",
  unencryptedMasterKey: randomBytes(32),
  wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
});
const policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT;
const { encrypt, encryptStream } = buildEncrypt(policy);
const { decrypt, decryptStream, decryptUnsignedMessageStream } = buildDecrypt(policy);
const unsigned = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
const context = { purpose: "bench" };

/** A message of the SDK; `signed` is its default suite, with ECDSA over P-384. */
export async function encryptMessage(plaintext: Uint8Array, signed: boolean): Promise<Uint8Array> {
  const { result } = await encrypt(keyring, plaintext, {
    encryptionContext: context,
    ...(signed ? {} : { suiteId: unsigned }),
  });
  return result;
}

/** The plaintext of a message. */
export async function decryptMessage(message: Uint8Array): Promise<Uint8Array> {
  return (await decrypt(keyring, message)).plaintext;
}

/** Takes output as it comes; what becomes of it is the caller's business, as with our own `write`. */
type Take = (chunk: Uint8Array) => void;

async function throughStream(input: Uint8Array, stream: NodeJS.ReadWriteStream, take: Take): Promise<void> {
  stream.on("data", take);
  function* slices(): Generator<Uint8Array> {
    for (let at = 0; at < input.length; at += 1 << 16) yield input.subarray(at, at + (1 << 16));
  }
  Readable.from(slices()).pipe(stream);
  await finished(stream);
}

/** Encrypts as a stream: by the SDK's defaults (signed, frames of 4 KiB), or unsigned with frames of this length. */
export function encryptStreamed(plaintext: Uint8Array, take: Take, frameBytes?: number): Promise<void> {
  const stream = encryptStream(keyring, {
    encryptionContext: context,
    ...(frameBytes === undefined ? {} : { frameLength: frameBytes, suiteId: unsigned }),
  });
  return throughStream(plaintext, stream, take);
}

/** Decrypts what `encryptStreamed` made with the same frames; returns the number of bytes, which are dropped as they come. */
export async function decryptStreamed(message: Uint8Array, frameBytes?: number): Promise<number> {
  const stream = frameBytes === undefined ? decryptStream(keyring) : decryptUnsignedMessageStream(keyring);
  let sizeBytes = 0;
  await throughStream(message, stream, ({ length }) => {
    sizeBytes += length;
  });
  return sizeBytes;
}
