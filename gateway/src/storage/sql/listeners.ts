export type AnnouncementListener = (subject: string | undefined) => void;

/** Those who want to know of announcements. One that throws keeps it from nobody else. */
export class Listeners {
  readonly #listeners = new Set<{ readonly listener: AnnouncementListener }>();

  add(listener: AnnouncementListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  tell(subject: string | undefined): void {
    for (const { listener } of this.#listeners) {
      try {
        listener(subject);
      } catch (cause) {
        // The transaction is committed and must not seem to have failed: it is reported as what nobody caught.
        queueMicrotask(() => {
          throw cause;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
