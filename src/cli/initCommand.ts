import type { Command } from "commander";
import { findProject } from "../adapters/mmp/findProject";
import { FolderFiles } from "../adapters/mmp/folderFiles";
import { readFacts } from "../core/mmp/repositoryFacts";
import { proposeSetup, type SetupProposal } from "../core/mmp/setupProposal";
import { toUnifiedDiff } from "../core/mmp/unifiedDiff";
import type { Terminal } from "./terminal";

interface InitOptions {
	readonly dryRun?: boolean;
	readonly json?: boolean;
}

export function addInit(gamma: Command, terminal: Terminal): void {
	gamma
		.command("init")
		.description("Sets up MMP in this repository: the training workflow, .gamma/train.json and a guide.")
		.option("--dry-run", "show what would be added, and add nothing")
		.option("--json", "print one JSON document")
		.action((options: InitOptions) => init(options, terminal));
}

const stateWords = { new: "added", same: "is there", differs: "is there, and left as it is" } as const;

/** Adds what is not there. A file that is there is never written, whatever is in it. */
async function init({ dryRun = false, json = false }: InitOptions, terminal: Terminal): Promise<void> {
	const { root, repository, folderName } = await findProject(process.cwd());
	const files = new FolderFiles(root);
	const proposal = proposeSetup(await readFacts(files, { repository, folderName }));
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
