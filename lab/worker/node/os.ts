// In a tab, in place of `node:os`.
export const hostname = (): string => 'tab';
