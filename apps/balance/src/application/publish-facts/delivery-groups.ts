import type { DuePlace } from './fact-positions.port.js';
import { BATCH, STRETCH } from './stretch-limits.js';

/** Buckets of one delivery. */
const PLACES_PER_GROUP_MAX = 64;

/**
 * What goes out together: places of one consumer that lack about a delivery's worth of facts between them. So little is
 * one delivery, and a backlog is several, which the consumer works on at once. A place whose last attempt failed goes
 * alone, behind the others, so that what fails with it cannot fail for its sake; the first that succeeds takes it back
 * among them.
 */
export function deliveryGroups(places: readonly DuePlace[]): readonly (readonly DuePlace[])[] {
  return [...Map.groupBy(places, ({ consumer }) => consumer).values()].flatMap((own) => {
    const sound = own.filter(({ failures }) => failures === 0);
    return [...batchesOf(sound), ...own.filter(({ failures }) => failures > 0).map((place) => [place])];
  });
}

function batchesOf(places: readonly DuePlace[]): readonly (readonly DuePlace[])[] {
  const batches: DuePlace[][] = [];
  let batch: DuePlace[] = [];
  let facts = 0;
  for (const place of places) {
    const added = Math.min(Number(place.lacking), STRETCH.factsMax);
    if (batch.length === 0 || batch.length === PLACES_PER_GROUP_MAX || facts + added > BATCH.factsMax) {
      batch = [];
      facts = 0;
      batches.push(batch);
    }
    batch.push(place);
    facts += added;
  }
  return batches;
}
