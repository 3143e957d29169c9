// What the transport does, by button and by key.
import { attempt, goTo, isFinished, place, runState, speed, start, step } from '../state.js';
import { FULL_SPEED, placeOfSpeed, stepsPerSecondAt } from './speed.js';

/** A run that has ended begins again. */
export function togglePlay(): void {
  if (isFinished.value) {
    speed.value = { ...speed.value, playing: true };
    start();
    return;
  }
  speed.value = { ...speed.value, playing: !speed.value.playing };
}

export function makeStep(): void {
  if (!isFinished.value && runState.value !== 'none') step();
}

/** From the first step, with the same seed. */
export const reset = (): void => start();

/** The next seed, whether it is stored or not. */
export function nextSeed(): void {
  const now = place.value;
  if (now) attempt(() => goTo({ ...now, seed: now.seed + 1 }));
}

/** @param by places of the scale */
export function changeSpeed(by: number): void {
  const to = Math.min(FULL_SPEED, Math.max(0, placeOfSpeed(speed.value.stepsPerSecond) + by));
  speed.value = { ...speed.value, stepsPerSecond: stepsPerSecondAt(to) };
}

export interface Shortcut {
  readonly key: string;
  readonly shown: string;
  readonly does: string;
  act(): void;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { key: ' ', shown: 'space', does: 'play or pause', act: togglePlay },
  { key: '.', shown: '.', does: 'one step', act: makeStep },
  { key: 'r', shown: 'r', does: 'from the start, same seed', act: reset },
  { key: 's', shown: 's', does: 'next seed', act: nextSeed },
  { key: '+', shown: '+', does: 'faster', act: () => changeSpeed(5) },
  { key: '-', shown: '-', does: 'slower', act: () => changeSpeed(-5) },
  { key: 'f', shown: 'f', does: 'as fast as it goes', act: () => changeSpeed(FULL_SPEED) },
];

/** Whatever takes keys for itself; a button is pressed by a space. */
const TYPING = 'input, select, textarea, [contenteditable], dialog';
const PRESSED = 'button, summary, a[href]';

/** @returns calls it off */
export function listenToKeys(target: Window): () => void {
  const press = (event: KeyboardEvent) => {
    const from = event.target instanceof Element ? event.target : undefined;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (from?.closest(TYPING) || (event.key === ' ' && from?.closest(PRESSED))) return;
    const shortcut = SHORTCUTS.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act();
  };
  target.addEventListener('keydown', press);
  return () => target.removeEventListener('keydown', press);
}
