import * as vscode from "vscode";
import type { FileToCommit } from "../../core/git/commitWriter";

/**
 * The message of a commit: its subject in one line, or all of it in an editor. Undefined where the person stops. `proposed` has
 * what the editor begins with below the subject.
 */
export async function askMessage(
	files: readonly FileToCommit[],
	proposed: { readonly subject: string; readonly body: string },
): Promise<string | undefined> {
	const names = files.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)).join(", ");
	const write: vscode.QuickInputButton = {
		iconPath: new vscode.ThemeIcon("edit"),
		tooltip: vscode.l10n.t("Write a Longer Message"),
	};
	const input = vscode.window.createInputBox();
	input.title = vscode.l10n.t("Commit Message");
	input.prompt = names.length > 120 ? `${names.slice(0, 120)}…` : names;
	input.value = proposed.subject;
	input.buttons = [write];
	input.ignoreFocusOut = true;
	const answer = await new Promise<string | typeof write | undefined>((resolve) => {
		input.onDidTriggerButton(() => resolve(write));
		input.onDidHide(() => resolve(undefined));
		input.onDidChangeValue((text) => {
			input.validationMessage = text.trim() === "" ? vscode.l10n.t("A commit needs a message.") : "";
		});
		input.onDidAccept(() => {
			if (input.value.trim() !== "") resolve(input.value);
		});
		input.show();
	});
	const subject = input.value;
	input.dispose();
	if (typeof answer === "object") return writeMessage(`${subject}\n\n${proposed.body}`.trimEnd());
	return answer?.trim() || undefined;
}

/** As git itself asks with an editor: nothing is committed before the text is said to be the message. */
async function writeMessage(content: string): Promise<string | undefined> {
	const document = await vscode.workspace.openTextDocument({ language: "git-commit", content: `${content}\n` });
	// With the cursor where it belongs from the first moment: who types at once types there.
	const end = document.lineAt(document.lineCount - 1).range.end;
	await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(end, end) });
	const use = vscode.l10n.t("Use This Message");
	const asked = vscode.l10n.t("The first line is the subject; an empty line, and the rest is the body.");
	for (;;) {
		if ((await vscode.window.showInformationMessage(asked, use)) !== use) return undefined;
		const text = document.getText().trim();
		if (text === "") continue;
		await vscode.window.showTextDocument(document);
		await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
		return text;
	}
}
