// Draws when the screen is refreshed, and no more than there is time for: the first pictures always, others in turn.

/** For pictures that can wait, after those that cannot; unit: milliseconds. */
const BUDGET = 6;

const urgent = new Set<() => void>();
const patient = new Set<() => void>();
let requested = false;

function refresh(): void {
  requested = false;
  const now = [...urgent];
  urgent.clear();
  for (const draw of now) draw();
  const began = performance.now();
  // A set keeps the order in which its members came: whoever waits longest is drawn first.
  for (const draw of patient) {
    patient.delete(draw);
    draw();
    if (performance.now() - began > BUDGET) break;
  }
  if (patient.size > 0) request();
}

function request(): void {
  if (requested) return;
  requested = true;
  requestAnimationFrame(refresh);
}

/** At the next refresh, once, however often it is asked for. */
export function drawNext(draw: () => void): void {
  urgent.add(draw);
  request();
}

/** At one of the next refreshes. */
export function drawSoon(draw: () => void): void {
  patient.add(draw);
  request();
}

export function callOff(draw: () => void): void {
  urgent.delete(draw);
  patient.delete(draw);
}
