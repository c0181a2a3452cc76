import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { pino, stdTimeFunctions } from "pino";
import type { Logger } from "../src/core/logger";
import { makeApp, type Services } from "./app";
import { localTokens, localUser, makeToken, supabaseTokens } from "./auth";
import type { Config } from "./config";
import type { Database } from "./database/database";
import { openEmbedded } from "./database/embedded";
import { migrate } from "./database/migrate";
import { migrations } from "./database/migrations";
import { connectPostgres } from "./database/postgres";
import { EventFeed } from "./events/eventFeed";
import { Figures } from "./figures";
import { gentleClose } from "./gentleClose";
import { GithubApp } from "./github/githubApp";
import { Redeliveries } from "./github/redeliveries";
import { allRoutes } from "./routes/allRoutes";
import { openSagemaker } from "./sagemaker/loadSagemaker";
import { TrainingCheck } from "./sagemaker/trainingCheck";
import { version } from "./version";

export interface Relay {
	/** Where it answers. */
	readonly url: string;
	/** The local relay's bearer token; null where people sign in. */
	readonly token: string | null;
	/** Ends streams cleanly, finishes what is under way, then lets go of the database. */
	close(): Promise<void>;
}

/** The relay, its parts in the order in which they need each other. Resolves once it accepts requests. */
export async function startRelay(config: Config, log: (line: string) => void): Promise<Relay> {
	const pinoLogger: FastifyBaseLogger = pino(
		{
			level: config.logLevel,
			timestamp: stdTimeFunctions.isoTime,
			redact: ["req.headers.authorization", "*.token", "*.secret", "*.privateKey"],
		},
		{ write: log },
	);
	const logger = toLogger(pinoLogger);
	const database = config.databaseUrl
		? connectPostgres(config.databaseUrl, logger)
		: await openEmbedded(config.dataDir);
	const feed = new EventFeed(database, logger.child("feed"));
	// One person's own relay has nobody who draws them.
	const figures = config.auth.kind === "supabase" ? new Figures(database, feed, logger.child("figures")) : null;
	let app: FastifyInstance | undefined;
	try {
		await migrate(database, migrations);
		await feed.start();
		const token = config.auth.kind === "local" ? (config.auth.token ?? makeToken()) : null;
		const services: Services = {
			database,
			feed,
			tokens: config.auth.kind === "local" ? localTokens(token ?? "") : supabaseTokens(config.auth),
			version,
			config,
			logger,
		};
		await database.asRelay((transaction) =>
			transaction.query("insert into profiles (id, name) values ($1, $2) on conflict do nothing", [
				localUser.id,
				localUser.name,
			]),
		);
		app = await makeApp(services, pinoLogger);
		const closeGently = gentleClose(app);
		for (const routes of allRoutes) await app.register(routes(services));
		const url = await app.listen({ host: config.host, port: config.port });
		const redeliveries = config.githubApp ? askAgain(database, config.githubApp, logger) : null;
		// Where AWS tells of trainings, it is also asked about those that it is silent of.
		const trainings =
			config.awsEventsSecret !== null && config.s3 ? checkTrainings(database, config.s3.region, logger) : null;
		return {
			url,
			token,
			close: async () => {
				await closeGently();
				await redeliveries?.close();
				await trainings?.close();
				await figures?.close();
				await database.close();
			},
		};
	} catch (error) {
		await app?.close();
		await figures?.close();
		await feed.close();
		await database.close();
		throw error;
	}
}

function askAgain(database: Database, app: NonNullable<Config["githubApp"]>, logger: Logger): Redeliveries {
	const github = new GithubApp(app);
	return new Redeliveries({
		database,
		apiUrl: app.apiUrl,
		token: () => github.signIn(),
		logger: logger.child("redeliveries"),
	});
}

function checkTrainings(database: Database, region: string, logger: Logger): TrainingCheck {
	let opened: ReturnType<typeof openSagemaker> | undefined;
	return new TrainingCheck({
		database,
		read: async (name, signal) => {
			opened ??= openSagemaker(region);
			return (await opened).read(name, signal);
		},
		logger: logger.child("trainings"),
	});
}

/** The project's logger over pino's. */
function toLogger(logger: FastifyBaseLogger): Logger {
	return {
		debug: (message, details) => logger.debug(details ?? {}, message),
		info: (message, details) => logger.info(details ?? {}, message),
		warn: (message, details) => logger.warn(details ?? {}, message),
		error: (message, details) => logger.error(details ?? {}, message),
		child: (name) => toLogger(logger.child({ part: name })),
	};
}
