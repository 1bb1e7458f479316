import type { Plugin } from './plugin.js';
import type { PluginPackage } from './manifest.js';

/** A plug-in from outside Lakeside. It runs in a process of its own, which is started when it is first used. */
export interface OutsidePlugin extends Plugin<'wiki-target'> {
  outside: PluginPackage;
  /** Starts it, so that whoever asks knows whether it can be. @throws ProblemError */
  load(): Promise<void>;
  /** Ends its process. */
  close(): Promise<void>;
}

/** A plug-in of the configuration of which nothing can be used. */
export interface BrokenPlugin {
  /** As the configuration names it. */
  name: string;
  /** What is wrong and the cure. */
  sentence: string;
}

/** The plug-ins from outside that a configuration names. */
export interface OutsidePlugins {
  usable: OutsidePlugin[];
  broken: BrokenPlugin[];
}
