// The line on top: what the page is, what it shows, and what can be done with all of it.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { copyLink } from '../share.js';
import { attempt, study } from '../state.js';
import { pickFiles } from './drop-area.js';
import { isDark, turnTheme } from './theme.js';

const copied = signal(false);

async function share(): Promise<void> {
  await copyLink();
  copied.value = true;
  setTimeout(() => {
    copied.value = false;
  }, 2000);
}

/** @param children buttons of other parts */
export function Header({ children }: { readonly children: ComponentChildren }) {
  return (
    <header class="top">
      <h1 class="top-name">eigenflow lab</h1>
      <p class="top-title" title={study.value?.description}>
        {study.value?.title ?? '\u00a0'}
      </p>
      <div class="top-actions">
        {children}
        <button type="button" onClick={pickFiles}>
          Open
        </button>
        <button type="button" class="share" onClick={() => attempt(share)}>
          {copied.value ? 'Copied' : 'Share'}
        </button>
        <button type="button" aria-pressed={isDark()} aria-label="dark theme" title="Light or dark" onClick={turnTheme}>
          <svg class="theme-symbol" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5" />
            <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
          </svg>
        </button>
      </div>
      <p class="unseen" aria-live="polite">
        {copied.value ? 'The link is copied' : ''}
      </p>
    </header>
  );
}
