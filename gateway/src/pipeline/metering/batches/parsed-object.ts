import { isObject, type JsonObject } from 'sluice/kit';

/** What a line or an event says; undefined: it is no JSON object. */
export const parsedObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
