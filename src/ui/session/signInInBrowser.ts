import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { callbackPath, extensionId } from "../../core/contributions";
import type { AuthService } from "../../core/session/authService";
import type { Session } from "../../core/session/session";
import type { SignInWaiter } from "../../core/session/signInWaiter";
import { GammaError } from "../../shared/errors";

const timeoutMs = 5 * 60_000;

/**
 * Opens GitHub's page in the browser and waits for its answer, at most five minutes, with a button to give up. Rejects with
 * `signIn.denied`, `signIn.failed`, `relay.unreachable` or `call.cancelled`.
 */
export async function signInInBrowser(auth: AuthService, waiter: SignInWaiter): Promise<Session> {
	const title = vscode.l10n.t("Sign in to Gamma with GitHub in your browser…");
	return vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title, cancellable: true },
		async (_progress, cancellation) => {
			const person = new AbortController();
			const listening = cancellation.onCancellationRequested(() => person.abort());
			try {
				const state = randomBytes(32).toString("base64url");
				const attempt = await auth.begin(await addressOfCallback(state));
				// It waits before the browser opens: nothing can come back too early.
				const code = waiter.wait(state, { timeoutMs, signal: person.signal });
				code.catch(() => {});
				if (!(await openInBrowser(attempt.url))) {
					person.abort();
					throw new GammaError(
						"signIn.failed",
						vscode.l10n.t("The browser was not opened: sign in again and allow it."),
					);
				}
				return await attempt.finish(await code);
			} finally {
				listening.dispose();
			}
		},
	);
}

/**
 * As it is written: a `Uri` decodes its query and encodes it otherwise, by which an address within the address falls apart
 * (microsoft/vscode#85930). The editor takes a text as well, though its types do not say so.
 */
function openInBrowser(url: string): Thenable<boolean> {
	return vscode.env.openExternal(url as unknown as vscode.Uri);
}

/** Where the browser comes back to; in a browser's editor it is a page of that editor, which passes it on. */
async function addressOfCallback(state: string): Promise<string> {
	const own = vscode.Uri.parse(`${vscode.env.uriScheme}://${extensionId}${callbackPath}?state=${state}`);
	// The query is made of parts that are encoded already.
	return (await vscode.env.asExternalUri(own)).toString(true);
}
