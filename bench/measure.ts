/** Timing: contenders take turns, so that a slow spell of the machine hits all of them; the median of the turns counts. */

export interface Contender {
  readonly name: string;
  /** Nanoseconds a unit of work (a step, a call), measured once over enough units. */
  measure(): number | Promise<number>;
}

export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly turns: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One warm-up turn, then `turns` turns of every contender in order. */
export async function takeTurns(contenders: readonly Contender[], turns: number): Promise<Timing[]> {
  const times = contenders.map(() => [] as number[]);
  for (const contender of contenders) await contender.measure();
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, contender] of contenders.entries()) times[i].push(await contender.measure());
  }
  return contenders.map(({ name }, i) => ({
    name,
    median: median(times[i]),
    fastest: Math.min(...times[i]),
    slowest: Math.max(...times[i]),
    turns,
  }));
}

/** Nanoseconds a unit for `work(units)`. */
export function clock(units: number, work: (units: number) => void): number {
  const start = process.hrtime.bigint();
  work(units);
  return Number(process.hrtime.bigint() - start) / units;
}

/** The same for work that returns to the event loop meanwhile. */
export async function clockAsync(units: number, work: (units: number) => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work(units);
  return Number(process.hrtime.bigint() - start) / units;
}
