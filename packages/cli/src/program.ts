// The commands and their options, as spec 8.6 lists them (CLI-51). What a command does is loaded only when it runs.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { contextOf } from "./command.ts";
import type { Answer, CommonOptions, Context } from "./command.ts";
import type { Io } from "./io.ts";

type Handler = (context: Context, args: never, options: never) => Promise<Answer>;
type Load = () => Promise<Handler>;

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** A program that hands a command's answer to `done` and collects help in `help`. */
export function makeProgram(io: Io, done: (answer: Answer) => void, help: string[]): Command {
  const program = new Command("writ");
  program
    .description("Policy that travels with the data: seal, verify, decide, open, derive, re-anchor.")
    .version(version(), "-V, --version", "print the version")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 80,
    });

  const at = (parent: Command, usage: string, description: string): Command =>
    parent
      .command(usage)
      .description(description)
      .option("--json", "print one JSON object")
      .option("--home <dir>", "the home (default: WRIT_HOME, else the user's configuration folder)");
  const does = (command: Command, load: Load): Command =>
    command.action(async (...given: unknown[]) => {
      const options = command.opts<CommonOptions>();
      const handler = await load();
      done(await handler(contextOf(io, options), given.slice(0, -2) as never, options as never));
    });

  homeCommands(program, at, does);
  sealCommands(program, at, does);
  useCommands(program, at, does);
  evidenceCommands(program, at, does);
  reanchorCommands(program, at, does);
  return program;
}

type At = (parent: Command, usage: string, description: string) => Command;
type Does = (command: Command, load: Load) => Command;

/** A command that holds others and does nothing itself. */
function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).helpCommand(false);
}

function forced(command: Command): Command {
  return command.option("-f, --force", "replace outputs that exist");
}

function verifying(command: Command): Command {
  return command
    .option("--trust <file>", "trust policy (default: the home's)")
    .option("--content <file>", "content of a sidecar (default: the file beside it)");
}

function signing(command: Command): Command {
  return command
    .option("--signer-key <uri>", "key to sign with; may repeat (default: the home's)", collect)
    .option("--authority <urn>", "whose keys these are (default: the home's authority)");
}

/** What an artifact is made under. */
function governing(command: Command): Command {
  return command
    .requiredOption("--policy <file>", "signed policy, or a policy of yours; may repeat", collect)
    .option("--release-policy <file>", "signed policy that one of those names for release; may repeat", collect)
    .option("--param <name=value>", "parameter of a policy; may repeat", collect)
    .option("--suite <name>", "signature suite (default: ed25519+mldsa65)")
    .option("--media-type <type>", "media type to record")
    .option("--status-entry <uri#index>", "place in a status list that speaks for it; may repeat", collect);
}

function requesting(command: Command): Command {
  return asking(command.requiredOption("--operation <name>", "what is to be done: read, aggregate, train …"));
}

function asking(command: Command): Command {
  return command
    .option("--purpose <term>", "for what; may repeat", collect)
    .option("--principal <json|jwt>", "who asks (default: the local user)")
    .option("--principal-token <file>", "a JWT that says who asks; - for stdin, since arguments are seen by others")
    .option("--principal-keys <file|url>", "JWK set of the token's issuer; fetched from an address alone")
    .option("--principal-issuer <url>", "who must have issued that token")
    .option("--principal-audience <name>", "for whom it must be meant")
    .option("--principal-claims <file>", "JSON that says which claims are which facts")
    .option("--region <region>", "where the data is processed; - for nowhere known")
    .option("--destination-party <party>", "to whom it goes")
    .option("--destination-region <region>", "where it goes")
    .option("--fact <name=value>", "a fact that policies read; may repeat", collect)
    .option("--output <name=value>", "a fact of the output; may repeat", collect);
}

function stating(command: Command): Command {
  return command
    .option("--status <file>", "signed status list; may repeat", collect)
    .option("--consents <file>", "signed register of consents")
    .option("--counters <file|uri>", "where uses are counted: a file, or postgres://… (default: the home's file)")
    .option("--approval <file>", "approval that waives a duty, used up by this; may repeat", collect)
    .option("--approval-threshold <n>", "how many must approve (default: as many as the policy says, else 1)");
}

