import type { NoticeKind, Notify } from '../../../contract/schedule/index.js';
import type { Channels } from './ports.js';

/** Where the owner sees notices in JupyterLab. No channel of the configuration has this name. */
export const SCREEN = 'jupyterlab';
/** The name by which schedules mean their owner, wherever reachable. */
export const OWNER = 'owner';

/** The target of what a channel takes to the owner's own address. */
export function ownersAt(channel: string): string {
  return `${OWNER}:${channel}`;
}

/** The channel of a target, and whether it goes to the owner's own address there. */
export function channelOf(target: string): { channel: string; isOwners: boolean } {
  return target.startsWith(`${OWNER}:`)
    ? { channel: target.slice(OWNER.length + 1), isOwners: true }
    : { channel: target, isOwners: false };
}

/** Whom a schedule tells of something, each once. */
export function targetsOf(kind: NoticeKind, notify: Notify, owner: string, channels: Channels): string[] {
  // What a cell wants to say is for all who follow the schedule, and for its owner in any case.
  const names =
    kind === 'notify'
      ? [OWNER, ...notify.failure, ...notify.recovery, ...notify.late, ...notify.success]
      : notify[kind];
  const personal = new Set(channels.list().flatMap(({ name, isPersonal }) => (isPersonal ? [name] : [])));
  return [...new Set(names.flatMap(name => reach(name, owner, channels, personal)))];
}

function reach(name: string, owner: string, channels: Channels, personal: ReadonlySet<string>): string[] {
  if (personal.has(name)) return [ownersAt(name)];
  if (name !== OWNER) return [name];
  const mail = channels.mailOf(owner);
  return [SCREEN, ...(mail ? [ownersAt(mail.channel)] : [])];
}
