// The local KMS as a process of its own. It prints its endpoint, and ends when its stdin does.
import { startKms } from "@writ/kms-local";
import { layout, principals, region } from "./cast.ts";
import { stopwatch } from "./expectation.ts";

const [, , folder = ""] = process.argv;
const { steps, trail } = layout(folder);
const lap = stopwatch("local KMS", steps, true);
const kms = await startKms({ principals, region, trailFile: trail });
process.stdout.write(`${kms.endpoint}\n`);
process.stdin.resume();
process.stdin.once("end", () => {
  lap("all requests of the others");
  void kms.close();
});
