// The relay beside its peers: webhooks taken, events handed on, jobs queued. Client, servers and Postgres share the machine.
// `GAMMA_BENCH_ONLY=ingest|durable|fan-out|queue` runs one of its parts.
import pg from "pg";
import { startPostgres } from "../test/support/postgresServer";
import { measureFanOut } from "./relay/fanOut";
import { startGamma } from "./relay/gammaRelay";
import { measureDurableIngest, measureIngest } from "./relay/ingest";
import { measureQueue } from "./relay/queue";

const only = process.env.GAMMA_BENCH_ONLY;
const isWanted = (part: string) => !only || only === part;

const postgres = await startPostgres({ fsync: "on", max_connections: "200" });
let databases = 0;
/** An empty database on the same server; answers its URL. */
async function makeDatabase(): Promise<string> {
	const name = `peer_${databases++}`;
	const client = new pg.Client({ connectionString: postgres.url });
	await client.connect();
	await client.query(`create database ${name}`);
	await client.end();
	return postgres.url.replace(/postgres$/, name);
}

if (isWanted("ingest")) await measureIngest();
if (isWanted("durable") || isWanted("queue")) {
	const relay = await startGamma(postgres.url);
	if (isWanted("durable")) await measureDurableIngest(relay);
	if (isWanted("queue")) await measureQueue(relay, postgres.url, makeDatabase);
	await relay.stop();
}
if (isWanted("fan-out")) {
	await measureFanOut(postgres.url, 1_000);
	await measureFanOut(postgres.url, 5_000);
}
await postgres.stop();
process.exit(0);
