/**
 * Listings in UTF-8 byte order from servers that list in the order of UTF-16 units, as Azurite does. The two differ only
 * where, after a common beginning, one name has a character above U+FFFF (a surrogate unit) and another one of U+E000 to
 * U+FFFF. Names with such a common beginning form a group that is contiguous in both orders: it is gathered and sorted,
 * everything else passes as it comes.
 */
import { compareKeys } from "@mortise/core";

/** One page as the server gives it; `next` is the server's marker. */
export interface ServerPage<T extends Named> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

export interface Named {
  readonly name: string;
}

/** Where a page begins: at a marker of the server, or at the first name that is not before `from` in the server's order. */
export interface PageStart {
  readonly marker?: string | undefined;
  readonly from?: string | undefined;
}

/** Where the next ordered page begins: `after` was shown already. */
export interface Position extends PageStart {
  readonly after?: string | undefined;
}

export interface OrderedPage<T extends Named> {
  readonly items: readonly T[];
  readonly next: Position | undefined;
}

/** The last unit below the surrogates: in both orders it is before everything of a group. */
const beforeGroups = "\ud7ff";
const surrogate = /[\ud800-\udfff]/;
const high = /[\ud800-\uffff]/;

/** The next names in byte order; a page is longer than the server's where a group is, and empty only at the end. */
export async function orderedPage<T extends Named>(
  fetch: (start: PageStart) => Promise<ServerPage<T>>,
  position: Position,
): Promise<OrderedPage<T>> {
  const { after } = position;
  const items: T[] = [];
  let start: PageStart = position;
  for (;;) {
    const page = await fetch(start);
    for (const item of page.items) if (after === undefined || compareKeys(item.name, after) > 0) items.push(item);
    if (page.next === undefined) return { items: sorted(items), next: undefined };
    start = { marker: page.next };
    const group = openGroup(items);
    if (group === undefined) {
      if (items.length === 0) continue;
      return { items: sorted(items), next: { marker: page.next, after } };
    }
    const before = items.filter(({ name }) => !isMember(group, name));
    if (before.length === 0) continue;
    // A group that began in this page is read again from its beginning; one that fills the page is read to its end.
    return { items: sorted(before), next: { from: group + beforeGroups, after: lastOf(before) } };
  }
}

/** Where to begin so that nothing after `name` in byte order is missed in either order. */
export function startAfterName(name: string): string {
  // No key has a control character, so that none is between a name and itself with a blank.
  return high.test(name) ? startAtName(name) : `${name} `;
}

/** The same for `name` and what is after it. */
export function startAtName(name: string): string {
  const at = name.search(high);
  return at === -1 ? name : name.slice(0, at) + beforeGroups;
}

function sorted<T extends Named>(items: T[]): readonly T[] {
  return items.sort((left, right) => compareKeys(left.name, right.name));
}

/** The beginning that the names of the outermost group share which the page's end may have cut in two. */
function openGroup(items: readonly Named[]): string | undefined {
  let [byUnits, byBytes] = ["", ""];
  for (const { name } of items) {
    if (name > byUnits) byUnits = name;
    if (compareKeys(name, byBytes) > 0) byBytes = name;
  }
  let open: string | undefined;
  for (const { name } of items) {
    const at = name.search(surrogate);
    if (at === -1 || (open !== undefined && at >= open.length)) continue;
    const group = name.slice(0, at);
    if (isMember(group, byUnits) || isMember(group, byBytes)) open = group;
  }
  return open;
}

function isMember(group: string, name: string): boolean {
  return name.startsWith(group) && name.charCodeAt(group.length) >= 0xd800;
}

function lastOf(items: readonly Named[]): string {
  return items.reduce((last, { name }) => (compareKeys(name, last) > 0 ? name : last), "");
}
