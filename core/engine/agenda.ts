// The agenda of a run: at which steps which observers prepare or measure, in ascending order.

export interface Appointment {
  readonly step: number;
  /** Names of observers whose path-dependent frame starts here. */
  readonly prepare: readonly string[];
  /** Names of observers that measure here, in the scenario's order. */
  readonly observe: readonly string[];
}

/**
 * @param frames steps of the frames by observer
 * @param lead steps before each frame at which an observer prepares; 0 for most. Frames before `lead` are dropped.
 */
export function makeAgenda(
  frames: ReadonlyMap<string, readonly number[]>,
  lead: ReadonlyMap<string, number>,
): readonly Appointment[] {
  const appointments = new Map<number, { step: number; prepare: string[]; observe: string[] }>();
  const at = (step: number) => {
    let appointment = appointments.get(step);
    if (!appointment) {
      appointment = { step, prepare: [], observe: [] };
      appointments.set(step, appointment);
    }
    return appointment;
  };
  for (const [name, steps] of frames) {
    const before = lead.get(name) ?? 0;
    for (const step of steps) {
      if (step < before) continue;
      if (before > 0) at(step - before).prepare.push(name);
      at(step).observe.push(name);
    }
  }
  return [...appointments.values()].sort((a, b) => a.step - b.step);
}
