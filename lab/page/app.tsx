// The page: finds its study and shows it. The map stands left, the run right, and what is rarely needed in a drawer.
import { render } from 'preact';
import { ComputePanel } from './compute/compute-panel.js';
import { Controls, ControlsDrawer } from './controls/controls.js';
import { Guide, GuideButton } from './guide/guide.js';
import { MapPanel } from './map/map-panel.js';
import { Opened } from './open/opened.js';
import { RunPanel } from './run/run-panel.js';
import { attempt, problem, study } from './state.js';
import { openFromLink } from './url-state.js';

function App() {
  return (
    <>
      <header class="top">
        <h1>eigenflow lab</h1>
        <p class="top-title">{study.value?.title}</p>
        <GuideButton />
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
      <ControlsDrawer />
      <ComputePanel />
      <Opened />
      <Guide />
    </>
  );
}

const root = document.getElementById('app');
if (root) render(<App />, root);
attempt(openFromLink);
