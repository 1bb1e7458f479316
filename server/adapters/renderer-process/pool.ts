import { ProblemError } from '../../../contract/problem.js';
import type { RenderCall } from '../../share/ports.js';
import type { ChildSettings } from '../../share/render/protocol.js';
import { Child, type ChildOptions, type Work } from './child.js';

export interface PoolOptions extends Omit<ChildOptions, 'settings'> {
  settings: ChildSettings;
  poolSize: number;
  idleSeconds: number;
}

/** How long a child that holds much waits for the next call: the steps of a share follow each other at once. */
const LARGE_IDLE_MS = 1_000;

/** Children that are kept for the next call, and the calls that wait for one. */
export class Pool {
  private readonly children = new Set<Child>();
  private readonly idle: Child[] = [];
  /** Calls that wait; each is told what became of it. */
  private readonly waiting: ((given: 'place' | 'cancelled' | 'stopping') => void)[] = [];
  private idleTimer: NodeJS.Timeout | undefined;
  private busy = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {}

  /** Does a piece of work in a child; waits while all are busy. @throws ProblemError */
  async run(work: Work, call: RenderCall): Promise<unknown> {
    await this.turn(call.signal);
    try {
      return await this.perform(work, call);
    } finally {
      const next = this.waiting.shift();
      if (next) next('place');
      else this.busy--;
    }
  }

  /** Ends all children and refuses what waits. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idleTimer);
    for (const tell of this.waiting.splice(0)) tell('stopping');
    await Promise.all([...this.children].map(child => child.end()));
  }

  /** Takes a place, or waits until a call hands over its own. */
  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.closed) throw stopping();
    if (signal?.aborted === true) throw cancelled();
    if (this.busy < this.options.poolSize) {
      this.busy++;
      return;
    }
    let drop: (() => void) | undefined;
    const given = await new Promise<'place' | 'cancelled' | 'stopping'>(resolve => {
      drop = () => {
        const at = this.waiting.indexOf(resolve);
        if (at < 0) return;
        this.waiting.splice(at, 1);
        resolve('cancelled');
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.waiting.push(resolve);
    });
    if (drop) signal?.removeEventListener('abort', drop);
    if (given !== 'place') throw given === 'stopping' ? stopping() : cancelled();
  }

  private async perform(work: Work, call: RenderCall): Promise<unknown> {
    const child = this.idle.pop() ?? this.start();
    try {
      return await child.run(work, call);
    } finally {
      if (child.usable && !this.closed) this.keep(child);
      else void child.end();
    }
  }

  private start(): Child {
    const child = new Child(this.options, () => {
      this.children.delete(child);
      const at = this.idle.indexOf(child);
      if (at >= 0) this.idle.splice(at, 1);
    });
    this.children.add(child);
    return child;
  }

  private keep(child: Child): void {
    this.idle.push(child);
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => {
      for (const one of this.idle.splice(0)) void one.end();
    }, this.options.idleSeconds * 1000);
    this.idleTimer.unref();
    if (child.isLarge) setTimeout(() => this.drop(child), LARGE_IDLE_MS).unref();
  }

  /** Ends a child, unless it works. */
  private drop(child: Child): void {
    const at = this.idle.indexOf(child);
    if (at < 0) return;
    this.idle.splice(at, 1);
    void child.end();
  }
}

function cancelled(): ProblemError {
  return new ProblemError('cancelled', 'Rendering was cancelled.');
}

function stopping(): ProblemError {
  return new ProblemError('stopping', 'Lakeside is stopping. Try again in a moment.');
}
