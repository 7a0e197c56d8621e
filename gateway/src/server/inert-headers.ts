/** What a browser would run in the gateway's name. */
const active = /\b(?:html|xml|svg|javascript|ecmascript)\b/i;

/**
 * For bytes that somebody else wrote and that go out from the gateway's own address (a file's content, a relayed answer): a
 * browser that is led here neither guesses another type nor runs them beside what else is served here.
 */
export const inertHeaders = (contentType: string): Readonly<Record<string, string>> => ({
  'x-content-type-options': 'nosniff',
  ...(active.test(contentType) && { 'content-security-policy': 'sandbox' }),
});
