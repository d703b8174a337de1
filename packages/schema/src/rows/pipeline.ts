/**
 * Prepares the next item while the current one is finished: W1 of batch k+1 runs during the uploads of batch k. An item
 * that was prepared when an earlier one failed is handed to `discard`.
 */
export async function pipeline<Item>(
  prepare: () => Promise<Item | undefined>,
  finish: (item: Item) => Promise<void>,
  discard: (item: Item) => Promise<void>,
): Promise<void> {
  let upcoming = prepare();
  for (let item = await upcoming; item !== undefined; item = await upcoming) {
    upcoming = prepare();
    // Awaited below or when the loop goes on; until then its failure must not count as unhandled.
    upcoming.catch(() => undefined);
    try {
      await finish(item);
    } catch (error) {
      const unused = await upcoming.catch(() => undefined);
      if (unused !== undefined) await discard(unused);
      throw error;
    }
  }
}
