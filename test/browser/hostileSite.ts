import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from '@playwright/test';

/** A document to be shown in a frame. */
export interface Shown {
  html: string;
  /** The header it is served with. */
  policy?: string;
  /** The rights of its frame; undefined leaves the frame its full rights. */
  sandbox?: string;
  /** The policy of the page around it. */
  outerPolicy?: string;
}

/** Serves sheets of frames, and notes everything that reaches the world outside. */
export interface HostileSite {
  /** Address of the world outside, without a slash at the end. */
  outside: string;
  /** Requests and datagrams that reached it since the last look. */
  reached(): string[];
  /** Shows documents side by side on one page; gives its address. */
  sheet(documents: ReadonlyMap<string, Shown>): string;
  close(): void;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function openHostileSite(): Promise<HostileSite> {
  const reached: string[] = [];
  const pages = new Map<string, { html: string; policy: string | undefined }>();
  const world = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
  });
  const outside = await listen(world);
  // Calls (WebRTC) come as datagrams, to the same port.
  const calls = createSocket('udp4').on('message', () => reached.push('datagram'));
  await new Promise<void>(resolve => calls.bind(Number(new URL(outside).port), '127.0.0.1', resolve));
  const site = createServer((request, response) => {
    const page = pages.get(request.url ?? '');
    response.statusCode = page ? 200 : 404;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (page?.policy !== undefined) response.setHeader('content-security-policy', page.policy);
    response.end(page?.html);
  });
  const home = await listen(site);
  let sheets = 0;
  return {
    outside,
    reached: () => reached.splice(0),
    sheet(documents) {
      const number = ++sheets;
      const frames = [...documents].map(([name, { html, policy, sandbox }]) => {
        const path = `/${number}/${name}`;
        pages.set(path, { html, policy });
        return `<iframe name="${name}" width="400" height="300"${sandbox === undefined ? '' : ` sandbox="${sandbox}"`} src="${path}"></iframe>`;
      });
      const [first] = documents.values();
      pages.set(`/${number}`, {
        html: `<!DOCTYPE html><title>sheet ${number}</title>${frames.join('\n')}`,
        policy: first?.outerPolicy
      });
      return `${home}/${number}`;
    },
    close() {
      world.close();
      site.close();
      calls.close();
    }
  };
}

/** Notes what scripts that run do: dialogs, messages to the top, titles. */
export class Alarm {
  private readonly hits: string[] = [];

  private constructor(readonly page: Page) {}

  static async on(page: Page): Promise<Alarm> {
    const alarm = new Alarm(page);
    page.on('dialog', dialog => {
      alarm.hits.push(dialog.message());
      void dialog.dismiss().catch(() => undefined);
    });
    await page.exposeFunction('noteHit', (text: string) => alarm.hits.push(text));
    await page.addInitScript(() => {
      if (window.top !== window) return;
      addEventListener('message', event => {
        if (String(event.data).startsWith('hit:'))
          (window as unknown as { noteHit(text: string): void }).noteHit(String(event.data));
      });
    });
    return alarm;
  }

  /** The names of the payloads whose scripts ran since the last look. */
  async rung(): Promise<string[]> {
    const titles = await Promise.all(this.page.frames().map(frame => frame.title().catch(() => '')));
    const all = [...this.hits.splice(0), ...titles.filter(title => title.startsWith('hit:'))];
    return [...new Set(all.map(hit => hit.replace(/^hit:/, '')))];
  }
}

/**
 * Clicks, points at and focuses whatever is there: some traps wait for that.
 *
 * @param only - this frame alone
 * @returns how many frames could be poked
 */
export async function poke(page: Page, only?: Frame): Promise<number> {
  const poked = (only ? [only] : page.frames()).map(frame =>
    frame
      .evaluate(() => {
        const events = ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'animationstart', 'load', 'error'];
        for (const element of document.querySelectorAll<HTMLElement>('body *')) {
          for (const name of events) element.dispatchEvent(new Event(name));
          const leaves = element instanceof HTMLAnchorElement && element.target === '_blank';
          if (!leaves && 'click' in element) element.click();
        }
        return 1;
      })
      .catch(() => 0)
  );
  return (await Promise.all(poked)).reduce<number>((sum, one) => sum + one, 0);
}

/** Cuts a list into sheets. */
export function sheetsOf<T>(list: Iterable<T>, size: number): T[][] {
  const all = [...list];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
