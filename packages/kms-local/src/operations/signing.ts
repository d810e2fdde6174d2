import { createHmac, timingSafeEqual } from "node:crypto";
import { admit, endDryRun, useFields } from "../admit.ts";
import { type Operations, reading } from "../call.ts";
import { KmsFault } from "../fault.ts";
import { findKey, keyIdField } from "../find-key.ts";
import { arnOf, currentMaterial, type Key } from "../key.ts";
import { blob, oneOf, optional } from "../shape.ts";
import { assertMessage, signingAlgorithms, signMessage, verifyMessage } from "../signature.ts";

const message = blob({ min: 1, max: 4096 });
const messageType = optional(oneOf(["RAW", "DIGEST", "EXTERNAL_MU"]));
const signingAlgorithm = oneOf(signingAlgorithms);
const macAlgorithm = oneOf(["HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"]);

const signShape = {
  KeyId: keyIdField,
  Message: message,
  MessageType: messageType,
  SigningAlgorithm: signingAlgorithm,
  ...useFields,
};

// Source: AWS KMS API Reference, Sign, Verify, GenerateMac, VerifyMac.
/** Signatures and message authentication codes. */
export const signingOperations: Operations = {
  Sign: reading(signShape, async (input, call) => {
    const { SigningAlgorithm: algorithm, MessageType: type = "RAW" } = input;
    assertMessage(algorithm, type, input.Message);
    const key = findKey(call, input.KeyId);
    const facts = { SigningAlgorithm: algorithm, MessageType: type };
    admit(call, {
      key,
      name: input.KeyId,
      action: "Sign",
      usage: "SIGN_VERIFY",
      algorithm,
      facts,
      grantTokens: input.GrantTokens,
    });
    endDryRun(input.DryRun);
    const signature = await signMessage(key, algorithm, type, input.Message);
    return { KeyId: arnOf(key), Signature: signature.toString("base64"), SigningAlgorithm: algorithm };
  }),

  Verify: reading({ ...signShape, Signature: blob({ min: 1, max: 6144 }) }, async (input, call) => {
    const { SigningAlgorithm: algorithm, MessageType: type = "RAW" } = input;
    assertMessage(algorithm, type, input.Message);
    const key = findKey(call, input.KeyId);
    const facts = { SigningAlgorithm: algorithm, MessageType: type };
    admit(call, {
      key,
      name: input.KeyId,
      action: "Verify",
      usage: "SIGN_VERIFY",
      algorithm,
      facts,
      grantTokens: input.GrantTokens,
    });
    const valid = await verifyMessage(key, algorithm, type, input.Message, input.Signature);
    if (!valid) throw new KmsFault("KMSInvalidSignatureException");
    endDryRun(input.DryRun);
    return { KeyId: arnOf(key), SignatureValid: true, SigningAlgorithm: algorithm };
  }),

  GenerateMac: reading(
    { KeyId: keyIdField, Message: message, MacAlgorithm: macAlgorithm, ...useFields },
    (input, call) => {
      const { MacAlgorithm: algorithm } = input;
      const key = findKey(call, input.KeyId);
      const facts = { MacAlgorithm: algorithm };
      admit(call, {
        key,
        name: input.KeyId,
        action: "GenerateMac",
        usage: "GENERATE_VERIFY_MAC",
        algorithm,
        facts,
        grantTokens: input.GrantTokens,
      });
      endDryRun(input.DryRun);
      return {
        KeyId: arnOf(key),
        MacAlgorithm: algorithm,
        Mac: macOf(key, algorithm, input.Message).toString("base64"),
      };
    },
  ),

  VerifyMac: reading(
    { KeyId: keyIdField, Message: message, MacAlgorithm: macAlgorithm, Mac: blob({ min: 1, max: 6144 }), ...useFields },
    (input, call) => {
      const { MacAlgorithm: algorithm } = input;
      const key = findKey(call, input.KeyId);
      const facts = { MacAlgorithm: algorithm };
      admit(call, {
        key,
        name: input.KeyId,
        action: "VerifyMac",
        usage: "GENERATE_VERIFY_MAC",
        algorithm,
        facts,
        grantTokens: input.GrantTokens,
      });
      const mac = macOf(key, algorithm, input.Message);
      if (mac.length !== input.Mac.length || !timingSafeEqual(mac, input.Mac))
        throw new KmsFault("KMSInvalidMacException");
      endDryRun(input.DryRun);
      return { KeyId: arnOf(key), MacValid: true, MacAlgorithm: algorithm };
    },
  ),
};

function macOf(key: Key, algorithm: string, bytes: Buffer): Buffer {
  return createHmac(algorithm.replace("HMAC_SHA_", "sha"), currentMaterial(key).secret).update(bytes).digest();
}
