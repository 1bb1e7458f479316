import type { Identity, SignInAnswer, SignInMethod, SignInStep } from '../../contract/credentials/index.js';
import type { Finding } from '../ports.js';

/** Keys of AWS, or of what speaks as it does. Secret. */
export interface AwsKeys {
  kind: 'aws';
  accessKeyId: string;
  secretAccessKey: string;
  /** Of session keys. */
  sessionToken?: string | undefined;
  /** Milliseconds since 1970; absent where they do not end. */
  expiresAt?: number | undefined;
}

/** What a database takes. Secret. */
export interface DatabaseKeys {
  kind: 'database';
  user?: string | undefined;
  password: string;
  expiresAt?: number | undefined;
}

export type Keys = AwsKeys | DatabaseKeys;

/** What may be kept between two renewals, as JSON has it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a provider gives for a sign-in. Secret as a whole; kept encrypted. */
export interface Grant {
  keys: Keys;
  identity: Identity;
  role?: string | undefined;
  /** What new keys are had with, for its provider alone: a refresh token, base keys. Absent: only by signing in. */
  renewal?: Json | undefined;
  /** Whether `renew` gives newer keys for the same role. */
  renews?: boolean | undefined;
  /** Milliseconds since 1970, where the provider says. */
  renewableUntil?: number | undefined;
}

export interface ProviderRole {
  id: string;
  label: string;
  description?: string | undefined;
  arn?: string | undefined;
}

/** The questions of the steps of a sign-in that ask a person. */
export type SignInQuestion = Extract<SignInStep, { kind: 'code' | 'password' }>;

/** A sign-in as its provider sees it. */
export interface SignInTalk {
  /** Raised when it was cancelled or took too long. */
  signal: AbortSignal;
  /** Asks the person, and waits for as long as they take. */
  ask<Q extends SignInQuestion>(question: Q): Promise<Extract<SignInAnswer, { kind: Q['kind'] }>>;
  /** Shows what the person is to do elsewhere, while the provider waits for it. */
  show(step: Exclude<SignInStep, SignInQuestion>): void;
}

export interface ProviderCall {
  signal: AbortSignal;
}

/**
 * A way to get keys. Every refusal is a `ProblemError` whose sentence says what happened, why, and what to do:
 * `credential-signin`, `credential-refused`, `credential-busy`, `credential-failed`, `credential-unreachable`.
 */
export interface CredentialProvider {
  readonly method: SignInMethod;
  readonly opens: Keys['kind'];
  /**
   * Keys that are there without a sign-in, as the settings refer to them; asked at each use, so that a newer secret
   * counts at once. Where it is there, nothing of them is kept.
   */
  ambient?(): Promise<Grant>;
  signIn(request: { role?: string | undefined }, talk: SignInTalk): Promise<Grant>;
  /**
   * New keys without the person, for the same role or another one.
   *
   * @throws ProblemError `credential-signin` where only a sign-in helps
   */
  renew?(grant: Grant, request: { role?: string | undefined }, call: ProviderCall): Promise<Grant>;
  /** The roles that may be taken; none where there is nothing to choose. */
  roles?(grant: Grant | undefined, call: ProviderCall): Promise<ProviderRole[]>;
  /** Tells the provider that a session ended. What it throws is logged, no more. */
  end?(grant: Grant, call: ProviderCall): Promise<void>;
  /** Looks at what it stands on, without signing in. */
  check(call: ProviderCall): Promise<Finding[]>;
}

/** Runs work that no other process of this home does at the same time. */
export interface Exclusive {
  /** @param name - of small letters, digits and hyphens; work under different names does not wait for each other */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The operating system's keyring. */
export interface Keyring {
  /** What it is called: `Secret Service`. */
  name: string;
  /** The secret under a name; undefined where there is none. @throws where the keyring cannot be used now */
  get(name: string): Promise<string | undefined>;
  set(name: string, secret: string): Promise<void>;
}

/** A process that asked for keys. */
export interface Peer {
  pid: number;
  /** When it started, as the system counts: with the id it names a process for good. */
  started: string;
  program: string;
  kernel?: string | undefined;
}

/** Finds who is at the other end of a connection of this machine. */
export interface Peers {
  /**
   * @param remotePort - of the other end; @param localPort - of ours
   * @returns undefined where it cannot be found
   */
  find(remotePort: number, localPort: number): Peer | undefined;
}
