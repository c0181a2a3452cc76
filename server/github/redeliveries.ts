import * as z from "zod/mini";
import { textWithin } from "../../src/adapters/http/textWithin";
import { readJson } from "../../src/core/jobs/readJson";
import type { Logger } from "../../src/core/logger";
import type { Database } from "../database/database";
import { Problem } from "../problem";
import { Rounds } from "../rounds";

/** How long GitHub can still make a delivery again. */
const keptMs = 3 * 86_400_000;
const everyMs = 600_000;
/** Looked at anew each time: what failed just after the last look began, and clocks that differ. */
const overlapMs = 600_000;
const answerMs = 15_000;
const mostAnswerBytes = 16 << 20;

/** Their ids have more digits than a number keeps: `readJson` makes texts of those. */
const page = z.array(
	z.object({
		id: z.pipe(z.union([z.int(), z.string().check(z.regex(/^\d+$/))]), z.transform(String)),
		guid: z.string(),
		delivered_at: z.string(),
		status_code: z.number(),
	}),
);
type Made = z.infer<typeof page>[number];

export interface RedeliveriesParts {
	readonly database: Database;
	/** Without a trailing slash. */
	readonly apiUrl: string;
	/** The App's own token, for a few minutes. */
	readonly token: () => Promise<string>;
	readonly logger: Logger;
}

/**
 * Asks GitHub to make again what it could not deliver while no relay, or no database, was there: GitHub itself never tries
 * twice. Looks at the App's deliveries of the last three days as the relay starts, and every ten minutes at those since; asks
 * once for each, whichever relay it is that does.
 */
export class Redeliveries {
	readonly #rounds: Rounds;
	#fromMs = Date.now() - keptMs;

	constructor(private readonly parts: RedeliveriesParts) {
		this.#rounds = new Rounds({
			everyMs,
			work: (signal) => this.#askForFailed(signal),
			onFailure: (error) => parts.logger.warn("GitHub's deliveries cannot be looked at now", { reason: String(error) }),
		});
	}

	close(): Promise<void> {
		return this.#rounds.close();
	}

	async #askForFailed(signal: AbortSignal): Promise<void> {
		const beganMs = Date.now();
		const ofGuid = new Map<string, Made[]>();
		let next: string | null = "/app/hook/deliveries?per_page=100";
		while (next !== null) {
			const { text, link } = await this.#send("GET", next, signal);
			const made = page.parse(readJson(text));
			const recent = made.filter(({ delivered_at }) => Date.parse(delivered_at) >= this.#fromMs);
			for (const one of recent) ofGuid.set(one.guid, [...(ofGuid.get(one.guid) ?? []), one]);
			// Newest first: what comes after an old one is older.
			next = recent.length < made.length ? null : nextOf(link);
		}
		let asked = 0;
		let failure: unknown;
		for (const [guid, made] of ofGuid) {
			const [latest] = made;
			const isTaken = made.some(({ status_code }) => status_code >= 200 && status_code < 300);
			if (!latest || isTaken) continue;
			try {
				if (await this.#askOnce(guid, latest.id, signal)) asked++;
			} catch (error) {
				failure = error;
			}
		}
		if (asked > 0) this.parts.logger.info("GitHub was asked to deliver again", { asked });
		if (failure !== undefined) throw failure;
		this.#fromMs = beganMs - overlapMs;
	}

	/** False where somebody has asked before. What GitHub did not hear is asked another time. */
	async #askOnce(guid: string, id: string, signal: AbortSignal): Promise<boolean> {
		const [mine] = await this.parts.database.asRelay(async (transaction) => {
			await transaction.query("delete from redeliveries where asked_at < now() - interval '30 days'");
			return transaction.query<{ guid: string }>(
				"insert into redeliveries (guid) values ($1) on conflict do nothing returning guid",
				[guid],
			);
		});
		if (!mine) return false;
		try {
			await this.#send("POST", `/app/hook/deliveries/${id}/attempts`, signal);
			return true;
		} catch (error) {
			await this.parts.database.asRelay((transaction) =>
				transaction.query("delete from redeliveries where guid = $1", [guid]),
			);
			throw error;
		}
	}

	async #send(
		method: "GET" | "POST",
		path: string,
		signal: AbortSignal,
	): Promise<{ readonly text: string; readonly link: string | null }> {
		const response = await fetch(`${this.parts.apiUrl}${path}`, {
			method,
			headers: {
				accept: "application/vnd.github+json",
				authorization: `Bearer ${await this.parts.token()}`,
				"x-github-api-version": "2022-11-28",
				"user-agent": "gamma-relay",
			},
			redirect: "error",
			signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
		});
		const text = await textWithin(response, mostAnswerBytes, () => new Problem(502, "GitHub's answer has no end."));
		if (!response.ok) throw new Problem(502, `GitHub answers ${response.status}.`);
		return { text, link: response.headers.get("link") };
	}
}

/** The next page's path; only its cursor is taken of the address that it names, so that the token goes nowhere else. */
function nextOf(link: string | null): string | null {
	const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
	const cursor = address && URL.canParse(address) ? new URL(address).searchParams.get("cursor") : null;
	return cursor === null ? null : `/app/hook/deliveries?per_page=100&cursor=${encodeURIComponent(cursor)}`;
}
