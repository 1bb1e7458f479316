import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';

/** Programs and pictures of the application: who asks for them, and for what, is recorded, not what is in them. */
const STATIC = new Set(['script', 'stylesheet', 'font', 'image']);

/** All that went between a page and the server, and all that the page said, from now on. */
export class Traffic {
  constructor(page: Page) {
    page.on('request', request => {
      this._said.push(request.method(), request.url(), JSON.stringify(request.headers()), request.postData() ?? '');
    });
    page.on('response', response => {
      this._said.push(JSON.stringify(response.headers()));
      if (STATIC.has(response.request().resourceType())) return;
      this._bodies.push(
        response.text().then(
          text => void this._said.push(text),
          () => undefined
        )
      );
    });
    page.on('websocket', socket => {
      socket.on('framesent', ({ payload }) => void this._said.push(payload.toString()));
      socket.on('framereceived', ({ payload }) => void this._said.push(payload.toString()));
    });
    page.on('console', message => void this._said.push(message.text()));
    page.on('pageerror', error => void this._said.push(error.stack ?? error.message));
  }

  /** Everything so far as one text. Answers that never end, such as streams of events, are waited for a moment only. */
  async all(): Promise<string> {
    await Promise.race([Promise.all(this._bodies), sleep(3_000)]);
    return this._said.join('\n');
  }

  private readonly _said: string[] = [];
  private readonly _bodies: Promise<void>[] = [];
}
