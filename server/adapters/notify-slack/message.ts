import type { Notice } from '../../schedule/notify/ports.js';
import { signOf } from '../../schedule/notify/signs.js';
import { inTime, shorten } from '../../schedule/notify/words.js';

/** The most that a section of Slack takes. */
const SECTION = 3000;

/** A message for an incoming webhook. `text` says all there is: what is like Slack shows that and knows no blocks. */
export interface SlackMessage {
  text: string;
  blocks: object[];
}

/** A notice as a message. The mention of the owner is the configuration's; what notebooks say mentions nobody. */
export function messageOf(notice: Notice): SlackMessage {
  const head = `${signOf(notice).sign} *${plain(notice.title)}*`;
  const parts = [
    plain(notice.text),
    ...(notice.error ? [code(errorLines(notice.error))] : []),
    ...notice.checks.map(({ expression, value }) => `${inline(expression)} was ${inline(value)}`),
    ...(notice.advice === '' ? [] : [plain(notice.advice)])
  ].filter(part => part !== '');
  const facts = factsOf(notice);
  const links = notice.links.map(({ title, url }) => `<${url}|${plain(title)}>`).join(' · ');
  const body = parts.join('\n');
  const mention = notice.mention === undefined ? '' : `${notice.mention} `;
  return {
    text: [`${mention}${head}`, body, facts, links].filter(part => part !== '').join('\n'),
    blocks: [
      section(shorten(`${mention}${head}\n${body}`, SECTION)),
      { type: 'context', elements: [{ type: 'mrkdwn', text: facts }] },
      ...(links === '' ? [] : [section(links)])
    ]
  };
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function factsOf({ schedule, run, parameters, owner }: Notice): string {
  const took = run.seconds === undefined ? [] : [inTime(run.seconds)];
  const usually = run.usually === undefined ? [] : [`usually ${inTime(run.usually)}`];
  const values = parameters.map(({ name, value }) => `${name} = ${value}`);
  const facts = [schedule.notebook, `due ${run.due}`, ...took, ...usually, ...values, `owner ${owner}`];
  return shorten(facts.map(plain).join(' · '), SECTION);
}

function errorLines({ firstLine, lastLine }: NonNullable<Notice['error']>): string {
  return firstLine === lastLine ? lastLine : `${firstLine}\n…\n${lastLine}`;
}

/** Text that is shown as it is: nothing in it is a link, a mention, a channel or a style. */
function plain(text: string): string {
  return escape(text)
    .replaceAll('@', '@\u200b')
    .replace(/[*_~`]/g, sign => `\u200b${sign}\u200b`);
}

function code(text: string): string {
  return `\`\`\`${escape(text).replaceAll('`', "'")}\`\`\``;
}

function inline(text: string): string {
  return `\`${escape(text).replaceAll('`', "'")}\``;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
