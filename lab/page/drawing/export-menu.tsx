// What a picture of the page can be kept as.
import { useRef } from 'preact/hooks';
import { attempt } from '../state.js';
import { EXPORT_FORMATS, exportPicture, type Picture } from './export-picture.js';

interface Props {
  /** Of the files. */
  readonly name: string;
  readonly title: string;
  /** As it is at this moment; undefined while there is nothing to see. */
  readonly picture: () => Picture | undefined;
}

export function ExportMenu({ name, title, picture }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  return (
    <details
      class="export-menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        close();
        menu.current?.querySelector('summary')?.focus();
      }}
      onFocusOut={(event) => {
        if (!menu.current?.contains(event.relatedTarget as Node | null)) close();
      }}
    >
      <summary aria-label={`Save ${title}`} title="Save this picture">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11" />
        </svg>
      </summary>
      <div class="export-formats">
        {EXPORT_FORMATS.map((format) => (
          <button
            type="button"
            key={format}
            onClick={() => {
              close();
              const now = picture();
              if (now) attempt(() => exportPicture(name, title, now, format));
            }}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  );
}
