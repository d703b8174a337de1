import { expect, it } from "vitest";
import { site, testBackend } from "../testing/backend.ts";
import { startBlobServer } from "../testing/blob-server.ts";

const properties = "<Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x1</Etag>";

/** Lists a container of one entry. */
async function listed(name: string, more: string): Promise<readonly string[]> {
  const entry = `<Blob><Name>${name}</Name><Properties>${properties}${more}</Properties></Blob>`;
  const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${entry}</Blobs><NextMarker/></EnumerationResults>`;
  await using server = await startBlobServer(() => ({
    status: 200,
    headers: { "content-type": "application/xml" },
    body,
  }));
  const backend = testBackend(server.origin);
  try {
    return (await backend.list({ site, prefix: "", limit: 10 })).objects.map((object) => object.name);
  } finally {
    await backend.close();
  }
}

it("an account that lists folders as objects is refused", async () => {
  const folder = "<ResourceType>directory</ResourceType><Content-Length>0</Content-Length>";
  await expect(listed("raw", folder)).rejects.toMatchObject({ code: "unsupported", message: /hierarchical namespace/ });
});

it("an account without folders is not, whatever its names are", async () => {
  const file = "<ResourceType>file</ResourceType><Content-Length>5</Content-Length>";
  const name = "&lt;ResourceType&gt;directory&lt;";
  expect(await listed(name, file)).toEqual(["<ResourceType>directory<"]);
});
