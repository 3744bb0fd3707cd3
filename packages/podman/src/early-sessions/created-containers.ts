/** A container that was created. */
export interface CreatedContainer {
  /** Its full id, by which its commands name it. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
}

/** Maximum number of remembered containers: more than a host creates before it starts them. */
const maxContainers = 1000;

/** Remembers containers that were created without being started, until their first start. */
export class CreatedContainers {
  readonly #byReference = new Map<string, CreatedContainer>();

  /** Remembers a container; forgets the oldest one if there are too many. */
  add(created: CreatedContainer): void {
    const [oldest] = this.#byReference.values();
    if (oldest && this.#byReference.size >= 2 * maxContainers) this.#forget(oldest);
    for (const reference of [created.id, created.name]) this.#byReference.set(reference, created);
  }

  /** Returns a container, and forgets it. @param reference its id or name @returns `undefined` if it is not known */
  take(reference: string): CreatedContainer | undefined {
    const created = this.#byReference.get(reference);
    if (created) this.#forget(created);
    return created;
  }

  #forget(created: CreatedContainer): void {
    // Another container may have the name now.
    for (const reference of [created.id, created.name])
      if (this.#byReference.get(reference) === created) this.#byReference.delete(reference);
  }
}
