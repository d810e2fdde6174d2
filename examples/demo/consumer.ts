// The consumer. It has the files and the trust policy; `verify` and `recheck` run without a network, `use` and `reopen` need the KMS.
import { play } from "./expectation.ts";

const [, , folder = "", scene = ""] = process.argv;

await play(async () => {
  if (scene === "verify") return (await import("./consumer-offline.ts")).verify(folder);
  if (scene === "recheck") return (await import("./consumer-offline.ts")).recheck(folder);
  if (scene === "use") return (await import("./consumer-online.ts")).use(folder);
  if (scene === "reopen") return (await import("./consumer-online.ts")).reopen(folder);
  throw new TypeError(`the consumer has no scene \`${scene}\``);
});
