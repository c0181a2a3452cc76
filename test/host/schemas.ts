// Runs inside the extension host: what VS Code makes of Gamma's schemas (test/e2e/setUpProject.test.ts).
import assert from "node:assert/strict";
import * as vscode from "vscode";

async function open(path: string, text: string): Promise<vscode.TextDocument> {
	const folder = vscode.workspace.workspaceFolders?.[0];
	assert.ok(folder);
	const uri = vscode.Uri.joinPath(folder.uri, path);
	await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
	const document = await vscode.workspace.openTextDocument(uri);
	await vscode.window.showTextDocument(document);
	return document;
}

/** The language server starts with the first JSON file. */
async function eventually<T>(ask: () => Thenable<T>, isIt: (answer: T) => boolean): Promise<T> {
	for (let tries = 0; ; tries++) {
		const answer = await ask();
		if (isIt(answer)) return answer;
		assert.ok(tries < 300, `the editor still says ${JSON.stringify(answer)}`);
		await new Promise((done) => setTimeout(done, 200));
	}
}

const suite: Record<string, () => Promise<void>> = {
	"the keys of train.json are completed": async () => {
		const document = await open(".gamma/train.json", "{\n  \n}\n");
		const list = await eventually(
			() =>
				vscode.commands.executeCommand<vscode.CompletionList>(
					"vscode.executeCompletionItemProvider",
					document.uri,
					new vscode.Position(1, 2),
				),
			({ items }) => items.some(({ label }) => /command/.test(typeof label === "string" ? label : label.label)),
		);
		const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
		for (const key of ["command", "experiment", "checkpoints", "metrics", "env", "labels", "passParams", "sagemaker"]) {
			assert.ok(labels.includes(key), `${key} is not among ${labels.join()}`);
		}
	},
	"a key of train.json is explained": async () => {
		const document = await open("explained/.gamma/train.json", '{ "sagemaker": { "spot": true } }');
		const at = document.positionAt(document.getText().indexOf("spot") + 1);
		const hovers = await eventually(
			() => vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at),
			(answer) => answer.length > 0,
		);
		const text = hovers.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join();
		assert.match(text, /spare machines/);
	},
	"a misspelt key and a wrong value are underlined": async () => {
		const document = await open("checked/.gamma/train.json", '{ "comand": "x", "passParams": "both" }');
		const found = await eventually(
			async () => vscode.languages.getDiagnostics(document.uri).map(({ message }) => message),
			(messages) => messages.length >= 2,
		);
		assert.match(found.join("\n"), /comand/);
	},
	"project.json is completed too": async () => {
		const document = await open(".gamma/project.json", "{\n  \n}\n");
		await eventually(
			() =>
				vscode.commands.executeCommand<vscode.CompletionList>(
					"vscode.executeCompletionItemProvider",
					document.uri,
					new vscode.Position(1, 2),
				),
			({ items }) => items.some(({ label }) => label === "stores"),
		);
	},
};

export async function run(): Promise<void> {
	for (const [name, test] of Object.entries(suite)) {
		await test();
		console.log(`ok ${name}`);
	}
}
