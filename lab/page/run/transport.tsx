// Play, pause, one step, speed, reset, next seed; and how far the run is.
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { clock, isFinished, place, runStart, runState, speed } from '../state.js';
import { hasClock } from './run-state.js';
import { FULL_SPEED, grouped, placeOfSpeed, saySpeed, stepsPerSecondAt } from './speed.js';
import { listenToKeys, makeStep, nextSeed, reset, SHORTCUTS, togglePlay } from './transport-actions.js';

const ICONS = {
  play: 'M4.5 2.8v10.4l8.6-5.2z',
  pause: 'M4 3h2.8v10H4zM9.2 3H12v10H9.2z',
  step: 'M3 3v10l6.5-5zM10.5 3h2.2v10h-2.2z',
} as const;

function Icon({ name }: { readonly name: keyof typeof ICONS }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

function Buttons() {
  const playing = speed.value.playing && !isFinished.value;
  const label = isFinished.value ? 'Run again' : playing ? 'Pause' : 'Play';
  return (
    <div class="transport-buttons">
      <button type="button" class="transport-play" aria-label={label} title={`${label} (space)`} onClick={togglePlay}>
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        aria-label="One step"
        title="One step (.)"
        disabled={isFinished.value || runState.value === 'none'}
        onClick={makeStep}
      >
        <Icon name="step" />
      </button>
    </div>
  );
}

function SpeedSlider() {
  const { stepsPerSecond } = speed.value;
  const said = saySpeed(stepsPerSecond);
  return (
    <label class="transport-speed">
      <span class="visually-hidden">Speed</span>
      <input
        type="range"
        min={0}
        max={FULL_SPEED}
        step={1}
        value={placeOfSpeed(stepsPerSecond)}
        aria-valuetext={said}
        onInput={(event) => {
          const to = stepsPerSecondAt(event.currentTarget.valueAsNumber);
          speed.value = { ...speed.value, stepsPerSecond: to };
        }}
      />
      <span class="transport-speed-text">{said}</span>
    </label>
  );
}

/** Of a counter that goes up to a number: no digit moves another one. */
const widthOf = (text: string) => ({ minWidth: `${text.length}ch` });

function Counters() {
  const run = runStart.value;
  const step = useComputed(() => grouped(clock.value.step));
  const epoch = useComputed(() => clock.value.epoch.toFixed(1));
  const time = useComputed(() => clock.value.time.toPrecision(4));
  if (!run) return <dl class="counters" />;
  return (
    <dl class="counters">
      <div>
        <dt>step</dt>
        <dd style={widthOf(grouped(run.steps))}>{step}</dd>
      </div>
      {hasClock(run, 'epoch') && (
        <div>
          <dt>epoch</dt>
          <dd style={widthOf((run.steps / run.stepsPerEpoch).toFixed(1))}>{epoch}</dd>
        </div>
      )}
      {hasClock(run, 'time') && (
        <div class="counter-time">
          <dt>time</dt>
          <dd style={widthOf('0.00e+00')}>{time}</dd>
        </div>
      )}
    </dl>
  );
}

function Progress() {
  const steps = runStart.value?.steps ?? 1;
  const part = useComputed(() => clock.value.step / steps);
  return (
    <div class="transport-progress" aria-hidden="true">
      <div style={{ transform: `scaleX(${part.value})` }} />
    </div>
  );
}

function Keys() {
  return (
    <details class="transport-keys">
      <summary aria-label="Keys" title="Keys">
        ?
      </summary>
      <dl>
        {SHORTCUTS.map(({ key, shown, does }) => (
          <div key={key}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

export function Transport() {
  useEffect(() => listenToKeys(window), []);
  const seed = place.value?.seed ?? 0;
  return (
    <fieldset class="transport" aria-label="Transport">
      <Progress />
      <Buttons />
      <SpeedSlider />
      <Counters />
      <div class="transport-starts">
        <button type="button" title="From the start, same seed (r)" onClick={reset}>
          Reset
        </button>
        <button type="button" title="The same place with the next seed (s)" onClick={nextSeed}>
          New seed <span class="transport-seed">{seed}</span>
        </button>
        <Keys />
      </div>
    </fieldset>
  );
}
