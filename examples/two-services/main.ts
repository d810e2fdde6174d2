// Two services that pass a governed payload over HTTP: one seals, the other verifies, asks and opens, or refuses.
// Run: node --conditions=@writ/source examples/two-services/main.ts
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  GovernanceError,
  custodySigner,
  decide,
  describeSigner,
  encodeEnvelope,
  ingest,
  open,
  openReceiptFile,
  parseTrust,
  seal,
  signPolicy,
  splitCarrier,
} from "@writ/core";
import type { Custody, ReceiptSink, TrustPolicy } from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import { createEvaluator } from "@writ/evaluator";

const evaluator = createEvaluator();

// What both know: a policy, who signs what, and where keys are kept (for development, a file).
const policyText = JSON.stringify({
  version: 1,
  kind: "grant",
  id: "urn:example:policy:orders",
  authority: "urn:example:authority:privacy-office",
  classification: "internal",
  limits: { notPurposes: ["dpv:Advertising"] },
  permissions: [{ id: "deliver", operations: ["read"], purposes: ["dpv:DeliveryOfGoods"], duties: ["delete-soon"] }],
  duties: [{ id: "delete-soon", type: "delete", trigger: "after-use", within: "P30D" }],
});

/** The service that owns the data: seals an order into one message. */
async function sealOrder(order: object, keystore: Custody, policy: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const { artifact } = await seal({
    content: Buffer.from(JSON.stringify(order)),
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    policies: [{ message: policy }],
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: await custodySigner("urn:example:service:orders", "ed25519", keystore, ["local:issue"]),
    evaluator,
    mediaType: "application/json",
  });
  return encodeEnvelope(artifact, Buffer.concat(chunks));
}

/** The service that is handed the data: nothing is used before it is verified and permitted. */
async function receive(
  message: Uint8Array,
  purpose: string,
  keystore: Custody,
  trust: TrustPolicy,
  receipts: ReceiptSink,
): Promise<{ status: number; body: string }> {
  try {
    const { artifact, content } = splitCarrier(message);
    const verified = await ingest(artifact, trust, { evaluator, content: content ?? new Uint8Array() });
    const principal = { id: "urn:example:service:shipping", kind: "service" } as const;
    const { verdict, reasons, permit } = await decide(
      verified,
      { operation: "read", purposes: [purpose], principal },
      { evaluator, receipts },
    );
    if (permit === null) return { status: 403, body: `${verdict}: ${reasons.map(({ code }) => code).join(", ")}` };
    const plain: Uint8Array[] = [];
    for await (const segment of open(verified, permit, { custody: keystore, content: content! })) plain.push(segment);
    return { status: 200, body: Buffer.concat(plain).toString("utf8") };
  } catch (error) {
    if (error instanceof GovernanceError) return { status: 422, body: error.code };
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), "writ-two-services-"));
try {
  const keystore = await createLocalKeystore({ file: join(folder, "keystore"), keyFile: join(folder, "key") });
  await keystore.createSymmetricKey("data");
  for (const name of ["issue", "policy"]) await keystore.createSigningKey(name, -19);
  const issuer = await custodySigner("urn:example:service:orders", "ed25519", keystore, ["local:issue"]);
  const office = await custodySigner("urn:example:authority:privacy-office", "ed25519", keystore, ["local:policy"]);
  const policy = await signPolicy(policyText, { evaluator, signer: office });
  const trust = parseTrust(
    JSON.stringify({
      version: 1,
      sequence: 1,
      expires: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`,
      signers: [describeSigner(issuer, "issue"), describeSigner(office, "policy")],
      suites: { ed25519: {} },
    }),
  );

  const receipts = openReceiptFile(join(folder, "receipts"));
  const shipping = createServer((request, response) => {
    void (async () => {
      const purpose = String(request.headers["x-purpose"]);
      const { status, body } = await receive(await buffer(request), purpose, keystore, trust, receipts);
      response.writeHead(status).end(body);
    })();
  });
  await once(shipping.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(shipping.address() as AddressInfo).port}/`;

  const send = async (what: string, message: Uint8Array, purpose: string): Promise<void> => {
    const response = await fetch(url, {
      method: "POST",
      body: Buffer.from(message),
      headers: { "x-purpose": purpose },
    });
    console.log(`${what.padEnd(22)} ${response.status} ${await response.text()}`);
  };
  const message = await sealOrder({ order: 4711, street: "Hafenweg 3" }, keystore, policy.message);
  const tampered = Uint8Array.from(message);
  tampered[message.length - 1]! ^= 1;
  await send("for delivery", message, "dpv:DeliveryOfGoods");
  await send("for advertising", message, "dpv:Advertising");
  await send("with one bit changed", tampered, "dpv:DeliveryOfGoods");
  shipping.close();
  shipping.closeAllConnections();
  receipts.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
