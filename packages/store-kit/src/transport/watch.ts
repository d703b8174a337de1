/** What is watched for signs of life. */
export interface Watched {
  /** A period has passed; more than `limit` of them without a sign are too many. */
  tick(limit: number): void;
}

/** Watches all requests of a transport with one timer, which runs only while there are any. */
export interface Watch {
  /** Milliseconds without a sign that are too many. */
  readonly idleMs: number;
  add(request: Watched): void;
  delete(request: Watched): void;
  /** Stops watching. */
  end(): void;
}

/** Looks so many times in `idleMs`: a request is given up late by a period at most. */
const periods = 4;

/** A watch that gives a request up after `idleMs` milliseconds. */
export function createWatch(idleMs: number): Watch {
  const requests = new Set<Watched>();
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }
  function look(): void {
    if (requests.size === 0) stop();
    for (const request of requests) request.tick(periods);
  }

  return {
    idleMs,
    add(request) {
      requests.add(request);
      timer ??= setInterval(look, idleMs / periods).unref();
    },
    delete(request) {
      requests.delete(request);
    },
    end() {
      requests.clear();
      stop();
    },
  };
}
