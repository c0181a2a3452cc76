import * as vscode from "vscode";
import * as z from "zod/mini";
import { Owner } from "../../core/disposable";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { toFailure } from "../../shared/errors";
import type { Run, RunKey } from "../../shared/run";
import type { LoadCode } from "./loadCode";
import type { StoredDiff } from "./storedDiff";

const scheme = "gamma-diff";
/** After a reload the editor asks for its documents before the stores are read. */
const waitForRunMs = 15_000;

const address = z.object({
	key: z.string(),
	diff: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("artifact"), path: z.string(), sizeBytes: z.nullable(z.number()) }),
		z.object({ kind: z.literal("tag"), tag: z.string() }),
	]),
});

/** The uncommitted changes that runs stored, as read-only documents of language `diff` (for `gamma.openUncommittedDiff`). */
export class StoredDiffDocuments extends Owner implements vscode.TextDocumentContentProvider {
	constructor(
		private readonly library: RunLibrary,
		private readonly model: RunModel,
		private readonly load: LoadCode,
	) {
		super();
		this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
	}

	/** Opens what the run stored, after a pick where it stored several; a sentence where it stored none. */
	async open(run: Run): Promise<void> {
		const { findStoredDiffs } = await this.load();
		const diffs = await findStoredDiffs(this.library, run);
		if (diffs.length === 0) {
			await vscode.window.showInformationMessage(
				`${run.name} stored no uncommitted changes: log them as the artifact diff.patch or the tag mlflow.git.diff.`,
			);
			return;
		}
		const diff = diffs.length === 1 ? diffs[0] : await pick(diffs);
		if (!diff) return;
		const uri = vscode.Uri.from({
			scheme,
			path: `/${run.name.replace(/[/\\]/g, "_")} uncommitted.diff`,
			query: JSON.stringify({ key: run.key, diff }),
		});
		const document = await vscode.workspace.openTextDocument(uri);
		await vscode.languages.setTextDocumentLanguage(document, "diff");
		await vscode.window.showTextDocument(document, { preview: true });
	}

	async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
		const parsed = address.safeParse(parseJson(uri.query));
		if (!parsed.success) return "This address names no stored changes.";
		const { key, diff } = parsed.data;
		const run = await this.#runOf(key);
		try {
			const { readStoredDiff } = await this.load();
			return await readStoredDiff(this.library, key, run, diff);
		} catch (error) {
			// A content provider's error is not shown anywhere; its document is.
			return toFailure(error).message;
		}
	}

	#runOf(key: RunKey): Promise<Run | undefined> {
		const known = this.model.run(key);
		if (known) return Promise.resolve(known);
		return new Promise((resolve) => {
			const finish = () => {
				clearTimeout(timer);
				listening.dispose();
				resolve(this.model.run(key));
			};
			const listening = this.model.onDidChange(() => this.model.run(key) && finish());
			const timer = setTimeout(finish, waitForRunMs);
		});
	}
}

async function pick(diffs: readonly StoredDiff[]): Promise<StoredDiff | undefined> {
	const choices = diffs.map((diff) =>
		diff.kind === "artifact"
			? { label: `$(file) ${diff.path}`, description: "artifact", diff }
			: { label: `$(tag) ${diff.tag}`, description: "tag", diff },
	);
	return (await vscode.window.showQuickPick(choices, { title: "Uncommitted changes of the run" }))?.diff;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
