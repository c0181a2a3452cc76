import * as vscode from "vscode";
import { Owner } from "../../../core/disposable";
import { JobLog } from "../../../core/jobs/jobLog";
import type { LogEdit } from "../../../core/jobs/logLines";
import type { LogReaders } from "../../../core/jobs/logReaders";
import type { JobSource } from "../../../core/jobs/trackedJob";
import type { Logger } from "../../../core/logger";
import { toFailure } from "../../../shared/errors";
import { parseJobLogUri } from "./jobLogUri";

/** A log that grows all the time is read and drawn this often. */
const readEveryMs = 250;
const tryAgainMs = 5_000;
/** After a reload the editor asks for its documents before the jobs and the relay are known. */
const waitMs = 20_000;

export interface JobLogFilesParts {
	readonly jobs: JobSource;
	readonly readers: LogReaders;
	/** Has the editor read this file anew. */
	readonly changed: (uri: vscode.Uri) => void;
	readonly logger: Logger;
}

export interface LogGrowth {
	readonly document: vscode.TextDocument;
	readonly log: JobLog;
}

/**
 * The text of logs as files that nobody can write: so an editor restores them after a reload, and takes a text of 50 MB. What comes
 * later is not a change of the file, which the editor would read whole again, but an edit of its text at the end; a
 * read-only file is not unsaved by that. Where text and log do not fit each other any more, the file is read anew.
 */
export class JobLogFiles extends Owner {
	readonly #grown = this.own(new vscode.EventEmitter<LogGrowth>());
	/** The text of an open log is another now, or there for the first time. */
	readonly onDidGrow = this.#grown.event;
	/** By job. */
	readonly #logs = new Map<string, JobLog>();
	/** By job: where its log was read from. */
	readonly #origins = new Map<string, string>();
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
	readonly #again = new Set<string>();
	readonly #end = new AbortController();
	#version = 1;

