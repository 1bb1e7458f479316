// A browser without a window, as far as forms and cookies go.

interface Cookie {
  name: string;
  value: string;
  path: string;
}

/** What a person does at the provider's pages. */
export interface Person {
  login: string;
  /** What their device shows, once for each time they are asked. */
  code?: () => string;
  /** What they know, where they are asked for it. */
  password?: string;
  /** At which page they say no. */
  denies?: 'device' | 'login' | 'consent';
}

/** Opens an address and fills in forms until there are none. @returns the last page, and the addresses on the way */
export async function drive(start: string, person: Person): Promise<{ page: string; visited: string[] }> {
  const cookies: Cookie[] = [];
  const visited: string[] = [];
  let next: { url: URL; form?: URLSearchParams } = { url: new URL(start) };
  for (let steps = 0; steps < 30; steps++) {
    const { url, form } = next;
    visited.push(url.href);
    const sent = cookies.filter(({ path }) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') },
      ...(form !== undefined && { method: 'POST', body: form })
    });
    keep(cookies, response.headers.getSetCookie());
    const to = response.headers.get('location');
    if (to !== null) {
      await response.body?.cancel();
      next = { url: new URL(to, url) };
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1];
    if (response.status >= 400 || action === undefined) return { page, visited };
    next = { url: new URL(action.replaceAll('&amp;', '&'), url), form: filled(page, person) };
  }
  throw new Error(`The provider goes on asking: ${visited.slice(-3).join(' ')}`);
}

function keep(cookies: Cookie[], lines: string[]): void {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
    const there = cookies.findIndex(cookie => cookie.name === name && cookie.path === path);
    if (there >= 0) cookies.splice(there, 1);
    if (value !== '') cookies.push({ name, value, path });
  }
}

function filled(page: string, { login, code, password, denies }: Person): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [tag] of page.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined) fields.set(name, /value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  if (fields.has('login')) fields.set('login', login);
  if (fields.has('code') && code !== undefined) fields.set('code', code());
  // Keycloak's pages; there the button that is pressed says what is meant.
  if (fields.has('username')) fields.set('username', login);
  if (fields.has('password')) fields.set('password', password ?? '');
  if (/name="cancel"/.test(page)) {
    fields.delete(denies === 'consent' ? 'accept' : 'cancel');
    fields.set(denies === 'consent' ? 'cancel' : 'accept', 'yes');
  }
  const kind = fields.has('login') ? 'login' : /<h1>consent/.test(page) ? 'consent' : 'device';
  if (kind === denies && kind !== 'device') fields.set('deny', 'yes');
  if (kind === denies && fields.has('confirm')) fields.set('abort', 'yes');
  return fields;
}
