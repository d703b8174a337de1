import { setTimeout } from "node:timers/promises";
import type { HttpResponse } from "@mortise/store-kit/cloud";
import type { Connection, Target } from "../connect/connection.ts";
import type { Credentials } from "../sign/signer.ts";
import { readProblem } from "./problem.ts";

/** Milliseconds that clocks differ before a refusal is blamed on them; servers allow 15 minutes. */
const blamed = 5 * 60_000;
const expired: ReadonlySet<string | undefined> = new Set(["ExpiredToken", "InvalidToken"]);

/** What a request was signed with. */
export interface Signed {
  readonly connection: Connection;
  readonly credentials: Credentials;
  /** Milliseconds, as the clock's. */
  readonly offset: number;
}

/**
 * Takes from a refusal what makes the next attempt right. False if there is nothing in it that the request was not signed
 * with: of many that are refused at once each is worth another attempt, though only the first brings news.
 */
export function learnFrom(target: Target, response: HttpResponse, signed: Signed): boolean {
  if (response.status !== 400 && response.status !== 403) return false;
  const { code, region } = readProblem(response);
  if (expired.has(code)) return target.identity.invalidate(signed.credentials);
  if (code === "AuthorizationHeaderMalformed" && region !== undefined && region !== signed.connection.region) {
    return target.adopt(region);
  }
  return correctClock(target, code, response.headers["date"], signed.offset);
}

/** A refusal of HEAD has no code: there the difference alone decides. */
function correctClock(
  { clock, logger }: Target,
  code: string | undefined,
  date: string | undefined,
  signed: number,
): boolean {
  if (code !== undefined && code !== "RequestTimeTooSkewed" && code !== "RequestExpired") return false;
  const offset = Date.parse(date ?? "") - Date.now();
  if (!(Math.abs(offset - signed) >= blamed)) return false;
  if (Math.abs(offset - clock.offset) < blamed) return true;
  clock.offset = offset;
  logger.warn("requests are signed with the server's time, from which this machine's differs", {
    differenceMs: Math.round(offset),
  });
  return true;
}

/** Milliseconds in which another request has finished removing a folder. */
const aMoment = 30;

/**
 * MinIO denies a write whose folder a deletion is just removing (seen about once in 300 such pairs). It can't be told from
 * a real denial, so every denied write at a server that is not Amazon's is tried once more.
 */
export async function mayBeRace({ server }: Target, method: string, response: HttpResponse): Promise<boolean> {
  if (server.aws !== undefined || method !== "PUT" || response.status !== 403) return false;
  if (readProblem(response).code !== "AccessDenied") return false;
  await setTimeout(aMoment);
  return true;
}
