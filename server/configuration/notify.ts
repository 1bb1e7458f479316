import * as z from 'zod';
import type { Registry } from '../plugins/registry.js';
import { oneOf } from './chosen.js';
import type { Chosen } from './chosen.js';

/** A channel of the section `notify`, with what people call it. */
export type ChosenChannel = Chosen & { label?: string | undefined };

/** The section `notify`: by which ways people are told of runs, and where the owners of schedules are reached. */
export interface NotifySection {
  channels: Record<string, ChosenChannel>;
  owners?: OwnersSection | undefined;
}

const PLACE = '{owner}';

/** Names of channels stand in schedules. `owner` and `jupyterlab` mean something already. */
const ChannelName = z.string().regex(/^(?!(?:owner|jupyterlab)$)[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'must be a name of small letters, digits and hyphens, and not "owner" or "jupyterlab"'
});
const MailAddress = z.email('must be a mail address such as ada@example.org');
const Mention = z.string().min(1).max(100);
const Template = (words: string): z.ZodString =>
  z
    .string()
    .max(200)
    .refine(text => text.split(PLACE).length === 2, `must have ${PLACE} in it once, such as ${words}`);

const OwnersSection = z.strictObject({
  via: ChannelName.optional().describe(
    'The channel, of kind smtp, by which owners get mail. Absent: the first one there is.'
  ),
  mail: Template('{owner}@example.org')
    .optional()
    .describe('The mail address of an owner; {owner} stands for the name in Jupyter.'),
  mention: Template('@{owner}').optional().describe('How chats mention an owner, such as @{owner} in Mattermost.'),
  people: z
    .record(z.string().min(1).max(200), z.strictObject({ mail: MailAddress.optional(), mention: Mention.optional() }))
    .optional()
    .describe('The same for single people, by their names in Jupyter. In Slack a mention is <@U024BE7LH>.')
});
export type OwnersSection = z.infer<typeof OwnersSection>;

/** What every channel may have beside its own settings. */
const channelShape = { label: z.string().min(1).max(60).optional().describe('What people call it. Absent: its name.') };

/** What the section `notify` may hold, given the plug-ins that there are. */
export function notifySection(plugins: Registry): z.ZodType<NotifySection> {
  const kinds = plugins.of('notification-channel');
  const section = z
    .strictObject({
      channels: z
        .record(ChannelName, kinds.length === 0 ? z.never() : oneOf(kinds, channelShape))
        .default({})
        .describe('Channels by the name that schedules use.'),
      owners: OwnersSection.optional().describe('Where the owners of schedules are reached.')
    })
    .refine(({ owners, channels }) => owners?.via === undefined || channels[owners.via]?.kind === 'smtp', {
      path: ['owners', 'via'],
      message: 'must be the name of a channel of kind smtp'
    });
  return section;
}

/** What stands for the owner in a template, where their name can. Names that could mean more than a name cannot. */
export function filled(template: string | undefined, owner: string): string | undefined {
  if (
    template === undefined ||
    !/^[\p{L}\p{N}](?:[\p{L}\p{N}._%+-]*[\p{L}\p{N}_%+-])?(?:@[A-Za-z0-9.-]+)?$/u.test(owner)
  ) {
    return undefined;
  }
  return template.replace(PLACE, () => owner);
}
