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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Runs `work` for seven rounds of at least a quarter of a second each, after one to warm up; figures are for one of its `items`. */
export async function measure(name: string, work: () => unknown, items = 1): Promise<Figure> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const startCpu = process.cpuUsage();
    const start = performance.now();
    let calls = 0;
    do {
      const result = work();
      if (result instanceof Promise) await result;
      calls += items;
    } while (performance.now() - start < roundMs);
    const elapsed = performance.now() - start;
    const used = process.cpuUsage(startCpu);
    if (round < 0) continue;
    wall.push((elapsed * 1000) / calls);
    cpu.push((used.user + used.system) / calls);
  }
  const wallUs = median(wall);
  return { name, wallUs, cpuUs: median(cpu), perSecond: 1e6 / wallUs };
}

/** A row for people: microseconds, or milliseconds from ten thousand on. */
export function formatFigure({ name, wallUs, cpuUs, perSecond }: Figure, beside?: Figure): string {
  const time = (us: number): string => (us >= 10_000 ? `${(us / 1000).toFixed(1)} ms` : `${us.toFixed(1)} µs`);
  const ratio = beside ? `${((beside.wallUs / wallUs) * 100).toFixed(0)} % of ${beside.name}` : "";
  return [
    name.padEnd(46),
    time(wallUs).padStart(12),
    `cpu ${time(cpuUs)}`.padStart(16),
    `${Math.round(perSecond)}/s`.padStart(12),
    `  ${ratio}`,
  ].join("");
}
