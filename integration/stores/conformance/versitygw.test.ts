import { s3Store } from "@mortise/store-s3";
import { startVersitygw } from "../servers/versitygw.ts";
import { versitygwDefects } from "./defects/versitygw.ts";
import { onServer } from "./on-server.ts";
import { testConformance } from "./suite.ts";

await testConformance(await onServer("versitygw", s3Store, startVersitygw, versitygwDefects));
