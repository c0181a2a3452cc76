import { type Command, Option } from "commander";
import { lazy } from "../adapters/lazy/lazy";
import { archiveCommit } from "../adapters/mmp/archiveCommit";
import { type FoundPush, readPushed } from "../adapters/mmp/readPushed";
import { submitToRelay, toRelayClient, waitForJob } from "../adapters/mmp/submitToRelay";
import { silentLogger } from "../core/logger";
import { toTrainingJob } from "../core/mmp/trainingJob";
import { trainingScript } from "../core/mmp/trainingScript";
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
	readonly json?: boolean;
}

/** What `--json` prints. */
interface Submitted {
	readonly target: SubmitOptions["target"];
	readonly commit: string;
	readonly branch: string;
	readonly jobId: string | null;
	readonly sagemakerJobName: string | null;
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
			"the relay's address, for --target local; without it GAMMA_RELAY, else this machine's own relay",
		)
		.option("--token <token>", "the relay's token; better in GAMMA_TOKEN, where other users cannot see it")
		.option("--branch <name>", "the branch it counts for, where none of models is checked out")
		.option("--job <id>", "the relay's job that this trains, for --target sagemaker")
		.option("--wait", "end with the training; a failed one ends this with 1")
		.option("--json", "print one JSON document")
		.action((options: SubmitOptions) => submit(options, terminal));
}

async function submit(options: SubmitOptions, terminal: Terminal): Promise<void> {
	const found = await readPushed(process.cwd(), process.env, options.branch);
	const say = (line: string) => terminal.warn(`gamma: ${line}\n`);
	for (const key of found.settings.unknownKeys) say(`Nobody reads “${key}” in .gamma/train.json: is it misspelt?`);
	const submitted =
		options.target === "local" ? await submitLocal(options, found, say) : await submitSagemaker(options, found, say);
	if (options.json) terminal.writeJson(submitted);
	else terminal.write(`${toSentence(submitted)}\n`);
	if (submitted.status === "failed" || submitted.status === "stopped") process.exitCode = 1;
}

type Say = (line: string) => void;

async function submitLocal(options: SubmitOptions, found: FoundPush, say: Say): Promise<Submitted> {
	const { url, token } = await chooseRelay(options, process.env);
	const client = toRelayClient(url, token, silentLogger);
	const made = await submitToRelay(client, url, found);
	const job = options.wait ? await waitForJob(client, made.id, ({ status }) => say(`the job is ${status}`)) : made;
	const { status, reason } = job;
	return { ...toSubmitted("local", found), jobId: job.id, sagemakerJobName: job.sagemakerJobName, status, reason };
}

async function submitSagemaker(options: SubmitOptions, found: FoundPush, say: Say): Promise<Submitted> {
	const { pushed, project, settings } = found;
	const { MLFLOW_TRACKING_URI: uri = "" } = process.env;
	const job = toTrainingJob({
		pushed,
		folderName: project.folderName,
		settings,
		jobId: options.job ?? null,
		nowMs: Date.now(),
		// A file of this machine is none of the container's, and a password is not for a job's description.
		trackingUri: /^https?:\/\/[^@]+$/.test(uri) ? uri : null,
	});
	const { SagemakerTrainings } = await lazy<typeof import("../adapters/lazy/aws")>("aws");
	const trainings = new SagemakerTrainings();
	const archive = await archiveCommit(project.root, pushed.commitSha);
	try {
		await trainings.upload(job.place, archive.path, trainingScript(settings));
	} finally {
		await archive.remove();
	}
	if (!(await trainings.create(job))) say(`${job.name} was submitted before`);
	const submitted = { ...toSubmitted("sagemaker", found), jobId: options.job ?? null, sagemakerJobName: job.name };
	if (!options.wait) return { ...submitted, status: "running", reason: null };
	const { status, reason } = await trainings.wait(job.name, ({ phase }) => say(`${job.name} is ${phase}`));
	return { ...submitted, status, reason };
}

function toSubmitted(target: SubmitOptions["target"], { pushed }: FoundPush) {
	return { target, commit: pushed.commitSha, branch: pushed.branch };
}

function toSentence({ commit, branch, jobId, sagemakerJobName, status, reason }: Submitted): string {
	const name = sagemakerJobName ?? jobId ?? "";
	return `${commit.slice(0, 7)} of ${branch} is ${status} as ${name}${reason === null ? "" : `: ${reason}`}`;
}
