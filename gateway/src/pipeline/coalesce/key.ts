import { createHash } from 'node:crypto';

/** Headers that say nothing of what is asked, and differ from call to call. All others must be the same. */
const ofNoMatter =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|date|cookie|x-request-id|x-litellm-call-id|x-stainless-.*|traceparent|tracestate|baggage|x-b3-.*|x-forwarded-.*|x-real-ip|forwarded|via|cf-.*|sec-.*)$/;

interface Shared {
  /** Whose call it is: nobody pays for another one's. */
  readonly caller: string | undefined;
  readonly path: string;
  readonly format: string;
  readonly headers: Headers;
  readonly text: string;
}

/** What makes two calls the same: their caller and its key, their route and format, their headers, and every byte of their bodies. */
export const coalesceKey = ({ caller, path, format, headers, text }: Shared): string => {
  const hash = createHash('sha256');
  const add = (value: string) => hash.update(`${value.length}:`).update(value);
  // What says who calls may be a cookie, or a header that a proxy sets.
  add(caller ?? '');
  add(path);
  add(format);
  for (const [name, value] of [...headers].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (ofNoMatter.test(name)) continue;
    add(name);
    add(value);
  }
  add(text);
  return hash.digest('base64');
};
