import type { BlobItem, BlobPrefix } from "@azure/storage-blob";
import { compareKeys } from "@mortise/core";
import type { CloudListing, CloudObject, CloudPage } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { containerClient } from "../sdk/clients.ts";
import type { PageStart, Position, ServerPage } from "./byte-order.ts";
import { orderedPage, startAfterName, startAtName } from "./byte-order.ts";
import { listedObject } from "./items.ts";

/** The service's limit of a page (https://learn.microsoft.com/rest/api/storageservices/list-blobs). */
const maxPage = 5_000;

/** An object, or a prefix where `object` is undefined. */
interface Item {
  readonly name: string;
  readonly object?: CloudObject | undefined;
}

/** List Blobs, in UTF-8 byte order whatever the server's is. A page is longer than `limit` where order needs it. */
export async function listBlobs(container: Container, call: CloudListing): Promise<CloudPage> {
  const position = call.token === undefined ? startOf(call) : (JSON.parse(call.token) as Position);
  const page = await orderedPage(fetcher(container, call), position);
  return {
    objects: page.items.flatMap(({ object }) => (object === undefined ? [] : [object])),
    prefixes: page.items.flatMap(({ name, object }) => (object === undefined ? [name] : [])),
    next: page.next === undefined ? undefined : JSON.stringify(page.next),
  };
}

/**
 * After `startAfter`. A listing by folders begins behind the folder that it is in: the service takes no name of a deeper
 * level then, and who asks knows that folder.
 */
function startOf({ startAfter, delimiter, prefix }: CloudListing): Position {
  if (startAfter === undefined) return {};
  const end = delimiter === undefined || !startAfter.startsWith(prefix) ? -1 : startAfter.indexOf("/", prefix.length);
  if (end === -1) return { from: startAfterName(startAfter), after: startAfter };
  // What follows "a/…" begins with "a0": the character after the slash.
  const folder = startAfter.slice(0, end);
  return { from: startAtName(`${folder}0`), after: `${folder}/` };
}

function fetcher(container: Container, call: CloudListing): (start: PageStart) => Promise<ServerPage<Item>> {
  let opened: ReturnType<typeof containerClient> | undefined;
  return async ({ marker, from }) => {
    opened ??= containerClient(container, call);
    const client = await opened;
    const options = { prefix: call.prefix, ...(from === undefined ? {} : { startFrom: from }) };
    const settings = {
      maxPageSize: Math.min(call.limit, maxPage),
      ...(marker === undefined ? {} : { continuationToken: marker }),
    };
    const pages =
      call.delimiter === undefined
        ? client.listBlobsFlat(options).byPage(settings)
        : client.listBlobsByHierarchy(call.delimiter, options).byPage(settings);
    const { value } = await pages.next();
    const segment: { readonly blobItems: readonly BlobItem[]; readonly blobPrefixes?: readonly BlobPrefix[] } =
      value.segment;
    const objects = segment.blobItems.map((item) => listedObject(item));
    const prefixes = (segment.blobPrefixes ?? []).map(({ name }) => ({ name }));
    const next: string | undefined = value.continuationToken;
    return {
      // A server that does not know where to begin begins at the beginning.
      items: [...objects.map((object) => ({ name: object.name, object })), ...prefixes].filter(
        ({ name }) => from === undefined || compareKeys(name, from) >= 0,
      ),
      next: next === "" ? undefined : next,
    };
  };
}
