import type * as z from 'zod';
import type { Account, Secret } from '../configuration/secret.js';
import type { AwsKeys, CredentialProvider } from '../credentials/ports.js';
import type { Clock, Finding, Log } from '../ports.js';
import type { NotificationChannel } from '../schedule/notify/ports.js';
import type { Buckets } from '../schedule/places/ports.js';
import type { ObjectStore, WikiTarget } from '../share/ports.js';
import type { TableSource } from '../tables/ports.js';

export type { Finding } from '../ports.js';

/** The kinds of plug-in there are, each with the port that its plug-ins implement. */
export interface PluginKinds {
  /** Holds the Library's archive: the section `library` chooses one. */
  'object-store': ObjectStore;
  /** A wiki to which notebooks are shared: the section `targets` names them. */
  'wiki-target': WikiTarget;
  /** Tells people of runs: the section `notify` names them. */
  'notification-channel': NotificationChannel;
  /** Where notebooks of schedules and their outputs may lie elsewhere: the section `places` names them by their scheme. */
  'run-places': Buckets;
  /** Tables to look at: the section `sources` names them. */
  'table-source': TableSource;
  /** Gets keys for people: the section `profiles` names them. */
  'credential-provider': CredentialProvider;
}
export type PluginKind = keyof PluginKinds;

/** What a plug-in may use of Lakeside. */
export interface PluginSurroundings {
  log: Log;
  clock: Clock;
  /**
   * Reads a secret. It never gets into the log from then on. May be called again: a file may hold a newer one.
   *
   * @throws ProblemError `invalid` where there is none, `credential-signin` where a person has to sign in first
   */
  readSecret: (reference: Secret) => Promise<string>;
  /** The same, with the user that a profile of credentials names. Absent: secrets come without one. */
  readAccount?: (reference: Secret) => Promise<Account>;
  /**
   * The keys of AWS that a profile has now, for one use. Absent: there are no profiles.
   *
   * @throws ProblemError `credential-signin` where a person has to sign in first, `invalid` where there is no such profile
   */
  awsKeys?: (profile: string) => Promise<AwsKeys>;
  /** A folder for what can be found out again; made by whoever writes there first. */
  cacheDirectory: string;
  /** The variables with which it starts programs: where programs, proxies and certificates are, and nothing else. */
  environment?: Readonly<Record<string, string>>;
  /** What people call it, where there may be several of a kind. */
  label?: string;
  /** Where its settings stand, for sentences: `library in /etc/lakeside/config.yml`. */
  settings: string;
}

/** An adapter that the configuration can choose. */
export interface Plugin<K extends PluginKind = PluginKind, C = unknown> {
  kind: K;
  /** The name by which the configuration chooses it: `kind: s3`. */
  id: string;
  /** Its settings, `kind` left out. An object; keys it does not name are refused. */
  config: z.ZodObject & z.ZodType<C>;
  /** True where only the plug-in itself can check its settings, which it does when it is first used. */
  checksLater?: boolean;
  /** Makes it. Whatever is heavy is imported here, not before. */
  create(config: C, surroundings: PluginSurroundings): Promise<PluginKinds[K]>;
  /** Looks at what it stands on, for the doctor. A problem that it throws is a finding too. */
  check?(config: C, surroundings: PluginSurroundings): Promise<Finding[]>;
}

/** Declares a plug-in, so that its settings have the type of their schema. */
export function definePlugin<K extends PluginKind, C>(plugin: Plugin<K, C>): Plugin<K> {
  // What `create` is given was checked by `config` before.
  return plugin;
}
