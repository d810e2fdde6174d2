import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalKeystore } from "@writ/core/local";
import { custodyContract } from "./contract.ts";

custodyContract(
  "local keystore",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-keystore-"));
    const custody = await createLocalKeystore({ file: join(folder, "keys"), keyFile: join(folder, "key-file") });
    const [symmetric, other, ed25519, p256, p384, mldsa65, mldsa87] = [
      await custody.createSymmetricKey("default"),
      await custody.createSymmetricKey("other"),
      await custody.createSigningKey("ed25519", -19),
      await custody.createSigningKey("p256", -9),
      await custody.createSigningKey("p384", -51),
      await custody.createSigningKey("mldsa65", -49),
      await custody.createSigningKey("mldsa87", -50),
    ];
    return {
      custody,
      symmetric: symmetric.uri,
      otherSymmetric: other.uri,
      signing: [
        { alg: -19, uri: ed25519.uri },
        { alg: -9, uri: p256.uri },
        { alg: -51, uri: p384.uri },
        { alg: -49, uri: mldsa65.uri },
        { alg: -50, uri: mldsa87.uri },
      ],
      missing: "local:nobody",
      missingUnwraps: "null",
      origin: "local",
      developmentOnly: true,
      disable: (uri) => custody.disableKey(uri),
      enable: (uri) => custody.enableKey(uri),
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
  [],
);
