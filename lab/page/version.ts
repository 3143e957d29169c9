// The version of the page, which its build says.
declare const EIGENFLOW_VERSION: string | undefined;

export const VERSION = typeof EIGENFLOW_VERSION === 'undefined' ? 'unbuilt' : EIGENFLOW_VERSION;
