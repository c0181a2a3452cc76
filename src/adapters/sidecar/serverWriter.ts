import { createReadStream, existsSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import * as z from "zod/mini";
import { runAnswer, runsPage } from "../../core/mlflow/serverWire";
import { parseStoreUri } from "../../core/stores/storeUri";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { assertNever, GammaError } from "../../shared/errors";
import { ServerClient, ServerRefusal } from "../mlflow/serverClient";
import type { Spool, SpoolEvent } from "./spool";

const api = "/api/2.0/mlflow";
const anything = z.unknown();
const experimentAnswer = z.object({
	experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.optional(z.string()) }),
});
const createdExperiment = z.object({ experiment_id: z.string() });
const requestTimeoutMs = 10_000;

/** Tells a server what a spool holds, in order. Each method rejects with `store.unreachable` while the server is away. */
export class ServerWriter {
	readonly client: ServerClient;
	readonly #authorization: string | null;
	/** Keys whose first point the server has from us. */
	readonly #ours = new Set<string>();
	readonly #ofScript = new Set<string>();

	constructor(location: StoreLocation) {
		const target = parseStoreUri(location.uri);
		const auth = location.auth === undefined ? {} : { auth: location.auth };
		this.client = new ServerClient({ url: location.uri, ...auth, timeoutMs: requestTimeoutMs });
		const basic = location.auth?.kind === "basic" ? location.auth : target.kind === "server" ? target : null;
		const login = basic?.username == null ? null : `${basic.username}:${basic.password ?? ""}`;
		if (location.auth?.kind === "bearer") this.#authorization = `Bearer ${location.auth.token}`;
		else this.#authorization = login === null ? null : `Basic ${Buffer.from(login).toString("base64")}`;
	}

	/** Makes the run where it is not there yet. */
	async begin(spool: Spool): Promise<void> {
		const { run, runId, isAsked } = spool.header;
		if (runId !== null) return;
		const experimentId = spool.header.experimentId ?? (await this.#experiment(run.experimentName));
		spool.update({ experimentId, isAsked: true });
		const made = isAsked ? await this.#find(experimentId, spool.id) : null;
		const { info } = made ?? (await this.#create(spool, experimentId));
		spool.update({ runId: info.run_id ?? info.run_uuid ?? null, artifactUri: info.artifact_uri ?? null });
	}

	/** Everything the spool holds so far. */
	async drain(spool: Spool): Promise<void> {
		await this.begin(spool);
		for (;;) {
			const events = await spool.unsent();
			if (events.length === 0) return;
			for (const { event, endBytes } of events) {
				if (event !== null) await this.#sendOrRefuse(spool, event);
				spool.update({ sentBytes: endBytes });
			}
		}
	}

	async #sendOrRefuse(spool: Spool, event: SpoolEvent): Promise<void> {
		try {
			await this.#send(spool, event);
		} catch (error) {
			const isFinal = error instanceof ServerRefusal && error.status >= 400 && error.status < 500;
			if (!isFinal && !GammaError.is(error, "artifact.unreadable")) throw error;
			spool.refuse(event, error.message);
		}
	}

	async #send(spool: Spool, event: SpoolEvent): Promise<void> {
		const run_id = spool.header.runId ?? "";
		switch (event.kind) {
			case "metrics": {
				const metrics = await this.#withoutScripts(run_id, event.metrics);
				if (metrics.length > 0) await this.#post("/runs/log-batch", { run_id, metrics });
				for (const { key } of metrics) this.#ours.add(key);
				return;
			}
			case "tag":
				return this.#post("/runs/set-tag", { run_id, key: event.key, value: event.value });
			case "artifact":
				return this.#upload(spool, event.path);
			case "end":
				return this.#post("/runs/update", { run_id, status: event.status, end_time: event.endTimeMs });
			default:
				return assertNever(event);
		}
	}

