// node test/bench/peer/jupysql.mjs: prints the Python of an environment with jupysql, connectorx and ADBC.
import { peerPython } from './environment.mjs';

console.log(await peerPython('jupysql', 'requirements/peersql.txt'));
