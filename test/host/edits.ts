// Runs inside the extension host: what accepted edits are on a real disk, written by the real editor (test/e2e/proposedEdits.test.ts).
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { guardPath } from "../../src/adapters/edits/guardPath";
import type { ProposedFile } from "../../src/core/edits/proposedEdits";
import type { Logger } from "../../src/core/logger";
import { GammaError } from "../../src/shared/errors";
import { EditReview } from "../../src/ui/edits/editReview";
import { proposalUri } from "../../src/ui/edits/editUris";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
const file = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(file(path), "latin1");
const write = (path: string, content: string) => {
	mkdirSync(join(file(path), ".."), { recursive: true });
	writeFileSync(file(path), content, "latin1");
};
const logger: Logger = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: (message, details) => assert.fail(`${message} ${JSON.stringify(details)}`),
	child: () => logger,
};
const review = new EditReview({
	storage: null,
	repository: undefined as never,
	writers: async () => ({ guardPath, commitsOf: async () => null }),
	relay: () => null,
	jobs: {
		snapshot: { state: { kind: "withoutRelay", github: "absent", reason: null }, projects: [], jobs: new Map() },
	},
	ask: async () => {},
	logger,
	view: { badge: undefined } as vscode.TreeView<never>,
	scheme: { change: () => {} } as never,
	setContext: () => {},
});
const { edits } = review;
const commands = review.commands();

const edit = (path: string, baseText: string, text: string): ProposedFile => ({
	path,
	kind: "edit",
	from: null,
	baseText,
	text,
});
const propose = (...files: ProposedFile[]) => edits.propose("c", "A proposal", files);
const setNow = (id: string) => edits.sets.find((set) => set.id === id);
const rejection = (task: Promise<unknown>) =>
	task.then(
		(made) => assert.fail(`it was not refused: ${JSON.stringify(made)}`),
		(error: unknown) => error as Error,
	);

/** What the editor and the disk do takes its time. */
async function eventually(what: string, isIt: () => boolean): Promise<void> {
	for (let tries = 0; !isIt(); tries++) {
		assert.ok(tries < 300, `not yet: ${what}`);
		await new Promise((done) => setTimeout(done, 100));
	}
}

