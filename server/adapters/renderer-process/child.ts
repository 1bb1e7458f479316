import { spawn, type ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import type { RenderCall } from '../../share/ports.js';
import type { ChildSettings, FromChild, Request, ToChild } from '../../share/render/protocol.js';
import { residentMb } from './memory.js';

export interface ChildOptions {
  program: string;
  settings: ChildSettings;
  memoryMb: number;
  timeoutSeconds: number;
  log: Log;
}

/** A call as it travels, without its number. */
export type Work = Pick<Request, 'operation' | 'arguments' | 'workDirectory'>;

/** How long a child may take to notice a cancel before it is ended. */
const CANCEL_MS = 500;
const WATCH_MS = 100;
/** Room for what lives shortly; with more, V8 leaves more rubbish lying about and is no faster. MB. */
const YOUNG = 4;
/** A child that has grown beyond this share of its cap is not used again. */
const TIRED = 0.4;
/** One that holds more than this after a call read a large notebook. MB. */
const LARGE = 100;

/** Why a child was ended while it worked. */
type Ended = 'memory' | 'time' | 'cancel' | 'close';

/** One renderer process. Does one thing at a time. */
export class Child {
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private gone = false;
  private held = 0;
  private ended: Ended | undefined;
  private stderr = '';
  private next = 1;
  private settle: ((message: FromChild | undefined) => void) | undefined;
  private onProgress: RenderCall['onProgress'];

  constructor(
    private readonly options: ChildOptions,
    onExit: () => void
  ) {
    const heap = Math.max(Math.floor(options.memoryMb * 0.75), 64);
    const cache = getCompileCacheDir();
    this.process = spawn(
      process.execPath,
      [
        `--max-old-space-size=${heap}`,
        `--max-semi-space-size=${YOUNG}`,
        options.program,
        JSON.stringify(options.settings)
      ],
      {
        // Nothing of the parent's environment: secrets stay out of the process that opens foreign files.
        // glibc keeps what was freed once for each thread otherwise.
        env: { LANG: 'C.UTF-8', MALLOC_ARENA_MAX: '1', ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        windowsHide: true
      }
    );
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-8000);
    });
    this.process.on('message', (message: FromChild) => this.receive(message));
    this.exited = new Promise(resolve => {
      const done = (): void => {
        if (this.gone) return;
        this.gone = true;
        onExit();
        this.settle?.(undefined);
        resolve();
      };
      this.process.once('close', done).once('error', error => {
        this.stderr += error.message;
        done();
      });
    });
    this.release();
  }

  /** True while it can take another call. */
  get usable(): boolean {
    const isTired = this.held > this.options.memoryMb * TIRED;
    return !this.gone && !isTired && this.ended === undefined && this.process.connected;
  }

  /** True where it holds much memory that only its next call could use. */
  get isLarge(): boolean {
    return this.held > LARGE;
  }

  /** Does one piece of work. @throws ProblemError */
  async run(work: Work, call: RenderCall): Promise<unknown> {
    const id = this.next++;
    this.hold();
    this.onProgress = call.onProgress;
    const watch = setInterval(() => this.watch(), WATCH_MS);
    const timer = setTimeout(() => this.kill('time'), this.options.timeoutSeconds * 1000);
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.send({ type: 'cancel', id });
      grace = setTimeout(() => this.kill('cancel'), CANCEL_MS);
    };
    call.signal?.addEventListener('abort', cancel, { once: true });
    try {
      const answer = await new Promise<FromChild | undefined>(resolve => {
        this.settle = resolve;
        if (this.gone) resolve(undefined);
        else this.send({ type: 'call', id, ...work });
      });
      return this.outcome(answer);
    } finally {
      call.signal?.removeEventListener('abort', cancel);
      clearInterval(watch);
      clearTimeout(timer);
      clearTimeout(grace);
      this.settle = this.onProgress = undefined;
      this.held = residentMb(this.process.pid) ?? 0;
      this.release();
    }
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    // Otherwise a process that waits for nothing else would end before this does.
    this.hold();
    this.kill('close');
    await this.exited;
  }

  private receive(message: FromChild): void {
    if (message.type === 'progress') this.onProgress?.(message.done, message.total);
    else this.settle?.(message);
  }

  private outcome(answer: FromChild | undefined): unknown {
    if (answer?.type === 'result') return answer.value;
    if (answer?.type === 'problem') throw ProblemError.from(answer.problem);
    if (answer?.type === 'fault') throw this.failed('A fault in the renderer', answer.stack);
    throw this.death();
  }

  private death(): ProblemError {
    const { memoryMb, timeoutSeconds } = this.options;
    if (this.ended === 'cancel') return new ProblemError('cancelled', 'Rendering was cancelled.');
    if (this.ended === 'close') return new ProblemError('stopping', 'Lakeside is stopping. Try again in a moment.');
    if (this.ended === 'time')
      return new ProblemError(
        'notebook-too-complex',
        `Rendering this notebook took longer than ${timeoutSeconds} seconds and was stopped. Clear large outputs or split it into several notebooks, then try again.`
      );
    if (this.ended === 'memory' || this.stderr.includes('heap out of memory'))
      return new ProblemError(
        'notebook-too-complex',
        `Rendering this notebook needs more than ${memoryMb} MB of memory and was stopped. Clear large outputs or split it into several notebooks, then try again.`
      );
    return this.failed('The renderer ended unexpectedly', this.stderr);
  }

  private failed(what: string, details: string): ProblemError {
    this.options.log.error({ details, program: this.options.program }, what);
    return new ProblemError(
      'render-failed',
      'The page could not be made because of a fault in Lakeside. Try again; if it stays, report it with the log of the server.',
      { cause: details }
    );
  }

  private watch(): void {
    const used = residentMb(this.process.pid);
    if (used !== undefined && used > this.options.memoryMb) this.kill('memory');
  }

  private kill(why: Ended): void {
    if (this.gone) return;
    this.ended ??= why;
    this.process.kill('SIGKILL');
  }

  private send(message: ToChild): void {
    if (!this.process.connected) return;
    // A child that just died answers by its end, not by this error.
    this.process.send(message, () => undefined);
  }

  /** While it works, it keeps this process alive; without work it does not. */
  private hold(): void {
    this.process.ref();
    this.process.channel?.ref();
  }

  private release(): void {
    this.process.unref();
    this.process.channel?.unref();
    (this.process.stderr as unknown as { unref?: () => void } | null)?.unref?.();
  }
}
