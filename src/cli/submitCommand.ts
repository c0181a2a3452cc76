import { type Command, Option } from "commander";
import { lazy } from "../adapters/lazy/lazy";
import { archiveCommit } from "../adapters/mmp/archiveCommit";
import { type FoundPush, readPushed } from "../adapters/mmp/readPushed";
import { submitToRelay, toRelayClient, waitForJob } from "../adapters/mmp/submitToRelay";
import { findRelayJob } from "../adapters/mmp/tellRelay";
import { silentLogger } from "../core/logger";
import { toTrainingJob } from "../core/mmp/trainingJob";
import { trainingScript } from "../core/mmp/trainingScript";
import { toFailure } from "../shared/errors";
import type { JobStatus } from "../shared/relay/job";
import { chooseRelay } from "./chooseRelay";
import type { Terminal } from "./terminal";

interface SubmitOptions {
	readonly target: "local" | "sagemaker";
	readonly relay?: string;
	readonly token?: string;
	readonly branch?: string;
	readonly job?: string;
	readonly wait?: boolean;
	readonly dryRun?: boolean;
	readonly json?: boolean;
}

/** What `--json` prints. */
interface Submitted {
	readonly target: SubmitOptions["target"];
	readonly commit: string;
	readonly branch: string;
	readonly jobId: string | null;
	readonly sagemakerJobName: string | null;
	/** Its page in AWS's console. */
	readonly consoleUrl: string | null;
	readonly status: JobStatus;
	readonly reason: string | null;
}

export function addSubmit(gamma: Command, terminal: Terminal): void {
	gamma
		.command("submit")
		.description(
			"Trains the commit that is checked out here: what CI calls on a push to models or models/*.\n" +
				"What runs is the command in the commit's .gamma/train.json, else its train.py.",
		)
		.addOption(
			new Option("--target <where>", "a relay's runners, or SageMaker")
				.choices(["local", "sagemaker"])
				.makeOptionMandatory(),
		)
		.option(
			"--relay <url>",
			"the relay's address; without it GAMMA_RELAY, else for --target local this machine's own relay",
		)
		.option("--token <token>", "the relay's token; better in GAMMA_TOKEN, where other users cannot see it")
		.option("--branch <name>", "the branch it counts for, where none of models is checked out")
		.option("--job <id>", "the relay's job that this trains, for --target sagemaker")
		.option("--dry-run", "print what would be asked for as JSON, and ask nobody")
		.option("--wait", "end with the training; a failed one ends this with 1")
		.option("--json", "print one JSON document")
		.action((options: SubmitOptions) => submit(options, terminal));
}

async function submit(options: SubmitOptions, terminal: Terminal): Promise<void> {
	const found = await readPushed(process.cwd(), process.env, options.branch);
	const say = (line: string) => terminal.warn(`gamma: ${line}\n`);
	for (const key of found.settings.unknownKeys) say(`Nobody reads “${key}” in .gamma/train.json: is it misspelt?`);
	if (options.dryRun) return terminal.writeJson(dryRun(options, found));
	const submitted =
		options.target === "local" ? await submitLocal(options, found, say) : await submitSagemaker(options, found, say);
	if (options.json) terminal.writeJson(submitted);
	else terminal.write(`${toSentence(submitted)}\n`);
	if (submitted.status === "failed" || submitted.status === "stopped") process.exitCode = 1;
}

function dryRun({ target, job }: SubmitOptions, found: FoundPush): unknown {
	const { commitSha, branch, repository } = found.pushed;
	if (target === "sagemaker") return toRequestOf(found, job ?? null).request;
	return { repository, branch, commitSha, message: found.message };
}

type Say = (line: string) => void;

async function submitLocal(options: SubmitOptions, found: FoundPush, say: Say): Promise<Submitted> {
	const { url, token } = await chooseRelay(options, process.env);
	const client = toRelayClient(url, token, silentLogger);
	const made = await submitToRelay(client, url, found);
	const job = options.wait ? await waitForJob(client, made.id, ({ status }) => say(`the job is ${status}`)) : made;
	const { status, reason } = job;
	const names = { jobId: job.id, sagemakerJobName: job.sagemakerJobName, consoleUrl: null };
	return { ...toSubmitted("local", found), ...names, status, reason };
}

async function submitSagemaker(options: SubmitOptions, found: FoundPush, say: Say): Promise<Submitted> {
	const { pushed, project, settings } = found;
	// What is still to say is said before a relay is asked.
	toRequestOf(found, null);
	const told = await relayOf(options, found, say);
	const jobId = options.job ?? told?.jobId ?? null;
	const job = toRequestOf(found, jobId);
	const { SagemakerTrainings } = await lazy<typeof import("../adapters/lazy/aws")>("aws");
	const trainings = new SagemakerTrainings();
	const archive = await archiveCommit(project.root, pushed.commitSha);
	try {
		await trainings.upload(job.place, archive.path, trainingScript(settings));
	} finally {
		await archive.remove();
	}
	if (!(await trainings.create(job))) say(`${job.name} was submitted before`);
	if (told && jobId !== null) await told.tell(jobId, job.name).catch((error: unknown) => say(unheard(error)));
	const names = { jobId, sagemakerJobName: job.name, consoleUrl: await trainings.consoleUrl(job.name) };
	const submitted = { ...toSubmitted("sagemaker", found), ...names };
	if (!options.wait) return { ...submitted, status: "running", reason: null };
	const { status, reason } = await trainings.wait(job.name, ({ phase }) => say(`${job.name} is ${phase}`));
	return { ...submitted, status, reason };
}

function toRequestOf({ pushed, project, settings }: FoundPush, jobId: string | null) {
	const { MLFLOW_TRACKING_URI: uri = "" } = process.env;
	return toTrainingJob({
		pushed,
		folderName: project.folderName,
		settings,
		jobId,
		nowMs: Date.now(),
		// A file of this machine is none of the container's, and a password is not for a job's description.
		trackingUri: /^https?:\/\/[^@]+$/.test(uri) ? uri : null,
	});
}

/** The relay that is named, and its job of this push. A relay that cannot be asked keeps nothing from being trained. */
async function relayOf(options: SubmitOptions, { pushed }: FoundPush, say: Say) {
	if (!options.relay && !process.env.GAMMA_RELAY?.trim()) return null;
	try {
		const { url, token } = await chooseRelay(options, process.env);
		const relay = toRelayClient(url, token, silentLogger);
		const jobId = options.job ?? (await findRelayJob(relay, pushed))?.id ?? null;
		if (jobId === null) say("The relay has no job of this commit yet: the training's tags will tell it whose it is.");
		const workflowRunId = pushed.runKey?.split("-")[0];
		const tell = (id: string, sagemakerJobName: string) =>
			relay.changeJob(id, { sagemakerJobName, ...(workflowRunId !== undefined && { workflowRunId }) });
		return { jobId, tell };
	} catch (error) {
		say(unheard(error));
		return null;
	}
}

function unheard(error: unknown): string {
	return `The relay was not told, and the training goes on all the same. ${toFailure(error).message}`;
}

function toSubmitted(target: SubmitOptions["target"], { pushed }: FoundPush) {
	return { target, commit: pushed.commitSha, branch: pushed.branch };
}

function toSentence({ commit, branch, jobId, sagemakerJobName, consoleUrl, status, reason }: Submitted): string {
	const name = sagemakerJobName ?? jobId ?? "";
	const sentence = `${commit.slice(0, 7)} of ${branch} is ${status} as ${name}${reason === null ? "" : `: ${reason}`}`;
	return consoleUrl === null ? sentence : `${sentence}\n${consoleUrl}`;
}
