// A program of another local user: begins as root, gives that up for good, and says what it can reach. One line of JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';

const NOBODY = 65534;
const { url, files, folders, host } = JSON.parse(process.argv[2]);

process.setgroups([]);
process.setgid(NOBODY);
process.setuid(NOBODY);

const outcome = work => {
  try {
    return work();
  } catch (error) {
    return error.code;
  }
};
const ask = headers =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', chunk => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.on('error', reject);
    asked.end();
  });

const said = {
  user: process.getuid(),
  files: files.map(file => outcome(() => readFileSync(file, 'utf8'))),
  folders: folders.map(folder => outcome(() => readdirSync(folder))),
  without: await ask({}),
  wrong: await ask({ Authorization: 'x'.repeat(43) }),
  rebound: await ask({ Host: host }),
  many: []
};
for (let tries = 0; tries < 30; tries++) said.many.push((await ask({ Authorization: 'y'.repeat(43) })).status);
console.log(JSON.stringify(said));
