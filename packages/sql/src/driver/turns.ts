/** Runs asynchronous work one after the other, in the order of the calls; a failure does not stop what follows. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #running = false;

  /** Whether some work has begun and not ended. */
  get busy(): boolean {
    return this.#running;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#run(work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    this.#running = true;
    try {
      return await work();
    } finally {
      this.#running = false;
    }
  }
}
