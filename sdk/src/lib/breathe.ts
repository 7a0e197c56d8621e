/** A text of this length takes some ten milliseconds to go through once. UTF-16 units. */
const longChars = 1_000_000;

/** Whether work on a text should be done in several turns of the event loop, so that other calls are not held up by it (FP-9). */
export const isLong = (text: string | undefined): boolean => text !== undefined && text.length > longChars;

/** Lets everything else that waits have its turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
