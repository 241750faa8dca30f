/** A request has more bytes than the transport carries. Nothing was sent; a smaller batch would go through. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';

  constructor(
    readonly method: string,
    readonly sizeBytes: number,
    readonly sizeMaxBytes: number,
  ) {
    super(`${method}: the request has ${sizeBytes} bytes, the transport carries at most ${sizeMaxBytes}`);
  }
}
