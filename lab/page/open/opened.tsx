// What opens over the page after files were opened: the warning before code, spectra of checkpoints.
import { PluginWarning } from './plugin-warning.js';
import { Spectra } from './spectra.js';

export function Opened() {
  return (
    <>
      <PluginWarning />
      <Spectra />
    </>
  );
}
