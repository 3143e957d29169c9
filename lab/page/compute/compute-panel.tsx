// "Compute this map": what it will take, progress, and the results folder for the disk.
import { attempt, study } from '../state.js';
import {
  compute,
  done,
  download,
  estimate,
  estimateSweep,
  failed,
  isComputing,
  poolSize,
  stepsPerSecond,
  stopComputing,
  sweepState,
} from './state.js';

const count = (value: number) => Math.round(value).toLocaleString('en');

/** 90 s, 12 min, 3.5 h */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 120) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A step of the published network takes about so long in a tab; unit: seconds. Measured rates replace it. */
const USUAL_STEP = 1e-6;

function Estimated() {
  const plan = estimate.value;
  if (!plan) return null;
  const left = Math.max(0, plan.runs - done.value);
  const rate = Number.isFinite(stepsPerSecond.value) ? stepsPerSecond.value : poolSize / USUAL_STEP;
  return (
    <p class="compute-facts">
      <span class="number">{count(done.value)}</span> of <span class="number">{count(plan.runs)}</span> runs
      {failed.value > 0 && <span class="compute-failed">, {count(failed.value)} failed</span>}
      {left > 0 && (
        <>
          ; {count(plan.stepsPerRun)} steps each, about {duration((left * plan.stepsPerRun) / rate)} on {poolSize}{' '}
          {poolSize === 1 ? 'worker' : 'workers'}, {count((plan.runs * plan.bytesPerRun) / 1e6)} MB
        </>
      )}
    </p>
  );
}

export function ComputePanel() {
  const opened = study.value;
  if (!opened || opened.axes.length === 0) return null;
  const runs = opened.axes.reduce((product, { values }) => product * values.length, opened.seeds);
  const state = sweepState.value;
  const isWhole = state === 'none' && opened.stored.runs >= runs;
  return (
    <section class="compute" aria-label="Compute the map">
      <h2>Compute this map here</h2>
      {isWhole && <p>All runs of this study are stored.</p>}
      {state === 'none' && !isWhole && (
        <button type="button" onClick={() => attempt(estimateSweep)}>
          What would the map take?
        </button>
      )}
      {estimate.value?.warnings.map((warning) => (
        <p class="compute-warning" key={warning}>
          {warning}
        </p>
      ))}
      <Estimated />
      {state !== 'none' && (
        <progress
          aria-label="runs computed"
          max={estimate.value?.runs}
          value={Math.min(done.value, estimate.value?.runs ?? 0)}
        />
      )}
      <div class="compute-actions">
        {(state === 'estimated' || state === 'stopped') && (
          <button type="button" class="primary" onClick={() => attempt(compute)}>
            {done.value > (estimate.value?.stored ?? 0) ? 'Go on' : 'Compute'}
          </button>
        )}
        {isComputing.value && (
          <button type="button" disabled={state === 'stopping'} onClick={stopComputing}>
            {state === 'stopping' ? 'Stopping after the runs under way' : 'Stop'}
          </button>
        )}
        {state !== 'none' && state !== 'estimated' && (
          <button type="button" onClick={() => attempt(download)}>
            Download as results folder
          </button>
        )}
      </div>
      {(state === 'finished' || state === 'stopped') && (
        <p class="compute-note">
          Unpacked, <code>eigenflow run FOLDER</code> goes on with it and computes no run again.
        </p>
      )}
    </section>
  );
}
