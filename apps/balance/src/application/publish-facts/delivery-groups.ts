import type { DuePlace } from './fact-positions.port.js';

/** Buckets of one delivery. */
const PLACES_PER_GROUP_MAX = 64;

/**
 * What goes out together: places of one consumer. One whose last attempt failed goes alone, behind the others, so that
 * what fails with it cannot fail for its sake; the first that succeeds takes it back among them.
 */
export function deliveryGroups(places: readonly DuePlace[]): readonly (readonly DuePlace[])[] {
  return [...Map.groupBy(places, ({ consumer }) => consumer).values()].flatMap((own) => {
    const sound = own.filter(({ failures }) => failures === 0);
    const groups: DuePlace[][] = [];
    for (let start = 0; start < sound.length; start += PLACES_PER_GROUP_MAX) {
      groups.push(sound.slice(start, start + PLACES_PER_GROUP_MAX));
    }
    return [...groups, ...own.filter(({ failures }) => failures > 0).map((place) => [place])];
  });
}
