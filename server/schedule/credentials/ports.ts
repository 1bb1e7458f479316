import type { RunProfile } from '../../../contract/schedule/form.js';

/** A schedule as those see it who give keys to its runs. */
export interface KeyWish {
  schedule: string;
  /** What it is called. */
  name: string;
  profile: string;
}

/** What is known of the keys of a schedule, without asking anybody. */
export interface Outlook {
  /** Why a run that is due now would not start, and what helps. */
  trouble?: string;
  /** Until when keys can be renewed, in milliseconds since 1970, where the provider says. */
  until?: number;
  /** Whether that is near, and nobody put it off lately. */
  endsSoon: boolean;
}

/** What the runs of schedules may use of the profiles of this server. */
export interface RunCredentials {
  /** The profiles that a schedule may name. */
  profiles(): Promise<readonly RunProfile[]>;
  /**
   * Permits the runs of a schedule to use a profile without the person.
   *
   * @throws ProblemError `invalid` with the sentence for the person who saves
   */
  permit(wish: KeyWish, by: string): Promise<void>;
  /** Takes back what a schedule was permitted. */
  withdraw(schedule: string, by: string): Promise<void>;
  /** Takes back what nobody wants any more: of schedules that are gone, or were never stored. */
  sweep(isWanted: (schedule: string) => boolean): Promise<void>;
  outlook(wish: Pick<KeyWish, 'schedule' | 'profile'>): Promise<Outlook>;
  /**
   * Looks whether a run that is due would get keys now. @returns the variables of its kernel; null takes one away
   *
   * @throws ProblemError `credential-signin` where only the owner can help; what the provider says
   */
  environment(wish: Pick<KeyWish, 'schedule' | 'profile'>): Promise<Record<string, string | null>>;
}

/** Of a server without profiles. */
export const noCredentials: RunCredentials = {
  profiles: () => Promise.resolve([]),
  permit: () => Promise.resolve(),
  withdraw: () => Promise.resolve(),
  sweep: () => Promise.resolve(),
  outlook: () => Promise.resolve({ endsSoon: false }),
  environment: () => Promise.resolve({})
};
