// Preload: node:crypto as in a Node whose OpenSSL has no ML-DSA.
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const original = crypto.generateKeyPairSync;
crypto.generateKeyPairSync = (type, ...rest) => {
  if (String(type).startsWith("ml-dsa")) throw new TypeError("no ML-DSA here");
  return original(type, ...rest);
};
syncBuiltinESMExports();
