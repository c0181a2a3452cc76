import { Readable } from "node:stream";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod/mini";
import { type ServerAnswer, ServerRefusal } from "../../src/adapters/mlflow/serverClient";
import type { Services } from "../app";
import { MlflowBehind } from "../mlflow/mlflowBehind";
import { type ReadRequest, readOf, type Scope } from "../mlflow/readRequests";
import { noMlflow, refuse } from "../mlflow/refuse";
import { seenExperiments } from "../mlflow/seenExperiments";
import { notFound, Problem } from "../problem";
import { addExperimentRoutes } from "./experimentRoutes";
import { goneSignal } from "./goneSignal";

const prefix = "/api/mlflow/";
/** A page of 50,000 runs has some 150 MB; an artifact is as large as a model. */
const mostBytes = { json: 256 << 20, artifact: 16 * 2 ** 30 };

const listed = z.object({ experiments: z._default(z.array(z.looseObject({ name: z.string() })), []) });

/** What is read of the MLflow server behind the relay: its experiments, and its own REST API, for whoever may see what it is about. */
export const mlflowRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		const { database, config } = services;
		const mlflow = config.mlflowTrackingUri === null ? null : new MlflowBehind(config.mlflowTrackingUri);
		addExperimentRoutes(app, services, mlflow);
		app.route({
			method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
			url: `${prefix}*`,
			exposeHeadRoute: false,
			schema: {
				summary: "MLflow's REST API behind the relay, as far as it reads: experiments, runs, metrics, artifacts",
			},
			handler: async (request, reply) => {
				if (mlflow === null) throw noMlflow();
				const read = readOf((request.url.split("?")[0] ?? "").slice(prefix.length));
				if (!read?.methods.some((method) => method === request.method)) {
					throw new Problem(
						403,
						"The relay passes on to MLflow what reads experiments, runs, metrics and artifacts only.",
					);
				}
				const asked = understand(() => read.toRequest(request.method === "GET" ? request.query : request.body));
				const names = await seenExperiments(database, config, request.user.id);
				const signal = goneSignal(reply);
				await demandScope(mlflow, names, asked.scope, signal);
				if (asked.scope.of === "answer" && names !== null) {
					const body = await mlflow.client.json(z.looseObject(listed.shape), { ...asked, signal }).catch(refuse);
					return reply.send({ ...body, experiments: body.experiments.filter(({ name }) => names.has(name)) });
				}
				return passOn(mlflow, asked, request, reply, signal);
			},
		});
	};

async function demandScope(
	mlflow: MlflowBehind,
	names: ReadonlySet<string> | null,
	scope: Scope,
	signal: AbortSignal,
): Promise<void> {
	if (names === null) return;
	if (scope.of === "run") await mlflow.seeRun(names, scope.runId, signal);
	if (scope.of === "experimentName" && !names.has(scope.name)) throw notFound();
	if (scope.of !== "experiments") return;
	if (scope.ids.length === 0) throw new Problem(400, "The request must name its experiments: experiment_ids.");
	await mlflow.seeExperiments(names, scope.ids);
}

/** MLflow's answer as it comes, of its headers only those that say what the bytes are. */
async function passOn(
	{ client }: MlflowBehind,
	asked: ReadRequest,
	request: FastifyRequest,
	reply: FastifyReply,
	signal: AbortSignal,
): Promise<FastifyReply> {
	const { range } = request.headers;
	const headers = asked.isArtifact ? { "accept-encoding": "identity", ...(range && { range }) } : {};
	const answer = await client.open({ ...asked, headers, signal, tries: 2 }).catch((error: unknown) => {
		if (error instanceof ServerRefusal && error.status < 500 && error.errorCode !== "") return error;
		if (error instanceof ServerRefusal && error.status === 416)
			throw new Problem(416, "The artifact has no such range.");
		return refuse(error);
	});
	if (answer instanceof ServerRefusal) {
		// In MLflow's own form: its clients read the code.
		return reply.status(answer.status).send({ error_code: answer.errorCode, message: answer.said });
	}
	const most = asked.isArtifact ? mostBytes.artifact : mostBytes.json;
	const { response } = answer;
	if (Number(response.headers.get("content-length") ?? 0) > most) {
		answer.done();
		await response.body?.cancel();
		throw new Problem(502, "MLflow's answer is larger than the relay passes on.");
	}
	reply.status(response.status).headers({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
	if (asked.isArtifact) {
		// Whatever somebody logged, no browser is to run it as the relay's own page.
		reply.headers({ "content-disposition": "attachment", "content-security-policy": "sandbox" });
		for (const name of ["content-length", "content-range", "accept-ranges", "etag", "last-modified"]) {
			const value = response.headers.get(name);
			if (value !== null) reply.header(name, value);
		}
	}
	reply.type(asked.isArtifact ? "application/octet-stream" : "application/json");
	return reply.send(Readable.from(bytesOf(answer, most)));
}

async function* bytesOf({ response, touch, done }: ServerAnswer, most: number): AsyncGenerator<Uint8Array> {
	let size = 0;
	try {
		for await (const chunk of response.body ?? []) {
			touch();
			size += chunk.length;
			if (size > most) throw new Problem(502, "MLflow's answer is larger than the relay passes on.");
			yield chunk;
		}
	} finally {
		done();
	}
}

function understand(read: () => ReadRequest): ReadRequest {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof z.core.$ZodError)) throw error;
		const [issue] = error.issues;
		const where = (issue?.path ?? []).map(String).join(".");
		throw new Problem(400, `The request is not as MLflow takes it${where && `: ${where}`}: ${issue?.message}.`);
	}
}
