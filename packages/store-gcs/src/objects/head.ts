import type { CloudCall, CloudObject } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { jsonOf } from "../api/api.ts";
import type { ObjectResource } from "../api/resource.ts";
import { objectFields, objectOf } from "../api/resource.ts";
import type { Asked } from "../errors.ts";

/** https://cloud.google.com/storage/docs/json_api/v1/objects/get */
export async function headObject(api: GcsApi, name: string, call: CloudCall): Promise<CloudObject> {
  const asked: Asked = { site: call.site };
  const path = `${api.paths.object(name)}&fields=${objectFields}`;
  const answer = await api.send({ method: "GET", path, asked, signal: call.signal });
  return objectOf(await jsonOf<ObjectResource>(asked, answer));
}
