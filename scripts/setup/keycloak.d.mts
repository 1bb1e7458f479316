/** Brings Keycloak, once for all checkouts; gives its folder, which is only read. */
export function keycloakProgram(): Promise<string>;
