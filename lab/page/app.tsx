// The page: finds its study and shows it. The map stands left, the run right, and what is rarely needed in a drawer.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { ComparePanel } from './compare/compare-panel.js';
import { ComputePanel } from './compute/compute-panel.js';
import { Controls, ControlsDrawer } from './controls/controls.js';
import { followTheme } from './drawing/theme.js';
import { Guide, GuideButton } from './guide/guide.js';
import { registerLinkParts } from './link-parts.js';
import { MapPanel } from './map/map-panel.js';
import { StoredRuns } from './map/stored-runs.js';
import { Opened } from './open/opened.js';
import { RunPanel } from './run/run-panel.js';
import { DropArea } from './shell/drop-area.js';
import { embedded } from './shell/embed.js';
import { Header } from './shell/header.js';
import { ProblemLine } from './shell/problem-line.js';
import { attempt, study } from './state.js';
import { openFromLink } from './url-state.js';

function App() {
  if (embedded) {
    return (
      <main class="bench" data-embed={embedded}>
        <ProblemLine />
        {embedded === 'map' ? <MapPanel /> : <RunPanel />}
      </main>
    );
  }
  return (
    <>
      <Header>
        <GuideButton />
        <Controls />
      </Header>
      <ProblemLine />
      <main class="bench">
        <div class="sights">
          <MapPanel />
          <StoredRuns />
        </div>
        <RunPanel />
        <div class="beyond">
          <ComparePanel />
          <ComputePanel />
        </div>
      </main>
      <ControlsDrawer />
      <Opened />
      <Guide />
      <DropArea />
    </>
  );
}

effect(() => {
  document.title = study.value ? `${study.value.title} · eigenflow lab` : 'eigenflow lab';
});

followTheme();
const root = document.getElementById('app');
if (root) render(<App />, root);
registerLinkParts();
attempt(openFromLink);
