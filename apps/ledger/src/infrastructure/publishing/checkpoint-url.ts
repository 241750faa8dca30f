import { createHash } from 'node:crypto';
import { OutageError } from '@steelyard/platform/postgres';
import {
  CheckpointTarget,
  type PublicationConflict,
  type PublishedCheckpoint,
} from '../../application/publishing/checkpoint-target.port.js';

/** Where the address says which checkpoint it is: then the note is put there, else it is posted. */
const SIZE_PLACE = '{treeSize}';
const DIGEST_CHARACTERS = 16;

/**
 * A receiver over HTTP: PUT when the address contains `{treeSize}`, as object stores take it, else POST. Anything
 * but 2xx is not accepted, and sent again later; redirects are not followed, because the address is a decision.
 */
export class CheckpointUrl extends CheckpointTarget {
  override readonly kind = 'url';
  override readonly name: string;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    super();
    const { origin, pathname } = new URL(url);
    // The rest of the address may be a secret; its digest still tells two of them apart.
    const digest = createHash('sha256').update(url).digest('hex').slice(0, DIGEST_CHARACTERS);
    this.name = `url ${origin}${pathname} ${digest}`;
  }

  override async publish(checkpoint: PublishedCheckpoint): Promise<PublicationConflict | undefined> {
    const { treeSize, note } = checkpoint;
    const isPut = this.url.includes(SIZE_PLACE);
    const response = await fetch(this.url.replaceAll(SIZE_PLACE, treeSize.toString()), {
      method: isPut ? 'PUT' : 'POST',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'x-checkpoint-tree-size': treeSize.toString(),
      },
      body: note,
      redirect: 'manual',
      signal: AbortSignal.timeout(this.timeoutMs),
    }).catch((error: unknown) => {
      throw new OutageError(`the receiver of checkpoints does not answer`, { cause: error });
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    throw new OutageError(
      `the receiver of checkpoints answered ${response.status} to checkpoint ${treeSize}`,
    );
  }

  /** Nothing is asked of a receiver but that it takes checkpoints. */
  override newest(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
