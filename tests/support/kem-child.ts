// Encapsulates with what this process has for ML-KEM: to the seed in the first argument, for each mechanism; opens the ciphertexts in the second.
import { cryptoBackend } from "@writ/core";
import { decapsulate, encapsulate, kemPublicKey } from "../../packages/core/src/kem.ts";

const [seed = "", given = ""] = process.argv.slice(2);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ciphertexts = JSON.parse(given) as Readonly<Record<string, string>>;
const made = (["x-wing", "ml-kem-768", "ml-kem-1024"] as const).map((kind) => {
  const own = Buffer.from(seed, "hex").subarray(0, kind === "x-wing" ? 32 : 64);
  const publicKey = kemPublicKey(kind, own);
  const { ciphertext, secret } = encapsulate(kind, publicKey);
  const opened = hex(decapsulate(kind, own, Buffer.from(ciphertexts[kind]!, "hex"))!);
  return { kind, publicKey: hex(publicKey), ciphertext: hex(ciphertext), secret: hex(secret), opened };
});
console.log(JSON.stringify({ cryptoBackend, made }));
