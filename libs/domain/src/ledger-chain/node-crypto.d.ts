// The domain compiles without Node's types, so that a clock, a file or the environment cannot slip in. SHA-256
// is a pure function, and this declaration is all of Node that the domain sees.
declare module 'node:crypto' {
  export function hash(algorithm: 'sha256', data: string | Uint8Array, outputEncoding: 'hex'): string;
  export function hash(algorithm: 'sha256', data: string | Uint8Array, outputEncoding: 'buffer'): Uint8Array;
}
