import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hiveJars, icebergRestJars, nessieProgram } from '../../../scripts/setup/lakes.mjs';
import { freePort, launch, scratchFolder, untilAnswers, type Key } from '../s3/process.js';

/** A catalogue that runs. */
export interface RunningCatalog {
  port: number;
  /** Its address; of the metastore `host:port`. */
  uri: string;
  /** Where its tables lie. */
  warehouse: string;
  stop(): Promise<void>;
}

/** Starts Iceberg's own REST server: its tables are in a folder, its names in SQLite. */
export async function startIcebergRest(): Promise<RunningCatalog> {
  const jars = await icebergRestJars();
  const folder = scratchFolder('iceberg-rest');
  const warehouse = join(folder, 'warehouse');
  mkdirSync(warehouse);
  const port = await freePort();
  const server = launch(
    '/usr/bin/java',
    ['-Xmx256m', '-cp', `${jars}/*`, 'org.apache.iceberg.rest.RESTCatalogServer'],
    {
      CATALOG_REST_PORT: String(port),
      CATALOG_WAREHOUSE: `file://${warehouse}`,
      CATALOG_CATALOG__IMPL: 'org.apache.iceberg.jdbc.JdbcCatalog',
      CATALOG_URI: `jdbc:sqlite:${folder}/catalog.db`,
      CATALOG_JDBC_USER: 'user',
      CATALOG_JDBC_PASSWORD: 'password',
      CATALOG_IO__IMPL: 'org.apache.iceberg.hadoop.HadoopFileIO',
      CATALOG_JDBC_SCHEMA__VERSION: 'V1'
    },
    folder
  );
  const uri = `http://127.0.0.1:${port}`;
  await untilAnswers(`${uri}/v1/config`, server);
  return { port, uri, warehouse, stop: () => server.stop() };
}

/** Starts Nessie in memory; its tables are in a bucket. */
export async function startNessie(s3: { endpoint: string; key: Key; bucket: string }): Promise<RunningCatalog> {
  const { jar, java } = await nessieProgram();
  const folder = scratchFolder('nessie');
  const [port, management] = [await freePort(), await freePort()];
  const options = 'nessie.catalog.service.s3.default-options';
  const warehouse = `s3://${s3.bucket}/nessie`;
  const properties: Record<string, string> = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': String(port),
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': String(management),
    'nessie.version.store.type': 'IN_MEMORY',
    'nessie.server.authentication.enabled': 'false',
    'nessie.catalog.default-warehouse': 'warehouse',
    'nessie.catalog.warehouses.warehouse.location': warehouse,
    [`${options}.region`]: 'us-east-1',
    [`${options}.endpoint`]: s3.endpoint,
    [`${options}.path-style-access`]: 'true',
    [`${options}.access-key`]: 'urn:nessie-secret:quarkus:s3creds',
    's3creds.name': s3.key.accessKeyId,
    's3creds.secret': s3.key.secretAccessKey
  };
  const defines = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const server = launch(java, ['-Xmx384m', ...defines, '-jar', jar], { HOME: folder }, folder);
  const uri = `http://127.0.0.1:${port}/iceberg`;
  await untilAnswers(`${uri}/v1/config?warehouse=warehouse`, server, 120);
  return { port, uri, warehouse, stop: () => server.stop() };
}

/**
 * Hive's metastore as its own `main` starts it, but for the address: that of its settings has a port alone. Compiled in
 * its process by the Janino that comes with Spark, because where there is only a JRE there is no other compiler.
 */
const loopbackMetastore = (port: number): string => `
  import org.apache.hadoop.hive.conf.HiveConf;
  import org.apache.hadoop.hive.metastore.*;
  import org.apache.hadoop.hive.thrift.TUGIContainingTransport;
  import org.apache.thrift.protocol.TBinaryProtocol;
  import org.apache.thrift.server.TThreadPoolServer;
  import org.apache.thrift.transport.TServerSocket;
  HiveConf conf = new HiveConf(HiveMetaStore.class);
  IHMSHandler handler = HiveMetaStore.newRetryingHMSHandler(new HiveMetaStore.HMSHandler("test", conf, false), conf);
  java.net.InetSocketAddress address = new java.net.InetSocketAddress("127.0.0.1", ${port});
  TThreadPoolServer.Args args = new TThreadPoolServer.Args(new TServerSocket(address));
  args.processor(new TUGIBasedProcessor(handler));
  args.transportFactory(new TUGIContainingTransport.Factory());
  args.protocolFactory(new TBinaryProtocol.Factory());
  new TThreadPoolServer(args).serve();`;

/** Starts the Hive metastore; its names are in memory, its tables in a folder. */
export async function startHive(): Promise<RunningCatalog> {
  const jars = await hiveJars();
  const folder = scratchFolder('hive');
  const warehouse = join(folder, 'warehouse');
  mkdirSync(warehouse);
  const port = await freePort();
  const settings: Record<string, string> = {
    'javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:hms;create=true',
    'datanucleus.schema.autoCreateAll': 'true',
    'hive.metastore.schema.verification': 'false',
    'hive.metastore.warehouse.dir': `file://${warehouse}`,
    // Else a class that is not there ends it.
    'hive.async.log.enabled': 'false'
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`
  );
  writeFileSync(join(folder, 'hive-site.xml'), `<configuration>${lines.join('')}</configuration>`);
  const server = launch(
    '/usr/bin/java',
    [
      '-Xmx512m',
      '-Dderby.stream.error.file=/dev/null',
      '-cp',
      `${folder}:${jars}/*`,
      'org.codehaus.commons.compiler.samples.ScriptDemo',
      '-te',
      'java.lang.Throwable',
      loopbackMetastore(port)
    ],
    {},
    folder
  );
  return { port, uri: `127.0.0.1:${port}`, warehouse, stop: () => server.stop() };
}
