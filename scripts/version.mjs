// Writes lakeside/_version.py from package.json, the one source of the version.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const text = `"""Written by scripts/version.mjs from package.json."""\n\n__version__ = "${version}"\n`;
const file = 'lakeside/_version.py';
const old = (() => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
})();
if (old !== text) writeFileSync(file, text);
