import type { Notice } from '../../schedule/notify/ports.js';
import { signOf } from '../../schedule/notify/signs.js';
import { factsOf } from './facts.js';

/** The mail as plain text. */
export function textOf(notice: Notice): string {
  const { error, cell } = notice;
  const { sign, word } = signOf(notice);
  const parts = [
    [`${sign} ${word}: ${notice.title}`],
    [notice.text],
    cell ? [`Cell ${cell.number}: ${cell.firstLine}`] : [],
    error ? [error.firstLine, ...(error.lastLine === error.firstLine ? [] : ['…', error.lastLine])].map(indent) : [],
    notice.checks.map(({ expression, value }) => indent(`${expression}   was   ${value}`)),
    notice.kind === 'notify' ? [] : notice.messages.map(message => `▸ ${message}`),
    notice.advice === '' ? [] : [`What to do: ${notice.advice}`],
    notice.links.map(({ title, url }) => `${title}: ${url}`),
    factsOf(notice).map(([name, value]) => `${name}: ${value}`),
    ['--', `${notice.owner}'s schedule "${notice.schedule.name}" sent this. Who is told is set in the schedule.`]
  ];
  return `${parts
    .filter(part => part.length > 0)
    .map(part => part.join('\n'))
    .join('\n\n')}\n`;
}

function indent(line: string): string {
  return `    ${line}`;
}
