const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A random id of 24 letters and digits (about 142 bits) behind a prefix, as vendors make them: `newId('chatcmpl-')`. */
export const newId = (prefix: string): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  let id = prefix;
  // 62 of 256 does not divide evenly; the bias is of no matter for an id that is no secret.
  for (let at = 0; at < bytes.length; at++) id += alphabet[bytes[at]! % 62];
  return id;
};
