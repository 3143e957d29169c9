// The font files that figures are drawn with. They are shipped: fonts of the machine would make an image depend on it.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const path = (name: string) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

export const FONT_FILES = { regular: path('DejaVuSans'), bold: path('DejaVuSans-Bold') } as const;
