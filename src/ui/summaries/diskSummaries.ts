import * as vscode from "vscode";
import { type CommitSummary, commitSummarySchema, type SummaryStore } from "../../core/summaries/commitSummary";

/** One small JSON file a commit, in the folder that VS Code keeps for this workspace. What cannot be read there counts as not written. */
export class DiskSummaries implements SummaryStore {
	constructor(private readonly folder: vscode.Uri) {}

	async read(sha: string): Promise<CommitSummary | null> {
		const file = this.#file(sha);
		try {
			return commitSummarySchema.parse(JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))));
		} catch {
			return null;
		}
	}

	async write(summary: CommitSummary): Promise<void> {
		await vscode.workspace.fs.writeFile(this.#file(summary.sha), new TextEncoder().encode(JSON.stringify(summary)));
	}

	#file(sha: string): vscode.Uri {
		return vscode.Uri.joinPath(this.folder, `${sha.replaceAll(/[^0-9a-f]/gi, "")}.json`);
	}
}
