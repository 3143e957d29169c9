// The page: finds its study and shows it. The map stands left, the run right, and what is rarely needed in a drawer.
import { render } from 'preact';
import { ComparePanel } from './compare/compare-panel.js';
import { ComputePanel } from './compute/compute-panel.js';
import { Controls } from './controls/controls.js';
import { Guide } from './guide/guide.js';
import { MapPanel } from './map/map-panel.js';
import { RunPanel } from './run/run-panel.js';
import { attempt, engines, openFiles, problem, study } from './state.js';
import { findStudy } from './study-source.js';

function App() {
  return (
    <>
      <header class="top">
        <h1>eigenflow lab</h1>
        <p class="top-title">{study.value?.title}</p>
        <Controls />
      </header>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <main class="bench">
        <MapPanel />
        <RunPanel />
      </main>
      <ComparePanel />
      <ComputePanel />
      <Guide />
    </>
  );
}

const root = document.getElementById('app');
if (root) render(<App />, root);
attempt(async () => openFiles((await findStudy(engines.archive)).files));
