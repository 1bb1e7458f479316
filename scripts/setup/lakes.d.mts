/** Brings Iceberg's REST server, once for all checkouts; gives the folder of its jars. */
export function icebergRestJars(): Promise<string>;
/** Brings Nessie likewise; gives its jar and the Java that runs it. */
export function nessieProgram(): Promise<{ jar: string; java: string }>;
/** Brings the Hive metastore of PySpark likewise; gives the folder of its jars. */
export function hiveJars(): Promise<string>;
