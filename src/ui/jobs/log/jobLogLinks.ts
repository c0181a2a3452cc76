import * as vscode from "vscode";
import { Owner } from "../../../core/disposable";
import { readFrame } from "../../../core/jobs/logFrame";
import { pathAtCommit } from "../../../core/jobs/pathAtCommit";
import type { JobSource } from "../../../core/jobs/trackedJob";
import { commitFileUri } from "../../code/commitFiles";
import type { CommitPaths } from "../../code/commitPaths";
import type { JobLogFiles } from "./jobLogFiles";
import { logScheme } from "./jobLogUri";

/** `File "train.py", line 12` in a log opens that line of the file as it was at the job's commit. */
export class JobLogLinks extends Owner implements vscode.DocumentLinkProvider {
	constructor(
		private readonly files: JobLogFiles,
		private readonly jobs: JobSource,
		private readonly paths: CommitPaths,
	) {
		super();
		this.own(vscode.languages.registerDocumentLinkProvider({ scheme: logScheme }, this));
	}

	async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
		const log = this.files.logOf(document);
		const sha = this.jobs.snapshot.jobs.get(log?.jobId ?? "")?.job.commitSha;
		if (!log || sha === undefined) return [];
		const paths = await this.paths.of(sha);
		return [...log.first.frames].flatMap((at) => {
			if (at >= document.lineCount) return [];
			const frame = readFrame(document.lineAt(at).text);
			const path = frame && pathAtCommit(frame.path, paths);
			if (!frame || !path) return [];
			const range = new vscode.Range(at, frame.start, at, frame.end);
			const link = new vscode.DocumentLink(range, commitFileUri(sha, path).with({ fragment: `L${frame.line}` }));
			link.tooltip = vscode.l10n.t("Open {0} at {1}, line {2}", path, sha.slice(0, 7), frame.line);
			return [link];
		});
	}
}
