// node test/bench/peer/jupyterscheduler.mjs: prints the Python of an environment with jupyter-scheduler.
import { peerPython } from './environment.mjs';

console.log(await peerPython('jupyter-scheduler', 'requirements/peer.txt'));
