/** Above the largest batch (4 MiB of JSON over HTTP) and its answer. */
export const MESSAGE_MAX_BYTES = 16 * 1024 * 1024;

/** A silent peer is asked after this, and given up when it does not answer within the other. */
export const KEEPALIVE_TIME_MS = 10_000;
export const KEEPALIVE_TIMEOUT_MS = 5_000;
