import { spawn, type ChildProcess } from 'node:child_process';
import { ProblemError } from '../../../contract/problem.js';
import type { PluginPackage } from '../../plugins/manifest.js';
import {
  FromPlugin,
  type PluginCall,
  type PluginFault,
  type PluginStart,
  type ToPlugin
} from '../../plugins/protocol.js';
import type { Log } from '../../ports.js';
import { plainLine } from './words.js';

/** How long things may take, in milliseconds. */
export interface PluginLimits {
  /** Until its module is loaded. */
  load: number;
  /** A call, and one that carries a file. */
  call: number;
  upload: number;
  /** Until it shows that it still listens, after a call was given up. */
  alive: number;
  /** Without a call, after which its process ends. */
  idle: number;
}

export interface PluginProcessOptions {
  /** The program that loads the plug-in. */
  program: string;
  plugin: PluginPackage;
  /** All of the environment that it sees. */
  environment: Readonly<Record<string, string>>;
  limits: PluginLimits;
  log: Log;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
  /** Reads a secret for a target, where the settings of the target refer to it. */
  readSecret: (target: string, reference: unknown) => Promise<string>;
}

/** What a plug-in threw; the guard makes a problem of it. */
export class PluginFailure extends Error {
  constructor(readonly fault: PluginFault) {
    super(fault.message);
  }
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Heap of a plug-in in MB, and how much of what it prints is looked at in bytes. */
const HEAP_MB = 256;
const OUTPUT = 1024 * 1024;
const LOG_LINES = 10_000;
/** How long an ended process is listened to. */
const LAST_WORDS_MS = 200;

/** A process in which one plug-in runs. Ends by itself when nobody calls it. */
export class PluginProcess {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private readonly loaded: Promise<void>;
  private readonly killAtExit = (): void => void this.process.kill('SIGKILL');
  private idle: NodeJS.Timeout | undefined;
  private next = 1;
  private gone = false;
  private reason: string | undefined;
  private printed = 0;
  private logged = 0;
  private lastLine = '';

