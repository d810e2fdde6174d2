// Medians over rounds, wall and CPU time side by side; a figure is only good beside its raw primitive in the same process.

/** One figure: medians over the rounds. */
export interface Figure {
  readonly name: string;
  readonly wallUs: number;
  readonly cpuUs: number;
  readonly perSecond: number;
}

const rounds = 7;
const roundMs = 250;
const settleMs = 100;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** What is timed; `work` does `items` (default 1) at once. */
export interface Timed {
  readonly name: string;
  readonly work: () => unknown;
  readonly items?: number;
}

interface Round {
  readonly wallUs: number;
  readonly cpuUs: number;
}

/** Works for so long, at least once; returns how many items were done. */
async function workFor(milliseconds: number, { work, items = 1 }: Timed): Promise<number> {
  const start = performance.now();
  let done = 0;
  do {
    const result = work();
    if (result instanceof Promise) await result;
    done += items;
  } while (performance.now() - start < milliseconds);
  return done;
}

async function round(timed: Timed): Promise<Round> {
  await workFor(settleMs, timed); // what the one before left in heap and caches is not this one's
  const startCpu = process.cpuUsage();
  const start = performance.now();
  const done = await workFor(roundMs, timed);
  const elapsed = performance.now() - start;
  const used = process.cpuUsage(startCpu);
  return { wallUs: (elapsed * 1000) / done, cpuUs: (used.user + used.system) / done };
}

/**
 * Seven rounds of at least a quarter of a second each, in turn, so that what slows the machine slows all of them; each has had a round
 * to warm up, and each round a tenth of a second that isn't counted. Figures are for one item.
 */
export async function measureInTurn(all: readonly Timed[]): Promise<readonly Figure[]> {
  for (const timed of all) await round(timed);
  const seen = all.map((): Round[] => []);
  for (let turn = 0; turn < rounds; turn += 1)
    for (const [index, timed] of all.entries()) seen[index]!.push(await round(timed));
  return all.map(({ name }, index) => {
    const wallUs = median(seen[index]!.map((one) => one.wallUs));
    return { name, wallUs, cpuUs: median(seen[index]!.map((one) => one.cpuUs)), perSecond: 1e6 / wallUs };
  });
}

/** As `measureInTurn`, of one thing. */
export async function measure(name: string, work: () => unknown, items = 1): Promise<Figure> {
  const [figure] = await measureInTurn([{ name, work, items }]);
  return figure!;
}

/** A row for people: microseconds, or milliseconds from ten thousand on. */
export function formatFigure({ name, wallUs, cpuUs, perSecond }: Figure, beside?: Figure): string {
  const time = (us: number): string => (us >= 10_000 ? `${(us / 1000).toFixed(1)} ms` : `${us.toFixed(1)} µs`);
  const ratio = beside ? `${((beside.wallUs / wallUs) * 100).toFixed(0)} % of ${beside.name}` : "";
  return [
    name.padEnd(52),
    time(wallUs).padStart(12),
    `cpu ${time(cpuUs)}`.padStart(16),
    `${Math.round(perSecond)}/s`.padStart(12),
    `  ${ratio}`,
  ].join("");
}