	/** A key that another hand logs into the run is that hand's. */
	async #withoutScripts<T extends { readonly key: string }>(runId: string, metrics: readonly T[]): Promise<T[]> {
		const isKnown = ({ key }: T) => this.#ours.has(key) || this.#ofScript.has(key);
		if (!metrics.every(isKnown)) {
			const { run } = await this.client.json(runAnswer, { path: `${api}/runs/get`, query: { run_id: runId } });
			for (const { key } of run.data.metrics) if (!this.#ours.has(key)) this.#ofScript.add(key);
		}
		return metrics.filter(({ key }) => !this.#ofScript.has(key));
	}

	async #post(path: string, body: unknown): Promise<void> {
		await this.client.json(anything, { path: `${api}${path}`, body });
	}

	async #experiment(name: string): Promise<string> {
		const found = await this.#experimentByName(name);
		if (found !== null) return found;
		try {
			const made = await this.client.json(createdExperiment, { path: `${api}/experiments/create`, body: { name } });
			return made.experiment_id;
		} catch (error) {
			// Another sidecar was first.
			const other = error instanceof ServerRefusal ? await this.#experimentByName(name) : null;
			if (other === null) throw error;
			return other;
		}
	}

	async #experimentByName(name: string): Promise<string | null> {
		const query = { experiment_name: name };
		const found = await this.client
			.json(experimentAnswer, { path: `${api}/experiments/get-by-name`, query })
			.catch((error: unknown) => {
				if (error instanceof ServerRefusal && error.errorCode === "RESOURCE_DOES_NOT_EXIST") return null;
				throw error;
			});
		if (found?.experiment.lifecycle_stage === "deleted")
			throw new GammaError(
				"store.refused",
				`The experiment ${JSON.stringify(name)} was deleted; restore it, or name another with --experiment.`,
			);
		return found?.experiment.experiment_id ?? null;
	}

	async #find(experimentId: string, spoolId: string) {
		const body = { experiment_ids: [experimentId], filter: `tags.\`gamma.spool\` = '${spoolId}'`, max_results: 1 };
		return (await this.client.json(runsPage, { path: `${api}/runs/search`, body })).runs[0] ?? null;
	}

	async #create(spool: Spool, experimentId: string) {
		const { run } = spool.header;
		const tags = Object.entries({ ...run.tags, "gamma.spool": spool.id }).map(([key, value]) => ({ key, value }));
		const body = {
			experiment_id: experimentId,
			user_id: run.user,
			run_name: run.name,
			start_time: run.startTimeMs,
			tags,
		};
		return (await this.client.json(runAnswer, { path: `${api}/runs/create`, body })).run;
	}

	/** Through the server, which passes it on to its storage. Rejects with `artifact.unreadable` where it does not. */
	async #upload(spool: Spool, path: string): Promise<void> {
		const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(spool.header.artifactUri ?? "")?.[1];
		const file = spool.localPath(path);
		if (root === undefined || !existsSync(file)) {
			throw new GammaError(
				"artifact.unreadable",
				`The server does not take artifacts itself (${spool.header.artifactUri}).`,
			);
		}
		const parts = `${root}/${path}`.split("/").map(encodeURIComponent).join("/");
		const headers: Record<string, string> = {
			"content-type": "application/octet-stream",
			"content-length": String(statSync(file).size),
			...(this.#authorization !== null && { authorization: this.#authorization }),
		};
		const url = `${this.client.address}/api/2.0/mlflow-artifacts/artifacts/${parts}`;
		const body = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
		const response = await fetch(url, { method: "PUT", headers, body, duplex: "half", redirect: "error" }).catch(
			(error: unknown) => {
				throw this.client.translate(error, undefined);
			},
		);
		await response.body?.cancel();
		if (response.ok) return;
		if (response.status >= 500 || response.status === 429)
			throw new GammaError("store.unreachable", `The MLflow server fails to take an artifact (${response.status}).`);
		throw new GammaError("artifact.unreadable", `The server does not take the artifact (${response.status}).`);
	}
}
