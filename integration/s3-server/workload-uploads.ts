// Uploads in parts of the workload. Parts are small, and one whose upload fails is continued once, as a program would
// that was started again.
import type { Multipart, MultipartUpload, ObjectStore } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import { digest, type Step, type Workbench } from "./workbench.ts";

const partBytes = 1500;

/** Parts of any size: the server of these tests asks for none. */
const small = (upload: MultipartUpload): MultipartUpload => ({ ...upload, limits: { ...upload.limits, minPart: 1 } });

function inSmallParts(store: ObjectStore): Parameters<typeof uploadInParts>[0] {
  const multipart = store.multipart as Multipart;
  return {
    protocol: store.protocol,
    get capabilities() {
      return store.capabilities;
    },
    prepare: async (options) => await store.prepare?.(options),
    multipart: {
      start: async (key, options) => small(await multipart.start(key, options)),
      resume: async (key, id, options) => small(await multipart.resume(key, id, options)),
      list: (options) => multipart.list(options),
    },
  };
}

export function uploads({
  store,
  pick,
  body,
  random,
  possible,
  violate,
  noteError,
  write,
}: Workbench): readonly Step[] {
  const target = inSmallParts(store);
  const upload = async (mode: "overwrite" | "create"): Promise<void> => {
    const [key, bytes] = [pick(), body()];
    const was = possible(key);
    let uploadId: string | undefined;
    const send = async (): Promise<void> => {
      const onStarted = (id: string): void => void (uploadId = id);
      await uploadInParts(target, key, new Blob([bytes]), { partBytes, mode, uploadId, onStarted });
    };
    const won = await write(`upload of ${key} (${mode})`, key, digest(bytes), async () => {
      try {
        await send();
      } catch (error) {
        // Of a refused condition the upload is gone; of one that never began there is nothing to continue.
        const refused = isStoreError(error, "already-exists");
        if (refused || uploadId === undefined || random() < 0.3) throw error;
        noteError(`upload of ${key}`, error);
        await send();
      }
    });
    if (won && mode === "create" && !was.has("absent")) violate(`upload to ${key} with "create" wrote over an object`);
  };
  return [() => upload("overwrite"), () => upload("create")];
}
