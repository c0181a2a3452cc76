import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { toIconFreeText, toLine, toMarkdownText, toNoticeText } from "../../core/plainText";
import { firstSentence, type SummaryState, type SummaryStore } from "../../core/summaries/commitSummary";
import { RelaySummaries } from "../../core/summaries/relaySummaries";
import { SummaryBook } from "../../core/summaries/summaryBook";
import { GammaError } from "../../shared/errors";
import { askClaude } from "../agent/askClaude";
import { onlyProject } from "../agent/claudeAccess";
import { parseCommitFileUri } from "../code/commitFiles";
import { commitOfArguments } from "../code/commitOfArguments";
import { findGitPath } from "../gitPath";
import { DiskSummaries } from "./diskSummaries";
import { pickCommit } from "./pickCommit";
import type { SummaryPorts } from "./summaryPorts";

const wholeSha = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** A file of its own (dist/summaries.cjs): summaries of commits, read, written and shown. */
export class Summaries extends Owner {
	readonly book: SummaryBook;
	#changes: Awaited<ReturnType<Awaited<ReturnType<SummaryPorts["load"]>>["changesOf"]>> = null;

	constructor(private readonly ports: SummaryPorts) {
		super();
		const { context, load, jobs, relayAccess, repository, logger } = ports;
		this.book = this.own(
			new SummaryBook({
				stores: (sha) => this.#stores(sha),
				changeOf: (sha, signal) => this.#changeOf(sha, signal),
				ask: askClaude({ secrets: context.secrets, load, jobs, relayAccess }),
				nowMs: Date.now,
				logger,
			}),
		);
		// A commit that was missing, or its parent, may have been fetched; another relay knows other summaries.
		this.own(repository.onDidChangeRefs(() => this.book.forget()));
		this.own(relayAccess.onDidChange(() => this.book.forget()));
	}

	commands() {
		return {
			generateSummary: async (...given: readonly unknown[]) => {
				const sha = await this.#shaOf(given);
				if (sha !== null) await this.#generate(sha);
			},
		};
	}

