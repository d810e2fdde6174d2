// npm run bench:decisions: decisions of one policy (20 rules, all of DPV) over 2,000 total requests, beside other engines
// that were told the same rules; all must agree before anything is timed.
import { generateKeyPairSync } from "node:crypto";
import { cpus } from "node:os";
import type { DecisionRequest, Evaluator, PolicyLayer } from "@writ/core";
import { encodeCbor, localSigner, nameOf, parsePolicy, signPolicy } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { document, makeRequests, state } from "./decisions-policy.ts";
import { casbin, cedar, logic } from "./decisions-peers.ts";
import type { Peer } from "./decisions-peers.ts";
import { plainRequest, rulesOf } from "./decisions-rules.ts";
import type { PlainRequest } from "./decisions-rules.ts";
import { vocabulary } from "./decisions-vocabulary.ts";
import { formatFigure, measure } from "./measure.ts";
import type { Figure } from "./measure.ts";

const requestCount = 2000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function layerOf(evaluator: Evaluator): PolicyLayer {
  const prepared = evaluator.prepare(JSON.stringify(document)).document;
  return { policy: nameOf(encodeCbor(JSON.stringify(prepared))), document: prepared, parameters: {}, via: [] };
}

/** One decision of a peer at a time, through all requests again and again. */
async function measurePeer<T>(peer: Peer<T>, requests: readonly PlainRequest[]): Promise<Figure> {
  const ready = requests.map((request) => peer.ready(request));
  let next = 0;
  return measure(peer.name, () => {
    const permitted = peer.permits(ready[next]!);
    next = (next + 1) % ready.length;
    return permitted;
  });
}

/** All requests a call, as the clock costs more than one decision of ours. */
async function measureOurs(
  name: string,
  decide: (request: DecisionRequest) => unknown,
  requests: readonly DecisionRequest[],
): Promise<Figure> {
  const all = await measure(name, () => {
    for (const request of requests) decide(request);
  });
  const { length } = requests;
  return { name, wallUs: all.wallUs / length, cpuUs: all.cpuUs / length, perSecond: all.perSecond * length };
}

function checkAgreement<T>(peer: Peer<T>, requests: readonly DecisionRequest[], permits: readonly boolean[]): void {
  for (const [index, request] of requests.entries()) {
    if (peer.permits(peer.ready(plainRequest(request))) === permits[index]) continue;
    throw new TypeError(
      `${peer.name} disagrees on ${JSON.stringify(request)}: we ${permits[index] ? "permit" : "don't"}`,
    );
  }
}

function precise(figure: Figure, beside?: Figure): string {
  const ratio = beside ? `${(figure.cpuUs / beside.cpuUs).toFixed(0)} times our CPU time` : "";
  return `${figure.name.padEnd(50)}${figure.wallUs.toFixed(2).padStart(10)} µs  cpu ${figure.cpuUs.toFixed(2).padStart(8)} µs ${String(Math.round(figure.perSecond)).padStart(10)}/s  ${ratio}`;
}

const evaluator = createEvaluator();
const layers = [layerOf(evaluator)];
const requests = makeRequests(requestCount, Object.keys(vocabulary.links));
const rules = rulesOf(document, vocabulary);
const verdicts = requests.map((request) => evaluator.evaluate(layers, request, state).verdict);
const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length;
const peers = [
  cedar(rules, vocabulary.links, false),
  cedar(rules, vocabulary.links, true),
  cedar(rules, vocabulary.links, true, "all"),
  logic(rules, vocabulary.links),
  await casbin(rules, vocabulary.links),
] as Peer<unknown>[];
const permits = verdicts.map((verdict) => verdict === "permit");
for (const peer of peers) checkAgreement(peer, requests, permits);

say(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores`);
say(
  `${requestCount} total requests: ${count("permit")} permitted, ${count("deny")} denied, ${count("unknown")} unknown; all engines agree`,
);
const ours = await measureOurs("writ, compiled", (request) => evaluator.evaluate(layers, request, state), requests);
say(precise(ours));
const permitted = requests.filter((_request, index) => permits[index]);
const denied = requests.filter((_request, index) => !permits[index]);
say(precise(await measureOurs("  permits alone", (request) => evaluator.evaluate(layers, request, state), permitted)));
say(
  precise(
    await measureOurs(
      "  denials alone, with all reasons",
      (request) => evaluator.evaluate(layers, request, state),
      denied,
    ),
  ),
);
for (const peer of peers) say(precise(await measurePeer(peer, requests.map(plainRequest)), ours));

let newPolicies = 0;
/** The decision of a policy that the evaluator hasn't met: its document is read anew, and it has a digest of its own. */
function decideNew(read: PolicyLayer["document"]): unknown {
  newPolicies += 1;
  const policy: PolicyLayer["policy"] = `sha384:${String(newPolicies).padStart(96, "0")}`;
  const request = requests[newPolicies % requests.length]!;
  return evaluator.evaluate([{ ...layers[0]!, policy, document: read }], request, state);
}

const text = JSON.stringify(layers[0]!.document);
const signer = localSigner("urn:bench:privacy", "ed25519", [generateKeyPairSync("ed25519").privateKey]);
const { message } = await signPolicy(JSON.stringify(document), { evaluator, signer });
const fromJson = (): unknown => decideNew(JSON.parse(text) as PolicyLayer["document"]);
const fromMessage = (): unknown => decideNew(parsePolicy(message).document);
/** Before anything is timed: a busy machine gives a round too little time for V8 to compile what it runs. */
const warmUps = 5000;
for (let index = 0; index < warmUps; index += 1) {
  fromJson();
  fromMessage();
}
say(`a new policy, ${text.length} B of JSON, ${message.length} B as signed in CBOR; no signature is verified here`);
say(formatFigure(await measure("JSON to first decision", fromJson)));
say(formatFigure(await measure("  JSON.parse alone", () => JSON.parse(text))));
say(formatFigure(await measure("signed message to first decision, kept", fromMessage)));
say(formatFigure(await measure("  its hash, CBOR and COSE alone", () => parsePolicy(message))));