function homeCommands(program: Command, at: At, does: Does): void {
  const init = at(program, "init", "make a home: keystore, signers, trust policy, an example policy")
    .option("--dir <dir>", "folder to make it in")
    .option("--authority <urn>", "who you are (default: a URN of your user name)");
  does(init, async () => (await import("./commands/init.ts")).init);

  const policy = group(program, "policy", "write, sign and check policies");
  const create = forced(at(policy, "new", "print a template to start from"))
    .requiredOption("--template <name>", "which one; an unknown name lists them")
    .option("-o, --out <file>", "write it to a file");
  does(create, async () => (await import("./commands/policy-new.ts")).policyNew);
  const sign = signing(forced(at(policy, "sign <policy>", "sign a policy as its authority")))
    .option("--suite <name>", "signature suite of the home's signer")
    .option("-o, --out <file>", "write the signed policy there (default: beside it, ending in .policy)");
  does(sign, async () => (await import("./commands/policy-sign.ts")).policySign);
  const check = at(policy, "check <policy>", "report errors and warnings, and the purposes it admits");
  does(check, async () => (await import("./commands/policy-check.ts")).policyCheck);

  const diff = at(policy, "diff <a> <b>", "say which requests two policies decide apart").option(
    "--requests <file>",
    "JSON list of requests to ask (default: such that the policies tell apart)",
  );
  does(diff, async () => (await import("./commands/policy-diff.ts")).policyDiff);
  const convert = forced(at(policy, "convert <policy>", "from and to ODRL 2.2; what has no counterpart is refused"))
    .requiredOption("--to <language>", "odrl or writ")
    .option("--authority <urn>", "who signs the policy, where it names no assigner")
    .option("--target <uri>", "the asset that ODRL calls what the policy is for")
    .option("--fact-operand <iri>", "left operand of ODRL that is a fact of requests; may repeat", collect)
    .option("-o, --out <file>", "write it to a file");
  does(convert, async () => (await import("./commands/policy-convert.ts")).policyConvert);

  const trust = group(program, "trust", "whose signatures count");
  const show = at(trust, "show [file]", "show a trust policy with its fingerprints (default: the home's)");
  does(show, async () => (await import("./commands/trust.ts")).trustShow);
  const add = at(
    trust,
    "add <file-or-url>",
    "show a trust policy's fingerprints; with --pin put it in force in the home",
  )
    .option("--root <file>", "public keys of the root that signed it (default: the home's, once pinned)")
    .option("--pin", "you have compared the fingerprints: put it in force");
  does(add, async () => (await import("./commands/trust.ts")).trustAdd);
  const trustSign = signing(
    forced(at(trust, "sign <file>", "sign a trust policy as a root, and write the root to pin")),
  );
  trustSign.option("-o, --out <file>", "write it there (default: beside it, ending in .trust); the root beside that");
  does(trustSign, async () => (await import("./commands/trust-sign.ts")).trustSign);

  const kms = at(program, "kms", "an AWS KMS server on loopback, for development and tests")
    .option("--port <n>", "TCP port (default: a free one)")
    .option("--state <file>", "keep keys in this file, in clear (default: in memory)");
  does(kms, async () => (await import("./commands/kms.ts")).kms);
}

function sealCommands(program: Command, at: At, does: Does): void {
  const seal = signing(
    governing(forced(at(program, "seal <file...>", "encrypt files under policies and sign the artifact"))),
  )
    .option("--key <uri>", "key to seal to; may repeat (default: the home's)", collect)
    .option("--context <name=value>", "pair of the encryption context; may repeat", collect)
    .option("--detached", "FILE.sealed with a sidecar FILE.sealed.writ, for files of any size")
    .option("-o, --out <path>", "output, or a folder with a slash at its end; - for stdout");
  does(seal, async () => (await import("./commands/seal.ts")).sealFiles);
  const adopt = signing(
    governing(forced(at(program, "adopt <file...>", "govern files as they are: a sidecar, nothing encrypted"))),
  )
    .option("--external-key <uri>", "key that the bytes are encrypted under, to record")
    .option("-o, --out <path>", "the sidecar, or a folder with a slash at its end (default: FILE.writ)");
  does(adopt, async () => (await import("./commands/adopt.ts")).adoptFiles);
}

