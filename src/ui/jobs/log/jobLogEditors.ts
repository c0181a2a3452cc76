import * as vscode from "vscode";
import type { ContextValues } from "../../../core/contributions";
import { commandId } from "../../../core/contributions";
import { Owner } from "../../../core/disposable";
import type { JobLog } from "../../../core/jobs/jobLog";
import { jobSentence, momentOf } from "../../../core/jobs/jobState";
import type { JobSource, TrackedJob } from "../../../core/jobs/trackedJob";
import { toLine } from "../../../core/plainText";
import { isEnd } from "../../../shared/relay/job";
import type { JobLogFiles } from "./jobLogFiles";
import { jobLogUri, parseJobLogUri } from "./jobLogUri";

/** Ages in the status bar and after the last line. */
const refreshEveryMs = 10_000;

export interface JobLogEditorsParts {
	readonly files: JobLogFiles;
	readonly jobs: JobSource;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/**
 * Logs in editors: an editor that stands at the end follows what comes, one that was scrolled up stays where it is until
 * the person goes to the end again. The first traceback is marked, and the end of the job said after the last line.
 */
export class JobLogEditors extends Owner {
	/** Addresses of logs that are followed. */
	readonly #following = new Set<string>();
	/** Where each editor's text begins on screen. */
	readonly #tops = new WeakMap<vscode.TextEditor, number>();
	readonly #traceback = this.own(
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			borderStyle: "solid",
			borderWidth: "0 0 0 3px",
			borderColor: new vscode.ThemeColor("editorError.foreground"),
			overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.errorForeground"),
			overviewRulerLane: vscode.OverviewRulerLane.Full,
		}),
	);
	readonly #error = this.own(
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			fontWeight: "bold",
			// The one of lists has no value in high contrast: such a line could not be seen.
			color: new vscode.ThemeColor("errorForeground"),
		}),
	);
	readonly #end = this.own(vscode.window.createTextEditorDecorationType({ isWholeLine: true }));
	readonly #entry = this.own(vscode.window.createStatusBarItem("gamma.log", vscode.StatusBarAlignment.Right, 101));

	constructor(private readonly parts: JobLogEditorsParts) {
		super();
		this.#entry.name = vscode.l10n.t("Gamma: Training Log");
		this.#entry.command = commandId("followJobLog");
		this.own(parts.files.onDidGrow(({ document, log }) => this.#draw(document, log)));
		this.own(vscode.window.onDidChangeActiveTextEditor(() => this.#say()));
		this.own(
			vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) =>
				this.#watch(textEditor, visibleRanges),
			),
		);
		this.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#following.delete(uri.toString())));
		this.own(parts.jobs.onDidChange(() => this.#refresh()));
		const timer = setInterval(() => this.#refresh(), refreshEveryMs);
		this.own({ dispose: () => clearInterval(timer) });
	}

	/** At its first error where it failed, else at its end, from where it is followed. */
	async open(tracked: TrackedJob): Promise<void> {
		const uri = jobLogUri(tracked.job);
		// Its tab is there at once, with the editor's own progress, and with the reason where it cannot be read.
		await vscode.commands.executeCommand("vscode.open", uri, { preview: true });
		const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
		const log = document && this.parts.files.logOf(document);
		if (!log) return;
		const editor = await vscode.window.showTextDocument(document, { preview: true });
		const { traceback, failureLine } = log.first;
		const first = tracked.job.status === "failed" ? (traceback?.fromLine ?? failureLine) : null;
		this.#draw(document, log);
		if (first === null) return this.follow(editor);
		this.#following.delete(document.uri.toString());
		const last = traceback ? Math.min(traceback.toLine, first + 200) : first;
		const place = new vscode.Range(first, 0, last, 0);
		editor.selection = new vscode.Selection(first, 0, first, 0);
		editor.revealRange(place, vscode.TextEditorRevealType.InCenter);
		this.#say();
	}

	/** `gamma.followJobLog`: goes to the end and stays there. */
	follow(editor = vscode.window.activeTextEditor): void {
		if (!editor || !this.#jobOf(editor.document)) return;
		this.#following.add(editor.document.uri.toString());
		revealEnd(editor);
		this.#say();
	}

	#draw(document: vscode.TextDocument, log: JobLog): void {
		for (const editor of vscode.window.visibleTextEditors) {
			if (editor.document !== document) continue;
			const isNew = !this.#tops.has(editor);
			this.#tops.set(editor, editor.visibleRanges[0]?.start.line ?? 0);
			const tracked = this.#jobOf(document);
			// After a reload of the window nobody opens it: a log that still grows is followed.
			if (isNew && tracked && !isEnd(tracked.job.status) && !isScrolled(editor)) {
				this.#following.add(document.uri.toString());
			}
			if (this.#following.has(document.uri.toString())) revealEnd(editor);
			this.#decorate(editor, log, tracked);
		}
		this.#say();
	}

	#decorate(editor: vscode.TextEditor, log: JobLog, tracked: TrackedJob | undefined): void {
		const { traceback } = log.first;
		const hasFailed = tracked?.job.status === "failed";
		const failureLine = hasFailed && !traceback ? log.first.failureLine : null;
		const lines = (from: number, to: number) => [new vscode.Range(from, 0, to, 0)];
		const marked = traceback
			? lines(traceback.fromLine, traceback.toLine)
			: failureLine === null
				? []
				: lines(failureLine, failureLine);
		editor.setDecorations(this.#traceback, marked);
		editor.setDecorations(this.#error, traceback?.error ? this.#errorLines(editor.document, traceback) : marked);
		const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
		const sentence = tracked && isEnd(tracked.job.status) ? this.#sentence(tracked) : null;
		const color = new vscode.ThemeColor("descriptionForeground");
		const after = { contentText: `■ ${sentence}`, color, margin: end.character === 0 ? "0" : "0 0 0 2em" };
		editor.setDecorations(
			this.#end,
			sentence === null ? [] : [{ range: new vscode.Range(end, end), renderOptions: { after } }],
		);
	}

	#errorLines(
		document: vscode.TextDocument,
		{ error, fromLine, toLine }: { error: string; fromLine: number; toLine: number },
	) {
		const last = Math.min(toLine, document.lineCount - 1);
		for (let at = last; at >= fromLine; at--) {
			if (document.lineAt(at).text.includes(error)) return [new vscode.Range(at, 0, at, 0)];
		}
		return [];
	}

	/**
	 * Only a person's scrolling up moves a text's beginning on screen back; what is appended, and a window that is made
	 * smaller, do not.
	 */
	#watch(editor: vscode.TextEditor, [range]: readonly vscode.Range[]): void {
		if (!range || !this.#jobOf(editor.document)) return;
		const key = editor.document.uri.toString();
		const before = this.#tops.get(editor) ?? range.start.line;
		this.#tops.set(editor, range.start.line);
		const isAtEnd = range.end.line >= editor.document.lineCount - 1;
		if (isAtEnd) this.#following.add(key);
		else if (range.start.line < before) this.#following.delete(key);
		this.#say();
	}

	#refresh(): void {
		for (const { document } of vscode.window.visibleTextEditors) {
			const log = this.parts.files.logOf(document);
			if (log && isEnd(this.#jobOf(document)?.job.status ?? "pending")) this.#draw(document, log);
		}
		this.#say();
	}

	#say(): void {
		const document = vscode.window.activeTextEditor?.document;
		const tracked = document && this.#jobOf(document);
		const isFollowing = document !== undefined && this.#following.has(document.uri.toString());
		this.parts.setContext("gamma.followsLog", isFollowing);
		if (!tracked) {
			this.#entry.hide();
			return;
		}
		const sentence = this.#sentence(tracked);
		const isOver = isEnd(tracked.job.status);
		const follows = isFollowing ? vscode.l10n.t("following") : vscode.l10n.t("not following");
		this.#entry.text = isOver
			? `$(output) ${sentence}`
			: `$(${isFollowing ? "arrow-down" : "debug-pause"}) ${sentence} · ${follows}`;
		this.#entry.tooltip = isFollowing
			? vscode.l10n.t("The log follows the training. Scroll up to stop.")
			: vscode.l10n.t("Go to the end of the log and follow it");
		this.#entry.accessibilityInformation = { label: `${sentence}, ${follows}` };
		this.#entry.show();
	}

	#jobOf({ uri }: vscode.TextDocument): TrackedJob | undefined {
		return this.parts.jobs.snapshot.jobs.get(parseJobLogUri(uri) ?? "");
	}

	#sentence(tracked: TrackedJob): string {
		const words = jobSentence(tracked, momentOf(this.parts.jobs.snapshot.state, Date.now()));
		const { status, reason } = tracked.job;
		return toLine(status !== "completed" && isEnd(status) && reason ? `${words}: ${reason}` : words, 120);
	}
}

function revealEnd(editor: vscode.TextEditor): void {
	const last = editor.document.lineCount - 1;
	editor.revealRange(new vscode.Range(last, 0, last, 0), vscode.TextEditorRevealType.Default);
}

function isScrolled(editor: vscode.TextEditor): boolean {
	const [range] = editor.visibleRanges;
	return range !== undefined && range.start.line > 0 && range.end.line < editor.document.lineCount - 1;
}
