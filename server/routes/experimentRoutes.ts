import type { FastifyInstance } from "fastify";
import * as z from "zod/mini";
import { toPrintedRun } from "../../src/core/runs/toPrintedRun";
import { pageOf } from "../../src/shared/relay/job";
import { type ReportedNumber, reportedNumber } from "../../src/shared/relay/queue";
import { type Experiment, type Run, runStatuses } from "../../src/shared/run";
import type { Services } from "../app";
import type { MlflowBehind } from "../mlflow/mlflowBehind";
import { noMlflow } from "../mlflow/refuse";
import { seenExperiments } from "../mlflow/seenExperiments";
import { notFound, Problem } from "../problem";
import { page, text } from "./fields";
import { addUserRoute } from "./userRoute";

const texts = z.record(z.string(), z.string());

const experimentSchema = z.object({ id: z.string(), name: z.string(), tags: texts });

/** As `gamma runs --json` prints it. */
const runSchema = z.object({
	id: z.string(),
	name: z.string(),
	experimentId: z.string(),
	experimentName: z.string(),
	status: z.enum(runStatuses),
	lifecycleStage: z.enum(["active", "deleted"]),
	startTimeMs: z.nullable(z.number()),
	endTimeMs: z.nullable(z.number()),
	params: texts,
	metrics: z.record(z.string(), reportedNumber),
	tags: texts,
	artifactUri: z.nullable(z.string()),
	parentRunId: z.nullable(z.string()),
	commit: z.nullable(z.string()),
});

/** As `gamma metric --json` prints it: three columns of one length. */
const seriesSchema = z.object({
	key: z.string(),
	steps: z.array(z.number()),
	values: z.array(reportedNumber),
	timestampsMs: z.array(z.number()),
});

const asked = z.object({ ...page, before: z.optional(text(2_000, 1)) });

/** The experiments of the person's projects, as MLflow has them; on a local relay every one. */
export function addExperimentRoutes(app: FastifyInstance, services: Services, mlflow: MlflowBehind | null): void {
	/** Active experiments that the person may see, newest first. */
	const seen = async (userId: string): Promise<readonly Experiment[]> => {
		if (mlflow === null) throw noMlflow();
		const experiments = await mlflow.experiments(await seenExperiments(services.database, services.config, userId));
		return experiments.filter(({ lifecycleStage }) => lifecycleStage === "active");
	};
	const problems = [502, 503];
	addUserRoute(
		app,
		services,
		{
			method: "GET",
			url: "/api/experiments",
			summary: "The MLflow experiments of the person's projects",
			query: asked,
			answer: pageOf(experimentSchema),
			problems,
		},
		async ({ user, query: { before, limit } }) => {
			const all = await seen(user.id);
			const last = before === undefined ? -1 : all.findIndex(({ id }) => id === before);
			if (before !== undefined && last < 0) throw new Problem(400, "The request asks for what comes before nothing.");
			const items = all.slice(last + 1, last + 1 + limit).map(({ id, name, tags }) => ({ id, name, tags }));
			return { items, next: last + 1 + limit < all.length ? (items.at(-1)?.id ?? null) : null };
		},
	);
	addUserRoute(
		app,
		services,
		{
			method: "GET",
			url: "/api/experiments/:name/runs",
			summary: "The runs of an experiment, newest first",
			params: z.object({ name: text(1_000, 1) }),
			query: asked,
			answer: pageOf(runSchema),
			problems,
		},
		async ({ user, params, query: { before, limit }, signal }) => {
			const experiment = (await seen(user.id)).find(({ name }) => name === params.name);
			if (!mlflow || !experiment) throw notFound();
			const { runs, next } = await mlflow.runs(experiment, limit, before, signal);
			return { items: runs.map(toTold), next };
		},
	);
	addUserRoute(
		app,
		services,
		{
			method: "GET",
			url: "/api/experiments/runs/:id/metrics/:key",
			summary: "Every point of one metric of a run",
			params: z.object({ id: text(200, 1), key: text(1_000, 1) }),
			answer: seriesSchema,
			problems,
		},
		async ({ user, params: { id, key }, signal }) => {
			if (mlflow === null) throw noMlflow();
			const names = await seenExperiments(services.database, services.config, user.id);
			const { steps, values, timestampsMs } = await mlflow.history(names, id, key, signal);
			return {
				key,
				steps: Array.from(steps),
				values: Array.from(values, toReported),
				timestampsMs: Array.from(timestampsMs),
			};
		},
	);
}

function toTold(run: Run) {
	const metrics = Object.entries(run.metrics).map(([key, value]) => [key, toReported(value)] as const);
	return { ...toPrintedRun(run), metrics: Object.fromEntries(metrics) };
}

function toReported(value: number): ReportedNumber {
	if (Number.isFinite(value)) return value;
	return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