function useCommands(program: Command, at: At, does: Does): void {
  const check = stating(
    requesting(verifying(at(program, "check <file>", "what would be decided: nothing is opened or counted"))),
  ).option("--at <time>", "as if it were that time");
  does(check, async () => (await import("./commands/check.ts")).check);
  const open = stating(requesting(verifying(forced(at(program, "open <file>", "decide, unwrap, decrypt")))))
    .option("--receipts <file>", "receipt log, or none (default: the home's)")
    .option("-o, --out <file>", "write the plaintext there (default: stdout, but no terminal); - for stdout");
  does(open, async () => (await import("./commands/open.ts")).openFileFor);
  const derive = signing(
    stating(requesting(forced(at(program, "derive <file...>", "seal new content as a child of these artifacts")))),
  )
    .requiredOption("--content <new>", "plaintext of the child")
    .option("--trust <file>", "trust policy (default: the home's)")
    .option("--add <policy>", "signed policy to add; may repeat", collect)
    .option("--remove-policy <id>", "policy that goes by operation declassify; --approval is then of that", collect)
    .option("--param <name=value>", "parameter of an added policy; may repeat", collect)
    .option("--key <uri>", "key to seal to; may repeat (default: the home's)", collect)
    .option("--suite <name>", "signature suite (default: ed25519+mldsa65)")
    .option("--detached", "NEW.sealed with a sidecar NEW.sealed.writ")
    .option("--media-type <type>", "media type to record")
    .option("--receipts <file>", "receipt log, or none (default: the home's)")
    .option("-o, --out <path>", "output");
  does(derive, async () => (await import("./commands/derive.ts")).deriveFile);
  const approve = signing(
    verifying(forced(at(program, "approve <file>", "waive a duty for one use, or approve that policies go"))),
  )
    .requiredOption("--operation <name>", "the operation that it is for; amend or declassify where policies go")
    .option("--waives <duty>", "id of a duty that is due before use")
    .option("--remove-policy <id>", "policy that goes, by id or digest; may repeat", collect)
    .option("--add-policy <file>", "signed policy that comes; may repeat", collect)
    .option("--param <name=value>", "parameter of an added policy; may repeat", collect)
    .requiredOption("--approver <urn>", "who you are")
    .option("--policy <id>", "policy of the duty, by id or digest, where several have one")
    .option("--suite <name>", "signature suite of the home's signer")
    .option("--days <n>", "for how long it is good, at most 30 (default: 1)")
    .option("-o, --out <file>", "write it there (default: FILE.approval)");
  does(approve, async () => (await import("./commands/approve.ts")).approve);
  const amend = signing(
    verifying(forced(at(program, "amend <file...>", "the next revision: other policies, status, keys; same content"))),
  )
    .option("--add-policy <file>", "signed policy, or a policy of yours, to add; may repeat", collect)
    .option("--param <name=value>", "parameter of an added policy; may repeat", collect)
    .option("--remove-policy <id>", "policy to take out, by id or digest; may repeat", collect)
    .option("--approval <file>", "approval of exactly these policies, used up by this; may repeat", collect)
    .option("--status-entry <uri#index>", "place in a status list that speaks for the revision; may repeat", collect)
    .option("--media-type <type>", "media type to record")
    .option("--key <uri>", "key in place of the present ones; may repeat", collect)
    .option("--drop-context", "let keys that enforce no encryption context follow one that does")
    .option("--suite <name>", "signature suite (default: ed25519+mldsa65)")
    .option("-o, --out <path>", "output, or a folder with a slash at its end (default: the file, with --force)");
  does(amend, async () => (await import("./commands/amend.ts")).amendFiles);
}

