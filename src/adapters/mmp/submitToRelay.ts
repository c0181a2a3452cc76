import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "../../core/logger";
import { backOffMs } from "../../core/relay/backOff";
import { GammaError } from "../../shared/errors";
import { isEnd, type Job } from "../../shared/relay/job";
import type { Project } from "../../shared/relay/project";
import { RelayClient } from "../relay/relayClient";
import type { FoundPush } from "./readPushed";

const askEveryMs = 1_000;

/** A relay and the right to ask it, for one command. */
export function toRelayClient(url: string, token: string, logger: Logger): RelayClient {
	const give = async () => token;
	const access = { snapshot: { state: "ready", url, kind: "local" } as const, token: give, renewToken: give };
	return new RelayClient({ url, access, logger });
}

/** Makes the job that a push would have made. A relay of this machine gets the project with its first job. */
export async function submitToRelay(client: RelayClient, url: string, found: FoundPush): Promise<Job> {
	const { pushed, project, message } = found;
	const repository = pushed.repository ?? `local/${project.folderName.replaceAll(/[^\w.-]+/g, "-")}`;
	const { id, target } = await projectOf(client, url, repository);
	if (target !== "runner")
		throw new GammaError(
			"settings.invalid",
			`The relay leaves ${repository} to SageMaker: change the project's target, or submit with --target sagemaker.`,
		);
	return client.makeJob({ projectId: id, branch: pushed.branch, commitSha: pushed.commitSha, message });
}

async function projectOf(client: RelayClient, url: string, repository: string): Promise<Project> {
	const isIt = (project: Project) => project.repository.toLowerCase() === repository.toLowerCase();
	const known = (await client.projects()).find(isIt);
	if (known) return known;
	if (!/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname))
		throw new GammaError(
			"relay.refused",
			`The relay has no project of ${repository} for you: make one in VS Code (Gamma: Projects), or ask its owner to add you.`,
		);
	const name = repository.split("/").at(-1) ?? repository;
	return client.makeProject({ name, repository, target: "runner" });
}

/** Until the job ends. `onChange` hears of each state; a relay that is away is asked again until it answers. */
export async function waitForJob(client: RelayClient, id: string, onChange: (job: Job) => void): Promise<Job> {
	let status = "";
	for (let failures = 0; ; ) {
		try {
			const job = await client.job(id);
			failures = 0;
			if (job.status !== status) onChange(job);
			status = job.status;
			if (isEnd(job.status)) return job;
		} catch (error) {
			if (!GammaError.is(error, "relay.unreachable")) throw error;
			failures++;
		}
		await wait(failures > 0 ? backOffMs(failures, null) : askEveryMs);
	}
}
