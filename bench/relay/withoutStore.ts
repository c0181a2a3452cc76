// Gamma's own route for webhooks, with all that is around it, over a database that forgets: what is left is taking the body,
// checking its signature, reading and logging it.
import { createWriteStream } from "node:fs";
import { pino } from "pino";
import { makeApp, type Services } from "../../server/app";
import { localTokens } from "../../server/auth";
import { readConfig } from "../../server/config";
import type { Database, Queryable } from "../../server/database/database";
import { EventFeed } from "../../server/events/eventFeed";
import { webhookRoutes } from "../../server/routes/webhookRoutes";
import type { Logger } from "../../src/core/logger";

const forgetful: Queryable = { query: async () => [], sendLast() {} };
const database: Database = {
	asRelay: (work) => work(forgetful),
	asUser: (_, work) => work(forgetful),
	asOwner: (work) => work(forgetful),
	listen: async () => async () => {},
	close: async () => {},
};
const logger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
const services: Services = {
	database,
	feed: new EventFeed(database, logger),
	tokens: localTokens("none"),
	version: "bench",
	config: readConfig(process.env),
	logger,
};
// Written as a container's log is, but to where nobody keeps it.
const log = createWriteStream("/dev/null");
const app = await makeApp(services, pino({ level: "info" }, { write: (line: string) => log.write(line) }));
await app.register(webhookRoutes(services));
process.stdout.write(`${await app.listen({ host: "127.0.0.1", port: 0 })}\n`);
process.once("SIGTERM", () => process.exit(0));
