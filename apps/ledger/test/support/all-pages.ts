/** Pages of a list are few in a test; more means that the cursor does not move. */
const PAGES_MAX = 1_000;

/** Follows a list's cursors from the first page to the last. */
export async function allPages<Page extends { readonly nextCursor: string }>(
  read: (cursor: string) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor = '';
  do {
    const page = await read(cursor);
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== '' && pages.length < PAGES_MAX);
  return pages;
}
