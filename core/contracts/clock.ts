// Where a run stands. One clock belongs to one run; the engine advances it, the optimiser sets the step size.

/**
 * The values live in typed slots: a double stored in an object field can be boxed, one allocation a step.
 */
export class Clock {
  readonly #slots = new Float64Array(4);
  readonly #epochsPerStep: number;

  /** @param epochsPerStep passes over the data set that one step makes (0 for one-pass data). */
  constructor(epochsPerStep = 0) {
    this.#epochsPerStep = epochsPerStep;
  }

  /** Updates made so far; unit: steps. */
  get step(): number {
    return this.#slots[0];
  }
  set step(value: number) {
    this.#slots[0] = value;
  }

  /** Passes over the data so far; unit: epochs. 0 for one-pass data. */
  get epoch(): number {
    return this.#slots[0] * this.#epochsPerStep;
  }

  /** Learning time, the sum of the step sizes so far; unit: learning rate x steps. */
  get time(): number {
    return this.#slots[1];
  }
  set time(value: number) {
    this.#slots[1] = value;
  }

  /** Size of the step that the optimiser has just made; unit: learning rate. */
  get stepSize(): number {
    return this.#slots[2];
  }
  set stepSize(value: number) {
    this.#slots[2] = value;
  }
}
