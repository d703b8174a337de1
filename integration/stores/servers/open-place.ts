import type { ObjectStore, StorePlugin } from "@mortise/core";
import { Secret, silentLogger } from "@mortise/core";
import type { Place } from "./place.ts";

/** Opens a place as a project does once its configuration is read: by the plugin, with the file's names. */
export async function openPlace(plugin: StorePlugin, place: Place, location: string): Promise<ObjectStore> {
  const secrets = Object.entries(place.secrets).map(([key, text]) => [key, new Secret(text)] as const);
  return await plugin.open(
    { ...place.shared, ...place.ours, location, ...Object.fromEntries(secrets) },
    { storeName: place.shared.protocol, logger: silentLogger },
  );
}
