/**
 * Cuts items into runs that each fit one call, in order. An item that is too large by itself is a run of its own:
 * what it came in was bounded already.
 */
export function inCalls<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  limits: { readonly countMax: number; readonly bytesMax: number },
): Item[][] {
  const calls: Item[][] = [];
  let call: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const itemBytes = bytesOf(item);
    if (call.length > 0 && (call.length >= limits.countMax || bytes + itemBytes > limits.bytesMax)) {
      calls.push(call);
      call = [];
      bytes = 0;
    }
    call.push(item);
    bytes += itemBytes;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
