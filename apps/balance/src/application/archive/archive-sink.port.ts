/** Where the lines of an archive go. */
export abstract class ArchiveSink {
  /** Resolves when more may be written. */
  abstract write(text: string): Promise<void>;
}
