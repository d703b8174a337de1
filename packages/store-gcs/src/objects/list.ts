import type { CloudListing, CloudPage } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { jsonOf } from "../api/api.ts";
import { encodeName } from "../api/paths.ts";
import type { ObjectResource } from "../api/resource.ts";
import { objectFields, objectOf } from "../api/resource.ts";
import type { Asked } from "../errors.ts";

const fields = `items(${objectFields}),prefixes,nextPageToken`;
/** Google gives at most so many a page; an emulator would give as many as it is asked for. */
const maxPage = 1_000;

interface Listed {
  readonly items?: readonly ObjectResource[] | undefined;
  readonly prefixes?: readonly string[] | undefined;
  readonly nextPageToken?: string | undefined;
}

/** One page (https://cloud.google.com/storage/docs/json_api/v1/objects/list); its start is inclusive. */
export async function listObjects(api: GcsApi, call: CloudListing): Promise<CloudPage> {
  const asked: Asked = { site: call.site };
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ["prefix", call.prefix === "" ? undefined : call.prefix],
    ["delimiter", call.delimiter],
    ["startOffset", call.startAfter],
    ["pageToken", call.token],
    ["maxResults", String(Math.min(call.limit, maxPage))],
    ["fields", fields],
  ];
  const query = parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeName(value)}`]));
  const answer = await api.send({
    method: "GET",
    path: api.paths.objects + query.join("&"),
    asked,
    signal: call.signal,
  });
  const { items = [], prefixes = [], nextPageToken } = await jsonOf<Listed>(asked, answer);
  return {
    objects: items.map(objectOf),
    prefixes,
    next: nextPageToken === undefined || nextPageToken === "" ? undefined : nextPageToken,
  };
}
