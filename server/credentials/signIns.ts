import type { SignIn, SignInAnswer, SignInStep } from '../../contract/credentials/index.js';
import { ProblemError } from '../../contract/problem.js';
import type { Caller, Clock } from '../ports.js';
import type { Grant, SignInQuestion, SignInTalk } from './ports.js';
import type { ConfiguredProfile } from './profiles.js';
import type { Sessions } from './sessions.js';

/** Longest time of a sign-in, and how long one that ended can be asked for. Milliseconds. */
const LONGEST = 15 * 60_000;
const KEPT = 10 * 60_000;
/** How long an answer waits for what comes next, in milliseconds. */
const SOON = 400;
const AFTER_ANSWER = 10_000;

/** The sign-ins on their way in this process. */
export interface SignIns {
  start(caller: Caller, profile: ConfiguredProfile, wanted: Wanted): Promise<SignIn>;
  get(id: string): SignIn;
  answer(id: string, answer: SignInAnswer): Promise<SignIn>;
  cancel(id: string): void;
  /** The one of a profile. */
  of(profile: string): SignIn | undefined;
  /** Ends all of them. */
  stop(): void;
}

export interface Wanted {
  signInId: string;
  role?: string | undefined;
  /** Called when the new session is in force. */
  succeeded: () => Promise<void>;
}

interface Flow {
  told: SignIn;
  ended: AbortController;
  endedAt: number | undefined;
  waiting: { kind: SignInQuestion['kind']; give: (answer: SignInAnswer) => void } | undefined;
  /** Resolves with the next change. */
  next: PromiseWithResolvers<void>;
}

export function createSignIns(options: { sessions: Sessions; clock: Clock; changed: () => void }): SignIns {
  const { sessions, clock, changed } = options;
  const flows = new Map<string, Flow>();

  function update(flow: Flow, told: SignIn): void {
    if (flow.told.state !== 'waiting') return;
    flow.told = told;
    if (told.state !== 'waiting') {
      flow.endedAt = clock.monotonic();
      flow.ended.abort();
    }
    const { resolve } = flow.next;
    flow.next = Promise.withResolvers();
    resolve();
    changed();
  }

  /** What stays of it whatever happens next. */
  const bare = ({ told: { id, profile, role, startedAt } }: Flow): Omit<SignIn, 'state'> => ({
    id,
    profile,
    startedAt,
    ...(role !== undefined && { role })
  });
  const step = (flow: Flow, now: SignInStep): void => update(flow, { ...bare(flow), state: 'waiting', step: now });

  function talkOf(flow: Flow): SignInTalk {
    const { signal } = flow.ended;
    return {
      signal,
      show: now => step(flow, now),
      ask<Q extends SignInQuestion>(question: Q) {
        type Answer = Extract<SignInAnswer, { kind: Q['kind'] }>;
        return new Promise<Answer>((resolve, reject) => {
          const stop = (): void => {
            reject(new DOMException('The sign-in ended.', 'AbortError'));
          };
          if (signal.aborted) {
            stop();
            return;
          }
          signal.addEventListener('abort', stop, { once: true });
          flow.waiting = {
            kind: question.kind,
            give(answer) {
              signal.removeEventListener('abort', stop);
              flow.waiting = undefined;
              step(flow, { kind: 'provider' });
              resolve(answer as Answer);
            }
          };
          step(flow, question);
        });
      }
    };
  }

  async function run(flow: Flow, by: string, profile: ConfiguredProfile, wanted: Wanted): Promise<void> {
    try {
      const provider = await sessions.provider(profile);
      const grant: Grant = await provider.signIn({ role: wanted.role }, talkOf(flow));
      // Cancelled while the provider worked on: what was in force stays.
      if (flow.told.state !== 'waiting') return;
      await sessions.install(profile, grant, by);
      await wanted.succeeded();
      update(flow, { ...bare(flow), state: 'succeeded' });
    } catch (error) {
      if (flow.told.state !== 'waiting') return;
      update(flow, { ...bare(flow), state: 'failed', trouble: sessions.words(error) });
    }
  }

  async function giveUp(flow: Flow, label: string): Promise<void> {
    await clock.sleep(LONGEST, flow.ended.signal);
    const message = `Nobody finished the sign-in to ${label} within 15 minutes. Begin again.`;
    update(flow, { ...bare(flow), state: 'failed', trouble: { message, code: 'credential-signin' } });
  }

  /** Waits until it asks, or has ended; not longer than it may. */
  async function settled(flow: Flow, within: number): Promise<SignIn> {
    const enough = new AbortController();
    const end = clock.sleep(within, enough.signal).catch(() => undefined);
    const late = end.then(() => 'late');
    while (flow.told.state === 'waiting' && flow.told.step?.kind === 'provider') {
      if ((await Promise.race([flow.next.promise, late])) === 'late') break;
    }
    enough.abort();
    return flow.told;
  }

  function find(id: string): Flow {
    const flow = flows.get(id);
    if (flow !== undefined) return flow;
    throw new ProblemError('not-found', 'This sign-in is no more: Lakeside was started again meanwhile. Begin again.');
  }

  function forget(): void {
    for (const [id, { endedAt }] of flows) {
      if (endedAt !== undefined && clock.monotonic() - endedAt > KEPT) flows.delete(id);
    }
  }

  const running = (profile: string): Flow | undefined =>
    [...flows.values()].find(({ told }) => told.profile === profile && told.state === 'waiting');

  return {
    async start(caller, profile, wanted) {
      forget();
      // A second tab joins in; so does the same request, sent twice.
      const there = flows.get(wanted.signInId) ?? running(profile.id);
      if (there !== undefined) return there.told;
      const flow: Flow = {
        told: {
          id: wanted.signInId,
          profile: profile.id,
          ...(wanted.role !== undefined && { role: wanted.role }),
          state: 'waiting',
          step: { kind: 'provider' },
          startedAt: new Date(clock.now()).toISOString()
        },
        ended: new AbortController(),
        endedAt: undefined,
        waiting: undefined,
        next: Promise.withResolvers()
      };
      flows.set(wanted.signInId, flow);
      changed();
      giveUp(flow, profile.label).catch(() => undefined);
      void run(flow, caller.name, profile, wanted);
      return settled(flow, SOON);
    },
    get: id => find(id).told,
    async answer(id, answer) {
      const flow = find(id);
      if (flow.waiting?.kind !== answer.kind) {
        const what = answer.kind === 'code' ? 'a code' : 'a password';
        throw new ProblemError('conflict', `This sign-in does not wait for ${what} now. Look at it again.`);
      }
      flow.waiting.give(answer);
      return settled(flow, AFTER_ANSWER);
    },
    cancel(id) {
      const flow = find(id);
      update(flow, { ...bare(flow), state: 'cancelled' });
    },
    of: profile => running(profile)?.told,
    stop() {
      for (const flow of flows.values()) update(flow, { ...bare(flow), state: 'cancelled' });
    }
  };
}
