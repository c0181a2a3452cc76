// Stands in the place of the editor's own GitHub sign-in, whose end is a browser at github.com: whoever signs in is Ada, with
// the token that the test chose.
const vscode = require("vscode");

/** @type {import("vscode").AuthenticationSession[]} */
const sessions = [];
const changed = new vscode.EventEmitter();

exports.activate = (/** @type {import("vscode").ExtensionContext} */ context) => {
	context.subscriptions.push(
		vscode.authentication.registerAuthenticationProvider("github", "GitHub", {
			onDidChangeSessions: changed.event,
			getSessions: async () => sessions,
			createSession: async (scopes) => {
				const account = { id: "1", label: "ada" };
				const session = { id: "s", accessToken: process.env.GAMMA_TEST_GITHUB_TOKEN ?? "", account, scopes };
				sessions.push(session);
				changed.fire({ added: [session], removed: [], changed: [] });
				return session;
			},
			removeSession: async () => {
				changed.fire({ added: [], removed: sessions.splice(0), changed: [] });
			},
		}),
	);
};
