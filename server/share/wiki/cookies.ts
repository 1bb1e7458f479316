/** The cookies of one account of one wiki. Knows one server only, so it keeps neither paths nor domains. */
export class Cookies {
  private readonly values = new Map<string, string>();

  /** What goes into the header `cookie`. */
  get header(): string {
    return [...this.values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Takes what an answer sets, and forgets what it deletes. */
  keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      if (at <= 0) continue;
      const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      if (value === 'deleted' || value === '') this.values.delete(name);
      else this.values.set(name, value);
    }
  }

  clear(): void {
    this.values.clear();
  }
}
