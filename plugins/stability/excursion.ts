// How long an observer follows the run from where it stands, in consecutive blocks whose scatter gives the error.
import { choice, EigenflowError, integer, number, type ParameterValues, type RunView } from 'eigenflow';

export const excursionParameters = {
  length: number({
    doc: 'how far the run is followed from where it stands',
    unit: 'epochs or steps, see `unit`',
    default: 100,
    above: 0,
  }),
  unit: choice({ doc: 'unit of lengths', values: ['epochs', 'steps'], default: 'epochs' }),
  blocks: integer({
    doc: 'consecutive blocks of the excursion; errors are those of the mean over blocks, taken as independent',
    unit: '1',
    default: 20,
    min: 2,
  }),
  schedules: choice({
    doc:
      'scheduled parameters on the way: follow the schedule of the run, as it will itself; or hold the values that ' +
      'they have at the frame. Default: follow',
    values: ['follow', 'hold'],
    optional: true,
  }),
} as const;

/** @throws EigenflowError `parameter` for epochs of one-pass data. */
export function stepsIn(length: number, unit: 'epochs' | 'steps', { stepsPerEpoch }: RunView): number {
  if (unit === 'steps') return Math.round(length);
  if (Number.isFinite(stepsPerEpoch)) return Math.round(length * stepsPerEpoch);
  throw new EigenflowError('parameter', 'unit', 'one-pass data have no epochs; give lengths in steps');
}

/** @returns steps of one block, at least one. @throws EigenflowError `parameter` */
export function stepsPerBlock(
  { length, unit, blocks }: ParameterValues<typeof excursionParameters>,
  run: RunView,
): number {
  const steps = stepsIn(length, unit, run);
  if (steps >= blocks) return Math.round(steps / blocks);
  throw new EigenflowError('parameter', 'length', `${length} ${unit} are ${steps} steps, too few for ${blocks} blocks`);
}
