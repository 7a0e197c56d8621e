import { createHash } from 'node:crypto';

/** Text that is HTML already. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type { Html };

type Part = string | number | Html | readonly Html[] | undefined;

/** HTML whose values are escaped, in texts and in quoted attributes; other HTML is put in as it is. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.reduce((all, text, at) => all + written(parts[at - 1]) + text));

const written = (part: Part): string => {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? (part as readonly Html[]).map(({ text }) => text).join('') : escape(String(part));
};

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character]!);

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { width: min(22rem, calc(100vw - 2rem)); padding: 1rem 0; }
h1 { font-size: 1.4rem; }
label { display: block; margin-top: 1rem; }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button, .button { box-sizing: border-box; display: block; width: 100%; margin-top: 1rem; padding: .6rem; font: inherit; text-align: center; cursor: pointer; color: inherit; border: 1px solid; border-radius: .3rem; text-decoration: none; background: none; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
.problem { padding: .5rem .75rem; border: 2px solid #c00; border-radius: .3rem; }
code { font-size: 1.2em; letter-spacing: .1em; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, nothing runs, and no other page may show it. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Forms must say whose page they are on.
  'referrer-policy': 'same-origin',
};

/** A whole page. @param more headers */
export const page = (title: string, body: Html, status = 200, more: Readonly<Record<string, string>> = {}): Response =>
  new Response(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          ${new Html(`<style>${style}</style>`)}
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html> `.text,
    { status, headers: { ...headers, ...more } },
  );
