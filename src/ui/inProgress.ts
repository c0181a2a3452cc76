import * as vscode from "vscode";

/** Takes what is to be said beside the title, and how many more per cent are done. */
export type Report = (progress: { message?: string; increment?: number }) => void;

/** Shows work as a notice with a Cancel button. Undefined when the person cancelled. */
export async function inProgress<T>(
	title: string,
	work: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	return vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title, cancellable: true },
		async (progress, token) => {
			const controller = new AbortController();
			const listening = token.onCancellationRequested(() => controller.abort());
			try {
				return await work((next) => progress.report(next), controller.signal);
			} catch (error) {
				if (controller.signal.aborted) return undefined;
				throw error;
			} finally {
				listening.dispose();
			}
		},
	);
}