	/** Above the first line of a file as it was at a commit: what the commit changes, or the way to have it said. */
	async lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
		const at = parseCommitFileUri(uri);
		if (!at || !wholeSha.test(at.sha)) return [];
		await this.book.look(at.sha);
		const range = new vscode.Range(0, 0, 0, 0);
		const lens = (title: string, tooltip: string) =>
			new vscode.CodeLens(range, { title, tooltip, command: commandId("generateSummary"), arguments: [at.sha] });
		const state = this.book.of(at.sha);
		if (state?.kind === "ready") {
			const stale = state.isStale ? vscode.l10n.t("Stale: ") : "";
			return [
				lens(toIconFreeText(`${stale}${firstSentence(state.summary.text)}`, 200), toLine(state.summary.text, 2_000)),
			];
		}
		if (state?.kind === "writing") return [lens(vscode.l10n.t("Summary is being written…"), "")];
		const short = at.sha.slice(0, 7);
		return [
			lens(
				vscode.l10n.t("Generate Summary of {0}", short),
				vscode.l10n.t("What this commit changes, and why it may matter"),
			),
		];
	}

	/** Over a commit's id in any text, and over the first line of a file at a commit. */
	async hover(named: string | vscode.Uri, range: vscode.Range | undefined): Promise<vscode.Hover | null> {
		const sha = typeof named === "string" ? named : (parseCommitFileUri(named)?.sha ?? "");
		const commit = sha === "" ? null : await this.ports.repository.git?.commit(sha).catch(() => null);
		if (!commit) return null;
		await this.book.look(commit.sha);
		const state = this.book.of(commit.sha);
		const markdown = new vscode.MarkdownString();
		markdown.isTrusted = { enabledCommands: [commandId("generateSummary")] };
		const link = (title: string) =>
			`[${title}](command:${commandId("generateSummary")}?${encodeURIComponent(JSON.stringify([commit.sha]))})`;
		const lines = [
			`**${toMarkdownText(commit.subject, 200)}** · ${commit.sha.slice(0, 7)} · ${toMarkdownText(commit.author, 80)}`,
			...summaryLines(state),
			link(state?.kind === "ready" ? vscode.l10n.t("Write Summary Again") : vscode.l10n.t("Generate Summary")),
		];
		markdown.appendMarkdown(lines.join("\n\n"));
		return new vscode.Hover(markdown, range);
	}

	/** With the job's page in front where it is a job's commit; in a notice where it is not. */
	async #generate(sha: string): Promise<void> {
		const job = [...this.ports.jobs.snapshot.jobs.values()].find(({ job }) => job.commitSha === sha);
		if (job) {
			this.ports.openJob(job.job.id);
			return this.book.generate(sha);
		}
		const short = sha.slice(0, 7);
		await vscode.window.withProgress(
			{
				location: vscode.ProgressLocation.Notification,
				cancellable: true,
				title: vscode.l10n.t("Summary of {0}", short),
			},
			async (progress, token) => {
				token.onCancellationRequested(() => this.book.stop(sha));
				const listening = this.book.onDidChange((change) => {
					const state = change.sha === sha ? this.book.of(sha) : null;
					if (state?.kind === "writing") progress.report({ message: toNoticeText(state.text, 1_000) });
				});
				await this.book.generate(sha).finally(() => listening.dispose());
			},
		);
		await this.#tell(short, this.book.of(sha));
	}

	async #tell(short: string, state: SummaryState | null): Promise<void> {
		if (state?.kind === "failed") {
			const setKey = vscode.l10n.t("Set Key");
			const chosen = await vscode.window.showErrorMessage(state.message, ...(state.needsKey ? [setKey] : []));
			if (chosen === setKey) await vscode.commands.executeCommand(commandId("setAgentKey"));
		}
		if (state?.kind !== "ready") return;
		const copy = vscode.l10n.t("Copy");
		const chosen = await vscode.window.showInformationMessage(
			toNoticeText(`${short}: ${state.summary.text}`, 1_000),
			copy,
		);
		if (chosen === copy) await vscode.env.clipboard.writeText(state.summary.text);
	}

	/** Null where the person picked none. Rejects with `git.failed` where what is named is no commit here. */
	async #shaOf(given: readonly unknown[]): Promise<string | null> {
		const job = this.ports.jobOfRow(given[0]);
		const front = vscode.window.activeTextEditor?.document.uri;
		const named =
			job?.job.commitSha ??
			commitOfArguments(given) ??
			(front && parseCommitFileUri(front)?.sha) ??
			(await pickCommit(this.ports.repository));
		if (named === null || wholeSha.test(named)) return named;
		const commit = await this.ports.repository.git?.commit(named);
		if (commit) return commit.sha;
		throw new GammaError("git.failed", `This repository does not have the commit ${named}: fetch it, then try again.`);
	}

	#stores(sha: string): readonly SummaryStore[] {
		const { context, relay, jobs } = this.ports;
		const home = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "summaries");
		const source = relay();
		const tracked = [...jobs.snapshot.jobs.values()].find((one) => one.source === "relay" && one.job.commitSha === sha);
		// Of several projects, one that has no job of the commit is not known to be its own: the disk keeps it then.
		const projectId = tracked?.job.projectId ?? onlyProject(jobs);
		return [...(source && projectId ? [new RelaySummaries(source, projectId)] : []), new DiskSummaries(home)];
	}

	async #changeOf(sha: string, signal: AbortSignal) {
		const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
		if (!folder || !vscode.workspace.isTrusted) return null;
		this.#changes ??= await (await this.ports.load()).changesOf(folder.uri.fsPath, await findGitPath());
		return (await this.#changes?.(sha, signal)) ?? null;
	}
}

function summaryLines(state: SummaryState | null): string[] {
	switch (state?.kind) {
		case "ready": {
			const stale = vscode.l10n.t("Stale: the diff of this commit is another one now.");
			return [...(state.isStale ? [`_${stale}_`] : []), toMarkdownText(state.summary.text, 2_000)];
		}
		case "writing":
			return [toMarkdownText(state.text, 2_000) || vscode.l10n.t("The summary is being written…")];
		case "failed":
			return [toMarkdownText(state.message, 400)];
		default:
			return [];
	}
}
