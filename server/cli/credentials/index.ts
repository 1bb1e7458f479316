import { withVerbs } from '../verbs.js';
import {
  auditUsage,
  doctorUsage,
  execUsage,
  grantsUsage,
  listUsage,
  loginUsage,
  logoutUsage,
  processUsage,
  refreshUsage,
  revokeUsage,
  switchUsage
} from './usages.js';

/** `lakeside credentials`: signs in, and gives keys to programs. */
export const credentials = withVerbs(
  'credentials',
  {
    list: { usage: listUsage, load: async () => (await import('./list.js')).list },
    login: { usage: loginUsage, load: async () => (await import('./login.js')).login },
    refresh: { usage: refreshUsage, load: async () => (await import('./change.js')).refresh },
    switch: { usage: switchUsage, load: async () => (await import('./change.js')).switchTo },
    logout: { usage: logoutUsage, load: async () => (await import('./change.js')).logout },
    grants: { usage: grantsUsage, load: async () => (await import('./grants.js')).grants },
    revoke: { usage: revokeUsage, load: async () => (await import('./grants.js')).revoke },
    audit: { usage: auditUsage, load: async () => (await import('./list.js')).audit },
    doctor: { usage: doctorUsage, load: async () => (await import('./doctor.js')).doctor },
    process: { usage: processUsage, load: async () => (await import('./exec.js')).processKeys },
    exec: { usage: execUsage, load: async () => (await import('./exec.js')).exec }
  },
  [
    'Without PROFILE it is the active one. Kernels of a running JupyterLab go on with new keys at once.',
    'process is for credential_process in ~/.aws/config; exec runs a program that asks for keys whenever it needs them.'
  ]
);
