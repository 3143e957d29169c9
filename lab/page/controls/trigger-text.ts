// When an observer measures, as a form and the text of its field.
import type { Trigger } from '../../../core/scenario/scenario.js';

interface TriggerKind {
  readonly title: string;
  /** To begin with; undefined for what an observer does by itself. */
  readonly first: Trigger | undefined;
}

export const TRIGGERS = {
  points: { title: 'evenly, so many times', first: { points: 21 } },
  every: { title: 'every so many steps', first: { every: 1000 } },
  everyEpochs: { title: 'every so many epochs', first: { everyEpochs: 1 } },
  perDecade: { title: 'times in every decade', first: { perDecade: 8 } },
  at: { title: 'at these steps', first: { at: [0, 'end'] } },
  atEpochs: { title: 'at these epochs', first: { atEpochs: [0, 'end'] } },
  end: { title: 'at the end', first: 'end' },
} as const satisfies Readonly<Record<string, TriggerKind>>;

export type TriggerForm = keyof typeof TRIGGERS;

export function triggerForm(when: Trigger | undefined): TriggerForm {
  if (when === undefined) return 'points';
  if (when === 'end') return 'end';
  return (Object.keys(TRIGGERS) as TriggerForm[]).find((form) => Object.hasOwn(when, form)) ?? 'points';
}

export function textOfTrigger(when: Trigger | undefined): string {
  if (when === undefined) return String(TRIGGERS.points.first.points);
  if (when === 'end') return '';
  const [value] = Object.values(when);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What is no number stays a text, for the engine to refuse. */
export function readTrigger(form: Exclude<TriggerForm, 'end'>, text: string): Trigger {
  const entryOf = (part: string) => (part.trim() !== '' && Number.isFinite(Number(part)) ? Number(part) : part.trim());
  const value = form === 'at' || form === 'atEpochs' ? text.split(',').map(entryOf) : entryOf(text);
  return { [form]: value } as unknown as Trigger;
}