  constructor(private readonly options: PluginProcessOptions) {
    const { program, plugin, environment } = options;
    const { entry, kind, id } = plugin;
    this.process = spawn(
      process.execPath,
      [
        `--max-old-space-size=${HEAP_MB}`,
        program,
        JSON.stringify({ entry, kind, id, parent: process.pid } satisfies PluginStart)
      ],
      { cwd: plugin.folder, env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], windowsHide: true }
    );
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.heard(text));
    this.exited = new Promise(resolve => {
      const done = (how: string): void => {
        this.ended(how);
        resolve();
      };
      const inWords = (code: number | null, signal: string | null): string => signal ?? `exit code ${code ?? 0}`;
      this.process.once('close', (code, signal) => done(inWords(code, signal)));
      // A child of its own may keep its output open.
      this.process.once('exit', (code, signal) => setTimeout(() => done(inWords(code, signal)), LAST_WORDS_MS));
      this.process.once('error', error => done(error.message));
    });
    // A plug-in that hangs does not notice that this process ends.
    process.once('exit', this.killAtExit);
    this.loaded = this.load();
    this.loaded.catch(() => undefined);
    this.release();
  }

  /** True while it takes calls. */
  get usable(): boolean {
    return !this.gone && this.reason === undefined && this.process.connected;
  }

  /** Resolves when the module of the plug-in is loaded. @throws ProblemError @throws PluginFailure */
  async ready(): Promise<void> {
    this.hold();
    try {
      await this.loaded;
    } finally {
      this.release();
    }
  }

  /**
   * Calls the plug-in.
   *
   * @returns what it answered, unchecked
   * @throws PluginFailure with what it threw
   * @throws ProblemError `target-unreachable` for silence, `target-failed` where it ended, `cancelled`
   */
  async call(
    call: PluginCall,
    { limit, signal }: { limit: number; signal?: AbortSignal | undefined }
  ): Promise<unknown> {
    if (signal?.aborted === true) throw cancelled();
    const id = this.next++;
    let timer: NodeJS.Timeout | undefined;
    let cancel: (() => void) | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        this.hold();
        const giveUp = (error: ProblemError): void => {
          reject(error);
          this.send({ type: 'abort', id });
          this.mustBeAlive(call);
        };
        timer = setTimeout(() => giveUp(this.silence(limit)), limit);
        cancel = () => giveUp(cancelled());
        signal?.addEventListener('abort', cancel, { once: true });
        if (this.gone) reject(this.death());
        else this.send({ type: 'call', id, call });
      });
    } finally {
      this.waiting.delete(id);
      clearTimeout(timer);
      if (cancel) signal?.removeEventListener('abort', cancel);
      this.release();
    }
  }

  /** Ends the process and waits until it is gone. */
  async end(reason = 'Lakeside is stopping'): Promise<void> {
    this.hold();
    this.kill(reason);
    await this.exited;
  }

  private load(): Promise<void> {
    const { limits } = this.options;
    const loading = new Promise<unknown>((resolve, reject) => this.waiting.set(0, { resolve, reject }));
    const timer = setTimeout(() => this.kill(`it was not loaded within ${inSeconds(limits.load)}`), limits.load);
    const end = (): void => {
      clearTimeout(timer);
      this.waiting.delete(0);
      this.release();
    };
    this.process.on('message', (message: unknown) => this.receive(message));
    return loading.then(end, (error: unknown) => {
      end();
      this.kill('it could not be loaded');
      throw error;
    });
  }

  private receive(given: unknown): void {
    const message = FromPlugin.safeParse(given).data;
    if (message === undefined) return;
    switch (message.type) {
      case 'loaded':
        this.waiting.get(0)?.resolve(undefined);
        break;
      case 'broken':
        this.waiting.get(0)?.reject(new PluginFailure(message.fault));
        break;
      case 'done':
        if (message.id !== 0) this.waiting.get(message.id)?.resolve(message.value);
        break;
      case 'failed':
        if (message.id !== 0) this.waiting.get(message.id)?.reject(new PluginFailure(message.fault));
        break;
      case 'log':
        this.tell(message.level, { ...message.fields, plugin: this.options.plugin.name }, message.message);
        break;
      case 'secret':
        void this.answerSecret(message.id, message.target, message.reference);
    }
  }

  private async answerSecret(id: number, target: string, reference: unknown): Promise<void> {
    try {
      this.send({ type: 'secret', id, value: await this.options.readSecret(target, reference) });
    } catch (error) {
      this.send({ type: 'secret', id, problem: error instanceof ProblemError ? error.message : 'It cannot be read.' });
    }
  }

  /** A plug-in that gave no answer may only be slow. One that does not even listen is ended. */
  private mustBeAlive({ op }: PluginCall): void {
    if (op === 'ping' || this.gone) return;
    const { alive } = this.options.limits;
    this.call({ op: 'ping' }, { limit: alive }).catch(() => this.kill('it hung, so that Lakeside ended it'));
  }

  private ended(how: string): void {
    if (this.gone) return;
    this.gone = true;
    this.reason ??= `it ended by itself (${how})${this.lastLine === '' ? '' : `: ${this.lastLine}`}`;
    process.removeListener('exit', this.killAtExit);
    clearTimeout(this.idle);
    const error = this.death();
    for (const { reject } of this.waiting.values()) reject(error);
  }

  private kill(reason: string): void {
    if (this.gone) return;
    this.reason ??= reason;
    const error = this.death();
    for (const { reject } of this.waiting.values()) reject(error);
    this.process.kill('SIGKILL');
  }

  private death(): ProblemError {
    return new ProblemError(
      'target-failed',
      `The plug-in ${this.options.plugin.name} broke off: ${this.reason ?? 'it ended'}. Try again; if it stays, tell its author.`
    );
  }

  private silence(limit: number): ProblemError {
    const { name } = this.options.plugin;
    return new ProblemError(
      'target-unreachable',
      `The plug-in ${name} gave no answer within ${inSeconds(limit)}. Try again; what was done is kept. If it stays, tell its author.`
    );
  }

  private heard(text: string): void {
    this.printed += text.length;
    if (this.printed > OUTPUT) return;
    const lines = text.split('\n').map(line => plainLine(this.options.redact(line), 500));
    for (const line of lines) {
      if (line === '') continue;
      if (/^\w*Error\b/.test(line) || this.lastLine === '') this.lastLine = plainLine(line, 200);
      this.tell('debug', { plugin: this.options.plugin.name }, line);
    }
  }

  private tell(level: 'debug' | 'info' | 'warn' | 'error', fields: object, message: string): void {
    if (++this.logged <= LOG_LINES) this.options.log[level](fields, plainLine(message, 2000));
  }

  private send(message: ToPlugin): void {
    if (!this.process.connected) return;
    // One that just died answers by its end, not by this error.
    this.process.send(message, () => undefined);
  }

  /** While it has something to do, it keeps this process alive; else it does not. */
  private hold(): void {
    clearTimeout(this.idle);
    this.process.ref();
    this.process.channel?.ref();
  }

  private release(): void {
    if (this.waiting.size > 0 || this.gone) return;
    this.process.unref();
    this.process.channel?.unref();
    for (const stream of [this.process.stdout, this.process.stderr])
      (stream as unknown as { unref?: () => void } | null)?.unref?.();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.kill('nobody called it'), this.options.limits.idle).unref();
  }
}

function cancelled(): ProblemError {
  return new ProblemError('cancelled', 'Sharing was cancelled.');
}

function inSeconds(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds <= 1 ? 'a second' : `${seconds} seconds`;
}
