import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { chooseForge } from "../../core/git/forgeAddress";
import type * as SetupProposals from "../../core/mmp/setupProposal";
import type { ProposedFile, SetupProposal } from "../../core/mmp/setupProposal";
import { GammaError } from "../../shared/errors";
import type { Repository } from "../repository";
import type { ProposedDocuments } from "./proposedDocuments";
import { WorkspaceFiles } from "./workspaceFiles";

export interface ProjectSetupParts {
	readonly repository: Repository;
	readonly documents: ProposedDocuments;
	readonly load: () => Promise<Pick<typeof SetupProposals, "proposeFor">>;
	readonly setContext: (key: "gamma.reviewsSetup", value: boolean) => void;
}

interface Review {
	readonly title: string;
	readonly files: WorkspaceFiles;
	readonly added: readonly ProposedFile[];
	readonly proposal: SetupProposal;
}

/** "Set Up MMP in This Repository": what would be added is read first, as one review; only then it is added. */
export class ProjectSetup extends Owner {
	#review: Review | null = null;

	constructor(private readonly parts: ProjectSetupParts) {
		super();
		this.own(vscode.window.tabGroups.onDidChangeTabs(() => this.#lookForReview()));
	}

	/** Rejects with `workspace.untrusted`, or `git.failed` outside of a repository. */
	async run(): Promise<void> {
		const git = await this.#demandGit();
		const root = vscode.Uri.file(git.root);
		const folderName = root.path.split("/").at(-1) ?? "";
		const files = new WorkspaceFiles(root);
		const forge = chooseForge(await git.remotes());
		const { proposeFor } = await this.parts.load();
		const proposal = await proposeFor(files, { repository: forge?.repository ?? null, folderName });
		const added = proposal.files.filter(({ state }) => state === "new");
		const differing = proposal.files.filter(({ state }) => state === "differs");
		if (added.length + differing.length === 0) return showBlanks(files, proposal);
		const title = vscode.l10n.t("Set Up MMP in {0}", folderName);
		await this.#show(title, files, [...added, ...differing]);
		if (added.length > 0) {
			this.#review = { title, files, added, proposal };
			this.parts.setContext("gamma.reviewsSetup", true);
		}
		if (await askToAdd(folderName, added, differing, proposal.notes)) await this.add();
	}

	/** Adds what the review shows; nothing where none is open. Rejects with `settings.invalid` where a file came meanwhile. */
	async add(): Promise<void> {
		const review = this.#review;
		if (!review) return;
		this.#end();
		await add(review.files, review.added);
		await closeTabs(review.title);
		await showBlanks(review.files, review.proposal);
	}

	#end(): void {
		this.#review = null;
		this.parts.setContext("gamma.reviewsSetup", false);
	}

	/** A review whose tab was closed is over. */
	#lookForReview(): void {
		if (this.#review && tabsOf(this.#review.title).length === 0) this.#end();
	}

	async #demandGit() {
		const { repository } = this.parts;
		if (!vscode.workspace.isTrusted) {
			const message = vscode.l10n.t("Trust this folder first: setting up MMP asks git about it.");
			throw new GammaError("workspace.untrusted", message);
		}
		if (!repository.git) await repository.open();
		if (repository.git) return repository.git;
		throw new GammaError(
			"git.failed",
			vscode.l10n.t("This folder is in no git repository: initialize one in the Source Control view first."),
		);
	}

	/** All files in one editor: a new one against nothing, one that is there against what it is. */
	async #show(title: string, files: WorkspaceFiles, proposed: readonly ProposedFile[]): Promise<void> {
		const { documents } = this.parts;
		documents.show(proposed);
		const resources = proposed.map(({ path, existing }) => [
			files.uri(path),
			existing === null ? undefined : files.uri(path),
			documents.uri(path),
		]);
		await vscode.commands.executeCommand("vscode.changes", title, resources);
	}
}

/** The settings with their first open place selected, and how many there are; the guide says the rest. */
async function showBlanks(files: WorkspaceFiles, { blanks, files: proposed }: SetupProposal): Promise<void> {
	const settings = proposed.find(({ path }) => path.endsWith("train.json"));
	const guide = proposed.find(({ path }) => path.endsWith("README.md"));
	if (!settings || !guide) return;
	const document = await vscode.workspace.openTextDocument(files.uri(settings.path));
	const found = /"<[^"]*>"/.exec(document.getText());
	const [start, end] = found ? [found.index + 1, found.index + found[0].length - 1] : [0, 0];
	const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
	await vscode.window.showTextDocument(document, { selection });
	const open = vscode.l10n.t("Open Guide");
	const message =
		blanks.length === 0
			? vscode.l10n.t("MMP is set up: a push to models or models/… trains.")
			: vscode.l10n.t("MMP is set up. Still to fill in: {0}.", blanks.map(({ key }) => key).join(", "));
	// Not waited for: a notice may stay for as long as it likes.
	void vscode.window.showInformationMessage(message, open).then(async (chosen) => {
		if (chosen === open) await vscode.commands.executeCommand("markdown.showPreview", files.uri(guide.path));
	});
}

async function askToAdd(
	folderName: string,
	added: readonly ProposedFile[],
	differing: readonly ProposedFile[],
	notes: readonly string[],
): Promise<boolean> {
	const left =
		differing.length === 0
			? []
			: [vscode.l10n.t("What is there stays as it is: {0}.", differing.map(({ path }) => path).join(", "))];
	if (added.length === 0) {
		void vscode.window.showInformationMessage([vscode.l10n.t("There is no file to add."), ...left, ...notes].join(" "));
		return false;
	}
	const add = added.length === 1 ? vscode.l10n.t("Add 1 File") : vscode.l10n.t("Add {0} Files", String(added.length));
	const question = vscode.l10n.t("Add what you see to {0}?", folderName);
	return (await vscode.window.showInformationMessage([question, ...left, ...notes].join(" "), add)) === add;
}

/** One step that can be undone. A file that came meanwhile stops it. */
async function add(files: WorkspaceFiles, added: readonly ProposedFile[]): Promise<void> {
	for (const { path } of added) {
		if ((await files.read(path)) === null) continue;
		throw new GammaError(
			"settings.invalid",
			vscode.l10n.t("{0} is there now: look at it, and set up once more.", path),
		);
	}
	const edit = new vscode.WorkspaceEdit();
	for (const { path, text } of added) edit.createFile(files.uri(path), { contents: new TextEncoder().encode(text) });
	if (await vscode.workspace.applyEdit(edit)) return;
	throw new GammaError(
		"settings.invalid",
		vscode.l10n.t("The editor could not add the files: see whether the folder can be written to."),
	);
}

function tabsOf(title: string): readonly vscode.Tab[] {
	// The editor adds how many files there are.
	return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label.startsWith(title)));
}

async function closeTabs(title: string): Promise<void> {
	await vscode.window.tabGroups.close(tabsOf(title));
}
