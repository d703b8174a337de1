import { gcsStore } from "@mortise/store-gcs";
import { startFakeGcs } from "../servers/fake-gcs.ts";
import { fakeGcsDefects } from "./defects/fake-gcs.ts";
import { onServer } from "./on-server.ts";
import { testConformance } from "./suite.ts";

await testConformance(await onServer("fake-gcs-server", gcsStore, startFakeGcs, fakeGcsDefects));
