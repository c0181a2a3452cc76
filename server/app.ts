import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../src/core/logger";
import type { Tokens, User } from "./auth";
import { answerBroken } from "./brokenRequest";
import type { Config } from "./config";
import { type Database, DatabaseAway } from "./database/database";
import { Pulse } from "./database/pulse";
import type { EventFeed } from "./events/eventFeed";
import { withProblems } from "./openapi";
import { Problem } from "./problem";
import { RequestLog } from "./requestLog";

/** What every route is given. */
export interface Services {
	readonly database: Database;
	readonly feed: EventFeed;
	readonly tokens: Tokens;
	readonly version: string;
	readonly config: Config;
	readonly logger: Logger;
}

declare module "fastify" {
	interface FastifyRequest {
		/** Set on every route but those with `config.isOpen`. */
		user: User;
	}
	interface FastifyContextConfig {
		/** Needs no bearer token: health, the OpenAPI document, and webhooks, which carry a signature. */
		readonly isOpen?: boolean;
	}
}

/** Most requests of one address in a minute; health and streams do not count. */
const requestsPerMinute = 6_000;
const bodyLimitBytes = 1_048_576;
/** A request that is not here whole by then is held back, whether on purpose or not; GitHub itself gives up after 10 s. */
const wholeWithinMs = 13_000;
/** When to come again while the database is away: it is back within seconds, or in nobody's hand. */
const retryAfterSeconds = "5";

/**
 * The HTTP side of the relay without its routes: who asks, problems as `application/problem+json`, limits, and the
 * OpenAPI document, made of the schemas that requests are checked against.
 */
export async function makeApp(services: Services, logger: FastifyBaseLogger): Promise<FastifyInstance> {
	const app = fastify({
		loggerInstance: logger,
		logController: new RequestLog(),
		bodyLimit: bodyLimitBytes,
		// Longer than any route takes, so that the route says what is wrong; in bytes as they are sent.
		routerOptions: { maxParamLength: 10_000 },
		forceCloseConnections: "idle",
		// An address that cannot be decoded comes no further than the router.
		frameworkErrors: (error, request, reply) => answerProblem(toProblem(error), error, request, reply),
		// ALB's idle time is 60 s: the relay must not be the one that closes first.
		keepAliveTimeout: 75_000,
		requestTimeout: wholeWithinMs,
		// Node takes the longer of the two for the whole request: its own 60 s for the headers would win.
		http: { headersTimeout: wholeWithinMs, connectionsCheckingInterval: 1_000 },
		clientErrorHandler: answerBroken,
		ajv: { customOptions: { coerceTypes: "array", removeAdditional: false, allErrors: false } },
	});
	app.setErrorHandler((error: Error, request, reply) => answerProblem(toProblem(error), error, request, reply));
	app.setNotFoundHandler((_, reply) => sendProblem(new Problem(404, "There is no such route."), reply));
	await app.register(rateLimit, {
		max: requestsPerMinute,
		timeWindow: 60_000,
		allowList: (request) => request.url.startsWith("/api/health"),
		errorResponseBuilder: () => new Problem(429, "Too many requests: wait a minute."),
	});
	await app.register(swagger, {
		openapi: {
			openapi: "3.1.0",
			info: { title: "Gamma relay", version: services.version },
			components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
			security: [{ bearer: [] }],
		},
		transform: withProblems,
	});
	app.decorateRequest("user");
	app.addHook("onRequest", async (request) => {
		const encoding = request.headers["content-encoding"];
		// Nobody who sends here packs a body, and a small one may unpack to more than there is room for.
		if (encoding && encoding !== "identity") throw new Problem(415, `A body comes as it is, and not as ${encoding}.`);
		if (request.is404 || request.routeOptions.config.isOpen) return;
		request.user = await services.tokens.verify(bearerOf(request));
	});
	app.get("/api/openapi.json", { config: { isOpen: true }, schema: { hide: true } }, () => app.swagger());
	const pulse = new Pulse(services.database);
	app.get(
		"/api/health",
		{ config: { isOpen: true }, schema: { summary: "Is the relay up, and its database?", security: [] } },
		async (_, reply) => {
			const isUp = await pulse.isUp();
			const body = { status: isUp ? "ok" : "degraded", version: services.version, database: isUp ? "up" : "away" };
			return reply.status(isUp ? 200 : 503).send(body);
		},
	);
	return app;
}

function answerProblem(problem: Problem, error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	if (problem.status === 503) request.log.warn({ reason: error.message }, "a request has to come again");
	else if (problem.status >= 500) request.log.error({ err: error }, "a request failed");
	if (problem.status === 401) reply.header("www-authenticate", "Bearer");
	if (problem.status === 503) reply.header("retry-after", retryAfterSeconds);
	const { retryAfter } = problem.more;
	if (problem.status === 429 && typeof retryAfter === "number")
		reply.header("retry-after", String(Math.ceil(retryAfter)));
	return sendProblem(problem, reply);
}

/** As bytes: fastify gives a text a charset, which JSON's media types do not have. */
function sendProblem(problem: Problem, reply: FastifyReply): FastifyReply {
	const bytes = Buffer.from(JSON.stringify(problem));
	return reply.status(problem.status).type("application/problem+json").send(bytes);
}

function bearerOf(request: FastifyRequest): string {
	const match = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? "");
	if (!match?.[1]) throw new Problem(401, "This takes a bearer token in the Authorization header.");
	return match[1];
}

/** Codes of Postgres that say what the request did wrong; what else it says stays inside. */
const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
	"23503": [404, "What it refers to is not there."],
	"23505": [409, "There is one already."],
	"23514": [400, "A value is not one that is allowed."],
	"22P02": [400, "A value is not of its type."],
	"22P05": [400, "A text holds a character that cannot be stored."],
	"22021": [400, "A text holds a character that cannot be stored."],
	"42501": [403, "Your role in this project does not allow that."],
};

function toProblem(error: Error & { statusCode?: number; code?: string; validation?: unknown }): Problem {
	if (error instanceof Problem) return error;
	if (error.validation) return new Problem(400, `The request is not as the route takes it: ${error.message}.`);
	const refusal = refusals[error.code ?? ""];
	if (refusal) return new Problem(...refusal);
	if (error.statusCode === 413) return new Problem(413, "The request is too large.");
	if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
		return new Problem(error.statusCode, error.message);
	}
	if (error instanceof DatabaseAway) return new Problem(503, "The database is away; try again in a moment.");
	return new Problem(500, "The relay failed; its log says why.");
}
