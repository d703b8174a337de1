import { azureStore } from "@mortise/store-azure";
import { startAzurite } from "../servers/azurite.ts";
import { azuriteDefects } from "./defects/azurite.ts";
import { onServer } from "./on-server.ts";
import { testConformance } from "./suite.ts";

await testConformance(await onServer("Azurite", azureStore, startAzurite, azuriteDefects));
