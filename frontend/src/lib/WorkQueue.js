/**
 * Many pieces of the same work, a few at a time; what fails leaves the others alone.
 *
 * @template L, R
 * @typedef {object} Item
 * @property {number} id
 * @property {L} load what is to be worked on
 * @property {"new" | "waiting" | "running" | "done" | "failed" | "cancelled"} state
 * @property {number} fraction 0..1, where the work tells it
 * @property {R} [result] once it is done
 * @property {unknown} [error] once it has failed
 * @property {number} [tookMs] once it is done or has failed
 */

/**
 * @template L, R
 * @callback Work
 * @param {L} load
 * @param {{signal: AbortSignal, onProgress: (fraction: number) => void}} tools
 * @returns {Promise<R>}
 */

/** @template L, R */
export class WorkQueue {
  /** @type {readonly Item<L, R>[]} */
  #items = [];
  #nextId = 1;
  #work;
  #atOnce;
  /** @type {Map<number, AbortController>} */
  #running = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /**
   * @param {Work<L, R>} work
   * @param {number} atOnce
   */
  constructor(work, atOnce) {
    this.#work = work;
    this.#atOnce = atOnce;
  }

  /** @param {() => void} listener is called after each change */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** @returns {readonly Item<L, R>[]} another array after each change */
  items = () => this.#items;

  /**
   * Take more on; it begins by `start`.
   *
   * @param {readonly L[]} loads
   * @returns {number[]} their ids
   */
  add(loads) {
    const added = loads.map((load) => {
      /** @type {Item<L, R>} */
      const item = { id: this.#nextId++, load, state: "new", fraction: 0 };
      return item;
    });
    this.#set([...this.#items, ...added]);
    return added.map(({ id }) => id);
  }

  /**
   * Let an item be about something else, as when a form's field was changed.
   *
   * @param {number} id
   * @param {L} load
   */
  change(id, load) {
    this.#patch(id, { load });
  }

  /** @param {number} id is broken off if it runs */
  remove(id) {
    this.cancel(id);
    this.#set(this.#items.filter((item) => item.id !== id));
  }

  /** Forget everything; what runs is broken off. */
  clear() {
    this.cancelAll();
    this.#set([]);
  }

  /** @param {readonly number[]} [ids] by default all that isn't done; what waits or runs goes on */
  start(ids) {
    this.#set(
      this.#items.map((item) => {
        const isMeant = ids ? ids.includes(item.id) : item.state !== "done";
        if (!isMeant || item.state === "waiting" || item.state === "running") return item;
        return { id: item.id, load: item.load, state: "waiting", fraction: 0 };
      }),
    );
    this.#next();
  }

  /** @param {number} id */
  cancel(id) {
    const item = this.#items.find((other) => other.id === id);
    if (item?.state === "waiting" || item?.state === "running") this.#patch(id, { state: "cancelled" });
    this.#running.get(id)?.abort();
  }

  /** Break off what runs, and don't begin what waits. */
  cancelAll() {
    for (const { id } of this.#items) this.cancel(id);
  }

  #next() {
    while (this.#running.size < this.#atOnce) {
      // One that was cancelled and started again waits until its first run is over.
      const item = this.#items.find(({ id, state }) => state === "waiting" && !this.#running.has(id));
      if (!item) return;
      this.#run(item);
    }
  }

  /** @param {Item<L, R>} item */
  async #run({ id, load }) {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(id, controller);
    this.#patch(id, { state: "running" });
    const onProgress = (/** @type {number} */ fraction) => {
      if (!signal.aborted) this.#patch(id, { fraction });
    };
    const begun = performance.now();
    /** @type {Partial<Item<L, R>>} */
    let outcome;
    try {
      outcome = { state: "done", result: await this.#work(load, { signal, onProgress }) };
    } catch (error) {
      outcome = { state: "failed", error };
    }
    this.#running.delete(id);
    // What came in spite of being cancelled stands: an upload that had arrived is there.
    if (!signal.aborted || outcome.state === "done") {
      this.#patch(id, { ...outcome, tookMs: performance.now() - begun });
    }
    this.#next();
  }

  /**
   * @param {number} id
   * @param {Partial<Item<L, R>>} changes
   */
  #patch(id, changes) {
    this.#set(this.#items.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  }

  /** @param {readonly Item<L, R>[]} items */
  #set(items) {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}
