/** The archive is not taken. Nothing of it is kept. */
export class ImportRefusedError extends Error {
  override readonly name = 'ImportRefusedError';

  constructor(
    message: string,
    /** Of the archive, from 1; undefined when no line is at fault. */
    readonly line?: number,
    options?: ErrorOptions,
  ) {
    super(line === undefined ? message : `line ${line}: ${message}`, options);
  }
}
