import { PointColumns } from "../../core/mlflow/pointColumns";
import { historyPage, type WireMetric } from "../../core/mlflow/serverWire";
import type { Series } from "../../shared/run";
import { type ServerClient, ServerRefusal } from "./serverClient";

/** MLflow's own cap (GET_METRIC_HISTORY_MAX_RESULTS). */
const pageSize = 25_000;

interface History {
	/** Everything before the last page. */
	readonly before: WireMetric[];
	/** Where the last page begins; undefined for the first. */
	readonly lastToken: string | undefined;
	readonly lastPage: readonly WireMetric[];
}

/** Histories from a server, page by page; a further question asks for the last page on, where the server has pages. */
export class ServerHistories {
	readonly #known = new Map<string, History>();

	constructor(
		private readonly client: ServerClient,
		private readonly maxPoints = 2_000_000,
	) {}

	/** Null when the run has no such metric. Rejects as `ServerClient.json`. */
	async read(runId: string, metric: string, signal?: AbortSignal): Promise<Series | null> {
		const key = `${runId}/${metric}`;
		const known = this.#known.get(key);
		const grown = known === undefined ? null : await this.#readOn(runId, metric, known, signal);
		const history = grown ?? (await this.#readAll(runId, metric, { before: [], lastToken: undefined }, signal));
		this.#known.delete(key);
		this.#known.set(key, history);
		this.#forgetOldest();
		const columns = new PointColumns(Math.max(1, history.before.length + history.lastPage.length));
		for (const page of [history.before, history.lastPage]) {
			for (const { step, value, timestamp } of page) columns.push(step, value, timestamp);
		}
		return columns.length === 0 ? null : columns.toSeries();
	}

	/** Null where the last page is no longer what it was: a point came in between, or the run was logged anew. */
	async #readOn(
		runId: string,
		metric: string,
		known: History,
		signal: AbortSignal | undefined,
	): Promise<History | null> {
		if (known.lastToken === undefined) return null;
		const now = await this.#readAll(runId, metric, { before: [...known.before], lastToken: known.lastToken }, signal);
		const start = known.before.length;
		const isSame = known.lastPage.every((point, at) => {
			const again = now.before[start + at] ?? now.lastPage[start + at - now.before.length];
			return (
				again !== undefined &&
				again.step === point.step &&
				again.timestamp === point.timestamp &&
				Object.is(again.value, point.value)
			);
		});
		return isSame ? now : null;
	}

	async #readAll(
		runId: string,
		metric: string,
		from: { readonly before: WireMetric[]; readonly lastToken: string | undefined },
		signal: AbortSignal | undefined,
	): Promise<History> {
		const { before } = from;
		for (let token = from.lastToken; ; ) {
			const page = await this.#page(runId, metric, token, signal);
			const next = page.next_page_token || undefined;
			// A server that gives the same page again would never end.
			if (next === undefined || next === token || page.metrics.length === 0) {
				return { before, lastToken: token, lastPage: page.metrics };
			}
			for (const point of page.metrics) before.push(point);
			token = next;
		}
	}

	async #page(runId: string, metric: string, token: string | undefined, signal: AbortSignal | undefined) {
		const query = { run_id: runId, run_uuid: runId, metric_key: metric, page_token: token };
		const path = "/api/2.0/mlflow/metrics/get-history";
		try {
			return await this.client.json(historyPage, { path, query: { ...query, max_results: `${pageSize}` }, signal });
		} catch (error) {
			// Older servers know no pages, and some say so.
			if (!(error instanceof ServerRefusal) || error.status !== 400 || token !== undefined) throw error;
			return this.client.json(historyPage, { path, query, signal });
		}
	}

	#forgetOldest(): void {
		let points = 0;
		for (const { before, lastPage } of this.#known.values()) points += before.length + lastPage.length;
		for (const [key, { before, lastPage }] of this.#known) {
			if (points <= this.maxPoints) return;
			points -= before.length + lastPage.length;
			this.#known.delete(key);
		}
	}
}
