// The run of the place: levels against learning time, small panels below them, and the transport.
import { clock, runState } from '../state.js';

export function RunPanel() {
  return (
    <section class="run" aria-label="Run">
      <p>
        {runState.value}, step {clock.value.step}
      </p>
    </section>
  );
}
