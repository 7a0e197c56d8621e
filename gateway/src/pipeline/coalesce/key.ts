import { createHash } from 'node:crypto';

/** Headers that say nothing of what is asked, and differ from call to call. All others must be the same. */
const ofNoMatter =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|date|cookie|x-request-id|x-litellm-call-id|x-stainless-.*|traceparent|tracestate|baggage|x-b3-.*|x-forwarded-.*|x-real-ip|forwarded|via|cf-.*|sec-.*)$/;

/** What makes two calls the same: their caller and its key, their route and format, their headers, and every byte of their bodies. */
export const coalesceKey = ({ path, format, headers, text }: { path: string; format: string; headers: Headers; text: string }): string => {
  const hash = createHash('sha256');
  const add = (value: string) => hash.update(`${value.length}:`).update(value);
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
