// The agenda of a run: at which steps which observers prepare or measure, in ascending order.
import type { Observer } from '../contracts/observer.js';

export interface Appointment {
  readonly step: number;
  /** Names of observers that prepare here: a frame along a path starts, or it is one of their waypoints. */
  readonly prepare: readonly string[];
  /** Names of observers that measure here, in the scenario's order. */
  readonly observe: readonly string[];
}

/**
 * @param frames steps of the frames by observer
 * @param observers by name. Frames earlier than an observer's lead are dropped.
 */
export function makeAgenda(
  frames: ReadonlyMap<string, readonly number[]>,
  observers: ReadonlyMap<string, Pick<Observer, 'lead' | 'waypoints'>>,
): readonly Appointment[] {
  const appointments = new Map<number, { step: number; prepare: Set<string>; observe: string[] }>();
  const at = (step: number) => {
    let appointment = appointments.get(step);
    if (!appointment) {
      appointment = { step, prepare: new Set(), observe: [] };
      appointments.set(step, appointment);
    }
    return appointment;
  };
  for (const [name, steps] of frames) {
    const { lead = 0, waypoints = [] } = observers.get(name) ?? {};
    for (const step of waypoints) at(step).prepare.add(name);
    for (const step of steps) {
      if (step < lead) continue;
      if (lead > 0) at(step - lead).prepare.add(name);
      at(step).observe.push(name);
    }
  }
  return [...appointments.values()]
    .map(({ step, prepare, observe }) => ({ step, prepare: [...prepare], observe }))
    .sort((a, b) => a.step - b.step);
}
