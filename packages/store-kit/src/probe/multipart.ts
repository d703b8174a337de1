import type { Multipart, MultipartUpload, ObjectKey, PutMode } from "@mortise/core";
import { discardUpload } from "../multipart/discard.ts";
import { isRefused } from "./conditions.ts";
import type { ProbeContext } from "./context.ts";
import { bodyOf, holds, write } from "./context.ts";

/** What uploads in parts were seen to do with conditions; undefined where there are none. */
export interface ProbedMultipart {
  readonly create: boolean | undefined;
  readonly ifMatch: boolean | undefined;
}

/** Tries conditions at the end of an upload in parts: what they exclude is written between its start and its end. */
export async function probeMultipart(context: ProbeContext): Promise<ProbedMultipart> {
  const { multipart, capabilities } = context.store;
  if (multipart === undefined) return { create: undefined, ifMatch: undefined };
  await probeBody(context, multipart);
  const create = capabilities.putModes.has("create") ? await probeCreate(context, multipart) : undefined;
  const ifMatch = capabilities.putModes.has("ifMatch") ? await probeMatch(context, multipart) : undefined;
  return { create, ifMatch };
}

async function probeBody(context: ProbeContext, multipart: Multipart): Promise<void> {
  const key = context.key("parts");
  await upload(context, multipart, key, "parts 1", "overwrite");
  if (await holds(context, key, "parts 1")) return;
  context.findings.push({
    id: "body-parts",
    lie: "stores other bytes than those of the parts it was sent",
    evidence: "an upload of one part was completed, and reading it back gave something else",
    fatal: true,
  });
}

async function probeCreate(context: ProbeContext, multipart: Multipart): Promise<boolean> {
  const key = context.key("parts-create");
  return await isRefused(context, {
    id: "create-multipart",
    key,
    old: "parts 2",
    operation: "completing an upload in parts",
    mode: "create",
    attempt: (mode) => upload(context, multipart, key, "parts 3", mode, () => write(context, key, "parts 2")),
  });
}

async function probeMatch(context: ProbeContext, multipart: Multipart): Promise<boolean> {
  const key = context.key("parts-match");
  const { etag = "" } = await write(context, key, "parts 4");
  return await isRefused(context, {
    id: "if-match-multipart",
    key,
    old: "parts 5",
    operation: "completing an upload in parts",
    mode: { ifMatch: etag },
    attempt: (mode) => upload(context, multipart, key, "parts 6", mode, () => write(context, key, "parts 5")),
  });
}

async function upload(
  { site, call }: ProbeContext,
  multipart: Multipart,
  key: ObjectKey,
  label: string,
  mode: PutMode,
  meanwhile?: () => Promise<unknown>,
): Promise<void> {
  const begun: MultipartUpload = await multipart.start(key, { ...call, mode });
  try {
    const part = await begun.uploadPart(1, bodyOf(label), call);
    await meanwhile?.();
    await begun.complete([part], { ...call, mode });
  } catch (error) {
    throw await discardUpload(site, begun, error);
  }
}