	constructor(private readonly parts: JobLogFilesParts) {
		super();
		this.own(
			parts.jobs.onDidChange(({ jobIds }) => {
				for (const id of jobIds) if (this.#hasMore(id)) this.#readSoon(id);
				// The relay is there again, or another one.
				if (jobIds.length === 0) this.#follow(vscode.window.visibleTextEditors.map(({ document }) => document));
			}),
		);
		this.own(vscode.window.onDidChangeVisibleTextEditors((editors) => this.#follow(editors.map((e) => e.document))));
		this.own(vscode.workspace.onDidOpenTextDocument((document) => this.#follow([document])));
		this.own(
			vscode.workspace.onDidCloseTextDocument(({ uri }) => {
				const id = parseJobLogUri(uri);
				if (id === null) return;
				this.#logs.delete(id);
				parts.readers.forget(id);
			}),
		);
		this.own({ dispose: () => this.#end.abort() });
		this.own({ dispose: () => [...this.#timers.values()].map(clearTimeout) });
	}

	/** The log behind an open document; undefined for any other document. */
	logOf({ uri }: Pick<vscode.TextDocument, "uri">): JobLog | undefined {
		return this.#logs.get(parseJobLogUri(uri) ?? "");
	}

	/** Time and size stand still while the text grows by edits: the editor would read the file again for them. */
	stat(): vscode.FileStat {
		const permissions = vscode.FilePermission.Readonly;
		return { type: vscode.FileType.File, ctime: 0, mtime: this.#version, size: 0, permissions };
	}

	async readFile(uri: vscode.Uri): Promise<Uint8Array> {
		const id = parseJobLogUri(uri);
		if (id === null) throw vscode.FileSystemError.FileNotFound(uri);
		await this.#readable(id);
		const log = new JobLog(this.parts.readers, id);
		try {
			const origin = this.parts.readers.keyOf(id);
			const text = await log.load(this.#end.signal);
			this.#logs.set(id, log);
			this.#origins.set(id, origin);
			return new TextEncoder().encode(text);
		} catch (error) {
			throw vscode.FileSystemError.Unavailable(toFailure(error).message);
		}
	}

	/** Once it can be read, or after a while in any case: then the reason is what is said. */
	#readable(id: string): Promise<void> {
		const { readers, jobs } = this.parts;
		if (readers.canRead(id)) return Promise.resolve();
		return new Promise((resolve) => {
			const finish = () => {
				clearTimeout(timer);
				listening.dispose();
				resolve();
			};
			const listening = jobs.onDidChange(() => readers.canRead(id) && finish());
			const timer = setTimeout(finish, waitMs);
		});
	}

	#follow(documents: readonly vscode.TextDocument[]): void {
		for (const document of documents) {
			const log = this.logOf(document);
			if (!log) continue;
			this.#grown.fire({ document, log });
			this.#readSoon(log.jobId);
		}
	}

	/** A job that changes otherwise, by a metric, is no reason to ask for its log. */
	#hasMore(id: string): boolean {
		const log = this.#logs.get(id);
		const job = this.parts.jobs.snapshot.jobs.get(id);
		return log !== undefined && (job?.logSizeBytes == null || job.logSizeBytes > log.offset);
	}

	#readSoon(id: string, afterMs = readEveryMs): void {
		if (this.#timers.has(id)) {
			this.#again.add(id);
			return;
		}
		const timer = setTimeout(async () => {
			const isUnread = await this.#readNow(id);
			this.#timers.delete(id);
			const isAsked = this.#again.delete(id);
			if (this.isDisposed || !this.#logs.has(id)) return;
			if (isUnread) this.#readSoon(id, tryAgainMs);
			else if (isAsked) this.#readSoon(id);
			else this.#askAgain(id);
		}, afterMs);
		this.#timers.set(id, timer);
	}

	/** Of a log whose growth nobody tells; while nobody sees it, it is not asked for. */
	#askAgain(id: string): void {
		const ms = this.parts.readers.askAgainMs(id);
		if (ms !== null && this.#visible(id)) this.#readSoon(id, ms);
	}

	/** Whether it could not be asked for. What is out of sight is read when it is seen again. */
	async #readNow(id: string): Promise<boolean> {
		try {
			for (let document = this.#visible(id); document; document = this.#visible(id)) {
				const log = this.#logs.get(id);
				if (!log) return false;
				const isElsewhere = this.parts.readers.keyOf(id) !== this.#origins.get(id);
				if (log.lineCount !== document.lineCount || log.isTooLong || isElsewhere) {
					this.#readAnew(document.uri);
					return false;
				}
				const edit = await log.more(this.#end.signal);
				if (edit === null || this.#logs.get(id) !== log) return false;
				if (!(await append(document, edit)) || document.lineCount !== log.lineCount) this.#readAnew(document.uri);
				else this.#grown.fire({ document, log });
			}
			return false;
		} catch (error) {
			this.parts.logger.debug("a log could not be read on", { job: id, reason: toFailure(error).message });
			return true;
		}
	}

	#visible(id: string): vscode.TextDocument | undefined {
		return vscode.window.visibleTextEditors.find(({ document }) => parseJobLogUri(document.uri) === id)?.document;
	}

	#readAnew(uri: vscode.Uri): void {
		this.#version++;
		this.parts.changed(uri);
	}
}

/** Replaces the lines from the first changed on; where the last line only grows, nothing of it is touched. */
async function append(document: vscode.TextDocument, { fromLine, lines }: LogEdit): Promise<boolean> {
	const last = document.lineAt(document.lineCount - 1);
	const text = lines.join("\n");
	const edit = new vscode.WorkspaceEdit();
	const [first = ""] = lines;
	if (fromLine === last.lineNumber && first.startsWith(last.text)) {
		edit.insert(document.uri, last.range.end, text.slice(last.text.length));
	} else {
		edit.replace(document.uri, new vscode.Range(new vscode.Position(fromLine, 0), last.range.end), text);
	}
	return vscode.workspace.applyEdit(edit);
}
