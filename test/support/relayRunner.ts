import { randomUUID } from "node:crypto";
import { RelayClient } from "../../src/adapters/relay/relayClient";
import type { Job } from "../../src/shared/relay/job";
import { aJob } from "./aJob";
import type { RelayUnderTest } from "./relay";
import { accessTo } from "./relayAccess";
import { testLogger } from "./testLogger";

interface Claimed {
	readonly job: Job;
	readonly lease: { readonly token: string };
	readonly params: Readonly<Record<string, unknown>>;
}

/** A job under way at a real relay, in the hands of a runner that this test is. */
export class RunnerOfOne {
	#logSize = 0;

	private constructor(
		private readonly relay: RelayUnderTest,
		readonly job: Job,
		private readonly lease: string,
		/** What it is to train with. */
		readonly params: Readonly<Record<string, unknown>>,
	) {}

	/** Makes a project of its own, unless one is given, and a job in it, and claims the job. */
	static async start(
		relay: RelayUnderTest,
		{
			commitSha = aJob().commitSha,
			projectId,
			message = "Double the warmup",
		}: { commitSha?: string; projectId?: string; message?: string } = {},
	): Promise<RunnerOfOne> {
		const project = projectId ?? (await makeProject(relay));
		const body = { projectId: project, commitSha, branch: "models/lr-sweep", message };
		const { body: made } = await relay.ask<Job>("POST", "/api/jobs", { body });
		return RunnerOfOne.claim(relay, made.id);
	}

	/** Claims jobs until it has this one. */
	static async claim(relay: RelayUnderTest, jobId: string): Promise<RunnerOfOne> {
		for (;;) {
			const { status, body } = await relay.ask<Claimed>("POST", "/api/queue/claim", {
				body: { runner: "test", waitMs: 5000 },
			});
			if (status !== 200) throw new Error(`no job to claim: ${status} ${JSON.stringify(body)}`);
			if (body.job.id === jobId) return new RunnerOfOne(relay, body.job, body.lease.token, body.params);
		}
	}

	async log(bytes: string | Uint8Array<ArrayBuffer>): Promise<void> {
		const part = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
		const url = `${this.relay.url}/api/jobs/${this.job.id}/log?offset=${this.#logSize}&lease=${this.lease}`;
		const headers = { authorization: `Bearer ${this.relay.token}`, "content-type": "application/octet-stream" };
		const response = await fetch(url, { method: "POST", headers, body: part });
		if (!response.ok) throw new Error(`the log was not taken: ${await response.text()}`);
		this.#logSize += part.length;
	}

	/** Answers whether somebody asked it to stop. */
	async heartbeat(more: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
		return (await this.#post("heartbeat", more)).stop === true;
	}

	async complete(more: Readonly<Record<string, unknown>> = {}): Promise<void> {
		await this.#post("complete", { status: "completed", ...more });
	}

	async #post(what: string, more: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
		const body = { lease: this.lease, ...more };
		const answer = await this.relay.ask("POST", `/api/queue/${this.job.id}/${what}`, { body });
		if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
		return answer.body;
	}
}

/** The id of a new project whose jobs wait for a runner. */
export async function makeProject(relay: RelayUnderTest, repository = `ada/${randomUUID()}`): Promise<string> {
	const body = { name: "digits", repository, target: "runner" };
	return (await relay.ask<{ id: string }>("POST", "/api/projects", { body })).body.id;
}

/** The editor's own client of a relay. */
export function clientOf({ url, token }: Pick<RelayUnderTest, "url" | "token">): RelayClient {
	return new RelayClient({ url, access: accessTo(url, token ?? ""), logger: testLogger });
}