const suite: Record<string, () => Promise<void>> = {
	"a file keeps its line ends, its mark of UTF-8 and its missing last line end": async () => {
		write("crlf.py", "a = 1\r\nb = 2\r\nc = 3");
		write("bom.py", "\xef\xbb\xbfa = 1\nb = 2\n");
		const { id } = await propose(
			edit("crlf.py", "a = 1\nb = 2\nc = 3", "a = 9\nb = 2\nc = 3"),
			edit("bom.py", "a = 1\nb = 2\n", "a = 1\nb = 9\n"),
		);
		await edits.acceptAll(id);
		assert.equal(read("crlf.py"), "a = 9\r\nb = 2\r\nc = 3");
		assert.equal(read("bom.py"), "\xef\xbb\xbfa = 1\nb = 9\n");
		assert.equal(setNow(id)?.isDecided, true);
	},
	"what the file's encoding cannot say is refused, and the file stays": async () => {
		write("latin.py", "# caf\xe9\n");
		await vscode.workspace.openTextDocument(vscode.Uri.file(file("latin.py")), { encoding: "iso88591" } as never);
		const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file("latin.py")));
		assert.equal(document.encoding, "iso88591");
		const good = await propose(edit("latin.py", "# café\n", "# cafés\n"));
		await edits.acceptAll(good.id);
		assert.equal(read("latin.py"), "# caf\xe9s\n");
		const bad = await propose(edit("latin.py", "# cafés\n", "# cafés → bars\n"));
		const said = await rejection(edits.acceptAll(bad.id));
		assert.match(said.message, /is kept as iso88591, which has not all characters/);
		assert.equal(read("latin.py"), "# caf\xe9s\n");
		await edits.rejectAll(bad.id);
	},
	"one undo takes one accept back and opens it again; redo closes it": async () => {
		write("undo.py", "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n");
		const { id } = await propose(
			edit("undo.py", "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n", "a = 9\nb = 2\nc = 3\nd = 4\ne = 9\n"),
		);
		const document = await vscode.window
			.showTextDocument(vscode.Uri.file(file("undo.py")))
			.then((editor) => editor.document);
		await commands.acceptFileEdits({ setId: id, path: "undo.py" });
		assert.equal(read("undo.py"), "a = 9\nb = 2\nc = 3\nd = 4\ne = 9\n");
		await vscode.commands.executeCommand("undo");
		assert.equal(document.getText(), "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n");
		await eventually("two edits are open again", () => setNow(id)?.files[0]?.accepted === 0 && !setNow(id)?.isDecided);
		await vscode.commands.executeCommand("redo");
		await eventually("both are accepted again", () => setNow(id)?.files[0]?.accepted === 2);
		await document.save();
	},
	"what the person typed and did not save is neither lost nor saved": async () => {
		write("typed.py", "a = 1\nb = 2\nc = 3\nd = 4\n");
		const { id } = await propose(edit("typed.py", "a = 1\nb = 2\nc = 3\nd = 4\n", "a = 1\nb = 2\nc = 3\nd = 9\n"));
		const editor = await vscode.window.showTextDocument(vscode.Uri.file(file("typed.py")));
		await editor.edit((change) => change.insert(new vscode.Position(0, 0), "mine = 0\n"));
		await edits.acceptAll(id);
		assert.equal(editor.document.getText(), "mine = 0\na = 1\nb = 2\nc = 3\nd = 9\n");
		assert.equal(editor.document.isDirty, true);
		await vscode.commands.executeCommand("workbench.action.files.revert");
	},
	"new, deleted and renamed files are written, and a restore takes all of it back": async () => {
		write("old.py", "old\n");
		write("from.py", "one\ntwo\n");
		const { id } = await propose(
			{ path: "new/made.py", kind: "create", from: null, baseText: null, text: "new\n" },
			{ path: "old.py", kind: "delete", from: null, baseText: "old\n", text: null },
			{ path: "to.py", kind: "rename", from: "from.py", baseText: "one\ntwo\n", text: "one\n2\n" },
		);
		await edits.acceptAll(id);
		assert.equal(read("new/made.py"), "new\n");
		assert.equal(existsSync(file("old.py")), false);
		assert.deepEqual([existsSync(file("from.py")), read("to.py")], [false, "one\n2\n"]);
		await commands.restoreEdits({ setId: id });
		assert.deepEqual([existsSync(file("new/made.py")), read("old.py")], [false, "old\n"]);
		assert.deepEqual([read("from.py"), existsSync(file("to.py"))], ["one\ntwo\n", false]);
		await edits.rejectAll(id);
	},
	"a restore leaves the person's later lines, and changes nothing where they changed the same ones": async () => {
		write("later.py", "a = 1\nb = 2\nc = 3\n");
		const { id } = await propose(edit("later.py", "a = 1\nb = 2\nc = 3\n", "a = 1\nb = 9\nc = 3\n"));
		await edits.acceptAll(id);
		write("later.py", "# mine\na = 1\nb = 9\nc = 3\n");
		await commands.restoreEdits({ setId: id });
		assert.equal(read("later.py"), "# mine\na = 1\nb = 2\nc = 3\n");
		await edits.acceptAll(id);
		write("later.py", "# mine\na = 1\nb = 10\nc = 3\n");
		const said = await rejection(commands.restoreEdits({ setId: id }));
		assert.match(said.message, /^later\.py stays as it is/);
		assert.equal(read("later.py"), "# mine\na = 1\nb = 10\nc = 3\n");
	},
	"a file that another program changed meanwhile is merged": async () => {
		write("moved.py", "a = 1\nb = 2\nc = 3\n");
		const { id } = await propose(edit("moved.py", "a = 1\nb = 2\nc = 3\n", "a = 1\nb = 2\nc = 9\n"));
		write("moved.py", "import x\na = 1\nb = 2\nc = 3\n");
		await edits.acceptAll(id);
		assert.equal(read("moved.py"), "import x\na = 1\nb = 2\nc = 9\n");
		assert.equal(setNow(id)?.files[0]?.isStale, true);
	},
	"what runs programs is written only when a person says so by its name": async () => {
		const { id } = await propose({
			path: ".vscode/tasks.json",
			kind: "create",
			from: null,
			baseText: null,
			text: "{}\n",
		});
		const asked = edits.acceptAll(id);
		await new Promise((done) => setTimeout(done, 1000));
		assert.equal(existsSync(file(".vscode/tasks.json")), false);
		await vscode.commands.executeCommand("notifications.clearAll");
		await asked;
		assert.equal(existsSync(file(".vscode/tasks.json")), false);
		assert.equal(setNow(id)?.isDecided, false);
		await edits.rejectAll(id);
	},
	"what leads out of the folder, or into git's own, is no proposal": async () => {
		symlinkSync("/tmp", file("out"));
		for (const path of ["../x", "/etc/x", ".git/config", ".GIT/x", "out/x"]) {
			const said = await rejection(propose({ path, kind: "create", from: null, baseText: null, text: "x" }));
			assert.ok(GammaError.is(said, "edit.refused"), path);
		}
		write("binary.bin", "\x89PNG\r\n\0\0\0\0\x01\0\0\0\xff");
		assert.ok(GammaError.is(await rejection(propose(edit("binary.bin", "a", "c"))), "edit.refused"));
		assert.ok(GammaError.is(await rejection(propose(edit("absent.py", "a", "b"))), "edit.refused"));
	},
	"where the person changed the same lines theirs stay, and the other files are written all the same": async () => {
		write("both.py", "a = 1\nb = 2\n");
		write("fine.py", "a = 1\n");
		const { id } = await propose(
			edit("both.py", "a = 1\nb = 2\n", "a = 9\nb = 2\n"),
			edit("fine.py", "a = 1\n", "a = 9\n"),
		);
		write("both.py", "a = 5\nb = 2\n");
		const said = await rejection(edits.acceptAll(id));
		assert.match(said.message, /^both\.py cannot be written: you changed the same lines meanwhile/);
		assert.equal(read("both.py"), "a = 5\nb = 2\n");
		assert.equal(read("fine.py"), "a = 9\n");
		await edits.rejectAll(id);
		assert.equal(setNow(id)?.isDecided, true);
	},
	"what the model still writes is there to look at, and gone once it is proposed": async () => {
		const writing = (text: string): ProposedFile => ({
			path: "live.py",
			kind: "create",
			from: null,
			baseText: null,
			text,
		});
		const rows = () => review.tree.getChildren().map((row) => review.tree.getTreeItem(row));
		edits.preview("Live", writing("a = 1\n"));
		edits.preview("Live", writing("a = 1\nb = 2\n"));
		const [row] = review.tree.getChildren();
		assert.ok(row?.path);
		assert.equal(rows()[0]?.description, "being written, 2 lines");
		assert.equal(new TextDecoder().decode(review.files.readFile(proposalUri(row.setId, row.path))), "a = 1\nb = 2\n");
		const { id } = await edits.propose("Live", "Live", [writing("a = 1\nb = 2\nc = 3\n")]);
		assert.ok(rows().every(({ description }) => !String(description).startsWith("being written")));
		assert.equal(existsSync(file("live.py")), false);
		await edits.rejectAll(id);
	},
	"10,000 lines are proposed and accepted": async () => {
		const lines = Array.from({ length: 10_000 }, (_, line) => `value_${line} = ${line}`);
		const base = `${lines.join("\n")}\n`;
		const text = `${lines.map((line, index) => (index % 7 === 0 ? `${line} + 1` : line)).join("\n")}\n`;
		write("huge.py", base);
		const { id, files } = await propose(edit("huge.py", base, text));
		assert.equal(files[0]?.hunks, 1429);
		await edits.acceptAll(id);
		assert.equal(read("huge.py"), text);
	},
	"the model is told once what was applied and what was not": async () => {
		const words = edits.takeDecisions("c") ?? "";
		assert.match(words, /- crlf\.py: 1 applied\./);
		assert.match(words, /- latin\.py: 1 rejected\./);
		assert.match(words, /\+a = 9\n/);
		assert.equal(edits.takeDecisions("c"), null);
		assert.equal(edits.takeDecisions("another"), null);
	},
};

export async function run(): Promise<void> {
	const failures: string[] = [];
	for (const [name, test] of Object.entries(suite)) {
		try {
			await test();
			console.log(`ok ${name}`);
		} catch (error) {
			failures.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
		}
	}
	review.dispose();
	if (failures.length > 0) throw new Error(failures.join("\n"));
}
