/** What a browser does between two requests: it keeps cookies, says whose page it is on, and follows no redirect by itself. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  async go(url: string, init: RequestInit & { readonly from?: string } = {}): Promise<Response> {
    const { from, ...rest } = init;
    const headers = new Headers(rest.headers);
    const { origin } = new URL(url);
    const own = [...this.cookies]
      .filter(([name]) => name.startsWith(`${origin} `))
      .map(([name, value]) => `${name.slice(origin.length + 1)}=${value}`);
    if (own.length > 0) headers.set('cookie', own.join('; '));
    if (rest.method === 'POST') headers.set('origin', from ?? origin);
    const response = await fetch(url, { ...rest, headers, redirect: 'manual' });
    for (const each of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = each.split(';');
      const at = pair.indexOf('=');
      const gone = attributes.some((attribute) => /^\s*(?:max-age=0|expires=thu, 01 jan 1970.*)$/i.test(attribute));
      const name = `${origin} ${pair.slice(0, at)}`;
      if (gone || pair.slice(at + 1) === '') this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(at + 1));
    }
    return response;
  }

  form(url: string, members: Record<string, string>, from?: string): Promise<Response> {
    return this.go(url, {
      method: 'POST',
      body: new URLSearchParams(members).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...(from !== undefined && { from }),
    });
  }

  /** Where it is sent to. */
  static to(response: Response, base: string): string {
    return new URL(response.headers.get('location') ?? '', base).href;
  }
}
