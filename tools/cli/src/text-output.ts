/** Where text goes: standard output or standard error, a terminal or not. */
export type TextOutput = NodeJS.WritableStream & { readonly isTTY?: boolean };
