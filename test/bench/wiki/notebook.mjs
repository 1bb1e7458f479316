// node test/bench/wiki/notebook.mjs FILE BYTES: writes a mixed notebook of about so many bytes.
import { writeFileSync } from 'node:fs';
import { largeNotebook } from '../../support/largeNotebooks.ts';

const [, , file, bytes] = process.argv;
writeFileSync(file, largeNotebook('mix', Number(bytes)));
