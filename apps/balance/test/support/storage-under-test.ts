import type { PostingStorage } from '../../src/application/posting-engine/posting-storage.port.js';

/** An implementation of the port, and the number of buckets that it was set up with. */
export interface StorageUnderTest {
  readonly buckets: number;
  storage(): PostingStorage;
}