function evidenceCommands(program: Command, at: At, does: Does): void {
  const verify = verifying(
    at(program, "verify <file...>", "check signatures, policies, lineage and content; opens no socket"),
  )
    .option("--as-of <date>", "as if it were that date")
    .option("--require-era <era>", "hybrid or pq: evidence of this era or a later one");
  does(verify, async () => (await import("./commands/verify.ts")).verify);
  does(
    at(program, "inspect <file>", "decode an artifact; verifies nothing"),
    async () => (await import("./commands/inspect.ts")).inspectFile,
  );
  const explain = stating(
    asking(
      verifying(at(program, "explain <file>", "the policies of an artifact, or a policy, in plain language")).option(
        "--operation <name>",
        "explain what would be decided, too",
      ),
    ),
  );
  does(explain, async () => (await import("./commands/explain.ts")).explainFile);
  const lineage = verifying(
    at(program, "lineage <file...>", "where artifacts come from, verified up to their sources"),
  ).option("--tree", "as a tree");
  does(lineage, async () => (await import("./commands/lineage.ts")).lineage);
  const receipts = verifying(at(program, "receipts <file>", "who used this artifact, and for which purpose")).option(
    "--receipts <log>",
    "receipt log; may repeat (default: the home's)",
    collect,
  );
  does(receipts, async () => (await import("./commands/receipts.ts")).receiptsOf);
  const evidence = group(program, "evidence", "one file for an auditor, verifiable offline");
  const pack = signing(forced(at(evidence, "pack <file...>", "artifacts with the receipts about them, in one file")))
    .option("--trust <file>", "trust policy (default: the home's)")
    .option("--receipts <log>", "receipt log; may repeat; none for none (default: the home's)", collect)
    .option("--report <file>", "signed report of a campaign; may repeat", collect)
    .option("--status <file>", "signed status list; may repeat", collect)
    .option("--suite <name>", "signature suite of the home's receipt signer")
    .requiredOption("-o, --out <file>", "the pack");
  does(pack, async () => (await import("./commands/evidence.ts")).evidencePack);
  const audit = at(evidence, "verify <pack>", "what a pack proves under your own trust policy").option(
    "--trust <file>",
    "trust policy (default: the home's)",
  );
  does(audit, async () => (await import("./commands/evidence.ts")).evidenceVerify);
  const liabilities = at(program, "liabilities", "duties that uses have brought about and nobody has discharged")
    .option("--receipts <log>", "receipt log; may repeat (default: the home's)", collect)
    .option("--trust <file>", "trust policy (default: the home's)")
    .option("--all", "those that were discharged, too");
  does(liabilities, async () => (await import("./commands/liabilities.ts")).liabilities);
  const discharge = at(program, "discharge <receipt>", "record that a duty was done, by the receipt that owes it")
    .requiredOption("--duty <id>", "which duty")
    .option("--policy <digest>", "policy of the duty, where several have one")
    .option("--by <urn>", "who did it (default: the local user)")
    .option("--role <urn>", "role in which it was done; may repeat", collect)
    .option("--receipts <log>", "receipt log (default: the home's)")
    .option("--trust <file>", "trust policy (default: the home's)");
  does(discharge, async () => (await import("./commands/liabilities.ts")).discharge);
}

function reanchorCommands(program: Command, at: At, does: Does): void {
  const reanchor = group(program, "reanchor", "move a corpus to another signature suite; content is not touched");
  const corpus = (usage: string, description: string): Command =>
    at(reanchor, `${usage} <corpus>`, description).option("--trust <file>", "trust policy (default: the home's)");
  const target = (command: Command): Command =>
    command.option("--to <suite>", "signature suite or profile to reach: default (ed25519+mldsa65) or cnsa2 (mldsa87)");
  const inventory = corpus("inventory", "what there is, of which era, until when it counts").option(
    "--csv",
    "as a table for spreadsheets",
  );
  does(inventory, async () => (await import("./commands/reanchor.ts")).inventoryOf);
  does(target(corpus("plan", "what a run would do")), async () => (await import("./commands/reanchor.ts")).planOf);
  const runs = signing(target(corpus("run", "anchor every artifact again; a dry run without --commit")))
    .option("--commit", "write")
    .option("--limit <n>", "at most so many artifacts")
    .option("--max-set-aside <share>", "give up where more is set aside, for example 0.1%");
  does(runs, async () => (await import("./commands/reanchor.ts")).runOf);
  does(
    corpus("report", "what the last run did, or the one of a report file; verifies its signature"),
    async () => (await import("./commands/reanchor.ts")).reportOf,
  );
}
