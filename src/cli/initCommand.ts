import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { findProject } from "../adapters/mmp/findProject";
import { FolderFiles } from "../adapters/mmp/folderFiles";
import { githubApps } from "../adapters/mmp/githubApps";
import { proposeFor, type SetupProposal } from "../core/mmp/setupProposal";
import { toUnifiedDiff } from "../core/mmp/unifiedDiff";
import { GammaError } from "../shared/errors";
import { stateFolder } from "./stateFolders";
import type { Terminal } from "./terminal";

interface InitOptions {
	readonly dryRun?: boolean;
	readonly json?: boolean;
	readonly githubApp?: string;
	readonly organization?: string;
	readonly out?: string;
}

export function addInit(gamma: Command, terminal: Terminal): void {
	gamma
		.command("init")
		.description("Sets up MMP in this repository: the training workflow, .gamma/train.json and a guide.")
		.option("--dry-run", "show what would be added, and add nothing")
		.option("--json", "print one JSON document")
		.option(
			"--github-app <relay>",
			"create the GitHub App of the relay at this address, in the browser, and do nothing else",
		)
		.option("--organization <name>", "the organization at GitHub that owns the App; your own account when not given")
		.option("--out <file>", "where the App's settings for the relay are kept; a new file that only you can read")
		.action((options: InitOptions) =>
			options.githubApp === undefined ? init(options, terminal) : makeApp(options.githubApp, options, terminal),
		);
}

/** The App's secrets go into a file and not onto the terminal. */
async function makeApp(relayUrl: string, options: InitOptions, terminal: Terminal): Promise<void> {
	// GitHub tells the secrets once: a file that cannot be written is no place for them.
	if (options.out !== undefined && existsSync(options.out))
		throw new GammaError("settings.invalid", `${options.out} is there already: name another file with --out.`);
	const ending = new AbortController();
	process.once("SIGINT", () => ending.abort());
	const apps = githubApps(process.env);
	const app = await apps.create(
		{ relayUrl, organization: options.organization ?? null },
		{
			expose: async (localUrl) => localUrl,
			show: async (url) => terminal.warn(`gamma: Open ${url} in your browser; this waits for it.\n`),
			signal: ending.signal,
		},
	);
	const path = resolve(options.out ?? join(stateFolder(process.env), `github-app-${app.id}.env`));
	await mkdir(dirname(path), { recursive: true });
	await apps.save(app, path);
	const { id, name, htmlUrl } = app;
	const installUrl = `${htmlUrl}/installations/new`;
	if (options.json) terminal.writeJson({ id, name, htmlUrl, installUrl, settingsPath: path });
	else {
		terminal.write(`${name} is made. Start the relay with the variables in ${path}, and keep that file secret.\n`);
		terminal.write(`Install it on the repositories that train: ${installUrl}\n`);
	}
}

const stateWords = { new: "added", same: "is there", differs: "is there, and left as it is" } as const;

/** Adds what is not there. A file that is there is never written, whatever is in it. */
async function init({ dryRun = false, json = false }: InitOptions, terminal: Terminal): Promise<void> {
	const { root, repository, folderName } = await findProject(process.cwd());
	const files = new FolderFiles(root);
	const proposal = await proposeFor(files, { repository, folderName });
	const added = proposal.files.filter(({ state }) => state === "new");
	if (!dryRun) for (const { path, text } of added) await files.add(path, text);
	if (json) {
		const written = dryRun ? [] : added.map(({ path }) => path);
		terminal.writeJson({ root, written, ...proposal });
		return;
	}
	if (dryRun) {
		// A patch and nothing else, so that `git apply` takes it.
		for (const { path, existing, text } of proposal.files) terminal.write(toUnifiedDiff(path, existing, text));
		terminal.warn(toNextSteps(proposal, dryRun));
		return;
	}
	for (const { path, state } of proposal.files) terminal.write(`${path}: ${stateWords[state]}\n`);
	terminal.write(toNextSteps(proposal, dryRun));
}

function toNextSteps({ files, blanks, variables, notes }: SetupProposal, dryRun: boolean): string {
	const differing = files.filter(({ state }) => state === "differs").map(({ path }) => path);
	const lines = [
		...notes,
		...(dryRun || differing.length === 0
			? []
			: [`gamma init --dry-run shows what differs in ${differing.join(", ")}.`]),
		...list(
			"To fill in in .gamma/train.json:",
			blanks.map(({ key, meaning }) => [key, meaning]),
		),
		...list("To set as variables of the repository at GitHub:", Object.entries(variables)),
	];
	return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

function list(title: string, entries: readonly (readonly [string, string])[]): readonly string[] {
	return entries.length === 0 ? [] : [title, ...entries.map(([name, meaning]) => `  ${name}: ${meaning}`)];
}
