// What is used of fontkit, which has no types of its own.
declare module 'fontkit' {
  export interface Font {
    readonly familyName: string;
    hasGlyphForCodePoint(codePoint: number): boolean;
  }
  /** @throws Error for bytes that are no font; a collection of fonts has none of these members */
  export function create(bytes: Uint8Array): Font;
}
