/** How the commands of credentials are written. */
export const listUsage = 'lakeside credentials list [--json]';
export const loginUsage = 'lakeside credentials login [PROFILE] [--role ROLE] [--no-switch]';
export const refreshUsage = 'lakeside credentials refresh [PROFILE]';
export const switchUsage = 'lakeside credentials switch PROFILE [--role ROLE]';
export const logoutUsage = 'lakeside credentials logout [PROFILE | --all]';
export const auditUsage = 'lakeside credentials audit [--limit N] [--json]';
export const doctorUsage = 'lakeside credentials doctor [--fix FIX] [--json]';
export const processUsage = 'lakeside credentials process [--profile PROFILE]';
export const execUsage = 'lakeside credentials exec [--profile PROFILE] -- COMMAND...';
export const grantsUsage = 'lakeside credentials grants [--json]';
export const revokeUsage = 'lakeside credentials revoke SCHEDULE...';
