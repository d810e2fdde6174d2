// A model trained on governed data: the model file carries the policies of all that it was trained on, and so does what it infers.
// Run: node --conditions=@writ/source examples/trained-model/main.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { custodySigner, describeSigner, ingest, openReceiptFile, parseTrust, seal, signPolicy } from "@writ/core";
import type { DecisionRequest, Signer } from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import { createEvaluator, explainDecision, govern, governRecords } from "@writ/evaluator";
import type { Governed } from "@writ/evaluator";

const evaluator = createEvaluator();
const research = { id: "research", operations: ["read", "copy", "train", "infer"], purposes: ["dpv:AcademicResearch"] };

// Each clinic's own terms. Rows: age, days in hospital.
const clinics = [
  {
    name: "north",
    rows: "30,2\n50,4\n70,6\n",
    // A model of these rows may infer, but the model itself may not be handed on.
    terms: {
      permissions: [research],
      derive: { train: { inherit: true, add: { notOperations: ["copy", "disclose"] } } },
    },
  },
  { name: "south", rows: "40,3\n60,5\n", terms: { permissions: [research], limits: { regions: [["EU"]] } } },
  { name: "east", rows: "35,20\n", terms: { permissions: [{ ...research, operations: ["read"] }] } }, // no training
];

/** Days by age as a straight line, by least squares; each row is `age,days`. */
function fit(rows: string): { slope: number; base: number } {
  const points = rows
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number) as [number, number]);
  const mean = (pick: (point: [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [age, days] = [mean(([x]) => x), mean(([, y]) => y)];
  const slope = mean(([x, y]) => (x - age) * (y - days)) / mean(([x]) => (x - age) ** 2);
  return { slope, base: days - slope * age };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const folder = mkdtempSync(join(tmpdir(), "writ-trained-model-"));
try {
  const keystore = await createLocalKeystore({ file: join(folder, "keystore"), keyFile: join(folder, "key") });
  await keystore.createSymmetricKey("data");
  const signerOf = async (name: string): Promise<Signer> => {
    await keystore.createSigningKey(name, -19);
    return custodySigner(`urn:example:${name}`, "ed25519", keystore, [`local:${name}`]);
  };
  const [office, clinic, laboratory] = [
    await signerOf("office"),
    await signerOf("clinic"),
    await signerOf("laboratory"),
  ];
  const trust = parseTrust(
    JSON.stringify({
      version: 1,
      sequence: 1,
      expires: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`,
      signers: [
        describeSigner(office, "policy"),
        describeSigner(clinic, "issue"),
        describeSigner(laboratory, "derive"),
      ],
      suites: { ed25519: {} },
    }),
  );
  const receipts = openReceiptFile(join(folder, "receipts"));
  const recipients = [{ custody: keystore, keyUri: "local:data" }];

  /** A clinic's rows as the laboratory holds them: verified, and usable only through decisions. */
  const sources: Governed[] = [];
  for (const { name, rows, terms } of clinics) {
    const document = {
      version: 1,
      kind: "grant",
      id: `urn:example:policy:${name}`,
      authority: "urn:example:office",
      ...terms,
    };
    const { message } = await signPolicy(JSON.stringify(document), { evaluator, signer: office });
    const chunks: Uint8Array[] = [];
    const write = (chunk: Uint8Array): void => void chunks.push(Uint8Array.from(chunk));
    const { artifact } = await seal({
      content: Buffer.from(rows),
      write,
      policies: [{ message }],
      recipients,
      signer: clinic,
      evaluator,
    });
    const content = Buffer.concat(chunks);
    sources.push(
      govern(await ingest(artifact, trust, { evaluator }), { evaluator, receipts, custody: keystore, content }),
    );
  }

  // Train on those whose terms permit it; the model is sealed while the rows are still lent.
  const principal = { id: "urn:example:laboratory", kind: "service" } as const;
  const training: DecisionRequest = { operation: "train", purposes: ["dpv:AcademicResearch"], principal, region: "DE" };
  const trained = await governRecords(sources, { onDeny: "filter" }).derive(
    training,
    (records) => Buffer.from(JSON.stringify(fit(records.map(({ plaintext }) => text(plaintext)).join("")))),
    { recipients, signer: laboratory, mediaType: "application/json" },
  );
  if (trained.verdict !== "permit") throw new RangeError("no clinic permits training");
  const { data: model, bytes } = trained.value;
  const { policies } = await ingest(bytes.artifact, trust, { evaluator });
  console.log(
    `the model is governed by ${policies
      .map(({ id }) => id)
      .sort()
      .join(" and ")}`,
  );

  // Use it: each inference is decided against the terms of every clinic whose rows are in it.
  const infer = async (what: string, change: Partial<DecisionRequest>): Promise<void> => {
    const used = await model.use({ ...training, operation: "infer", ...change }, (file) => {
      const { slope, base } = JSON.parse(text(file)) as ReturnType<typeof fit>;
      return `${(base + slope * 80).toFixed(0)} days at 80`;
    });
    const why = explainDecision(used.decision).at(1);
    console.log(`${what}: ${used.verdict === "permit" ? used.value : `${used.verdict}, ${why}`}`);
  };
  await infer("to infer for research", {});
  await infer("to infer for advertising", { purposes: ["dpv:Advertising"] });
  await infer("to infer outside Europe", { region: "US" });
  await infer("to copy the model", { operation: "copy" });
  receipts.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
