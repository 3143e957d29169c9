// Time limits as Slurm writes them: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes,
// days-hours:minutes:seconds (sbatch(1), --time).
import { EigenflowError } from '../../core/errors.js';

const FORMS = [
  // Minutes, or with hours where there are three numbers.
  /^(?:(?<hours>\d+):(?=\d+:))?(?<minutes>\d+)(?::(?<seconds>\d+))?$/,
  /^(?<days>\d+)-(?<hours>\d+)(?::(?<minutes>\d+)(?::(?<seconds>\d+))?)?$/,
];

/** @returns seconds; Infinity for `UNLIMITED`; undefined when it is no time limit */
export function readWallTime(text: string): number | undefined {
  if (/^(unlimited|infinite)$/i.test(text)) return Number.POSITIVE_INFINITY;
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (!groups) continue;
    const at = (name: string) => Number(groups[name] ?? 0);
    return ((at('days') * 24 + at('hours')) * 60 + at('minutes')) * 60 + at('seconds');
  }
  return undefined;
}

/** @returns seconds. @throws EigenflowError `cluster` for anything but a positive, finite time */
export function parseWallTime(text: string): number {
  const seconds = readWallTime(text.trim());
  if (seconds === undefined || !(seconds > 0) || seconds === Number.POSITIVE_INFINITY) {
    throw new EigenflowError(
      'cluster',
      `--time ${text}`,
      'expected a time limit as Slurm writes it: minutes (90), hours:minutes:seconds (1:30:00) or days-hours (2-12)',
    );
  }
  return seconds;
}

/** `[days-]hh:mm:ss`, rounded up to whole seconds. */
export function formatWallTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  const pad = (n: number) => String(n).padStart(2, '0');
  const clock = `${pad(Math.floor(whole / 3600) % 24)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  const days = Math.floor(whole / 86_400);
  return days > 0 ? `${days}-${clock}` : clock;
}
