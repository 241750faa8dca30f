/** Codes of Node's own errors that mean "the other side cannot be reached", never "the request is wrong". */
export const NODE_NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  // A Unix socket whose server is not running yet.
  'ENOENT',
  'ERR_STREAM_DESTROYED',
  'ERR_SOCKET_CLOSED',
]);

/** True for an error that Node gave one of the codes above, also for the AggregateError of a dual-stack connect. */
export function hasNodeNetworkCode(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && NODE_NETWORK_CODES.has(error.code);
}
