// Checkpoints that were opened: levels of every layer against the law of random entries, and what they say.
import { useEffect, useRef } from 'preact/hooks';
import { spectra } from './open-dropped.js';
import { SpectrumPicture } from './spectrum-picture.js';

export function Spectra() {
  const dialog = useRef<HTMLDialogElement>(null);
  const found = spectra.value;
  useEffect(() => {
    if (found) dialog.current?.showModal();
  }, [found]);
  if (!found) return null;
  const close = () => {
    spectra.value = undefined;
  };
  const { checkpoints, layers, left, faults, name } = found;
  const many = checkpoints === 1 ? 'one checkpoint' : `${checkpoints} checkpoints; the last one is drawn`;
  return (
    <dialog ref={dialog} class="sheet sheet-wide" aria-labelledby="spectra-title" onClose={close}>
      <header class="drawer-head">
        <h2 id="spectra-title">Spectra of {name}</h2>
        <button type="button" class="drawer-close" aria-label="Close" onClick={close}>
          ×
        </button>
      </header>
      <p class="slot-about">
        Levels are the eigenvalues of W Wᵀ, from {many}. The curve is the Marchenko-Pastur law of independent entries
        with the variance of the bulk. `eigenflow analyse` says the same.
      </p>
      {faults.map((fault) => (
        <p key={fault} class="field-problem">
          {fault}
        </p>
      ))}
      {layers.map((layer) => (
        <section key={layer.layer} class="spectrum">
          <h3>{layer.layer}</h3>
          <SpectrumPicture layer={layer} />
          <p>{layer.sentence}</p>
        </section>
      ))}
      {left.length > 0 && (
        <p class="slot-about">
          {left.length} more are left out, the large ones first; eigenflow analyse reads all:{' '}
          {left.slice(0, 6).join(', ')}
          {left.length > 6 ? ', …' : '.'}
        </p>
      )}
    </dialog>
  );
}
