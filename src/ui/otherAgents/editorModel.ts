import * as vscode from "vscode";
import type { OtherMessage, OtherModel } from "../../core/agent/answerElsewhere";

/** A model of the editor's chat as one that can be asked. */
export function editorModel(model: vscode.LanguageModelChat, token: vscode.CancellationToken): OtherModel {
	return {
		async *answer(messages, tools) {
			const response = await model.sendRequest(
				messages.map(toMessage),
				{
					justification: vscode.l10n.t("You asked @gamma."),
					tools: tools.map(({ name, description, input_schema }) => ({ name, description, inputSchema: input_schema })),
				},
				token,
			);
			for await (const part of response.stream) {
				if (part instanceof vscode.LanguageModelTextPart) yield { kind: "text", text: part.value };
				else if (part instanceof vscode.LanguageModelToolCallPart)
					yield { kind: "call", id: part.callId, name: part.name, input: part.input };
			}
		},
	};
}

/** What was said to and by `@gamma` before, in words alone. */
export function toTurns(history: vscode.ChatContext["history"]): readonly OtherMessage[] {
	return history.flatMap((turn): OtherMessage[] => {
		if (turn instanceof vscode.ChatRequestTurn) return [{ kind: "person", text: turn.prompt }];
		const text = turn.response
			.map((part) => (part instanceof vscode.ChatResponseMarkdownPart ? part.value.value : ""))
			.join("");
		return text.trim() === "" ? [] : [{ kind: "model", text }];
	});
}

function toMessage(message: OtherMessage): vscode.LanguageModelChatMessage {
	switch (message.kind) {
		case "person":
			return vscode.LanguageModelChatMessage.User(message.text);
		case "model":
			return vscode.LanguageModelChatMessage.Assistant(message.text);
		case "calls":
			return vscode.LanguageModelChatMessage.Assistant([
				...(message.text === "" ? [] : [new vscode.LanguageModelTextPart(message.text)]),
				...message.calls.map(({ id, name, input }) => new vscode.LanguageModelToolCallPart(id, name, Object(input))),
			]);
		case "results":
			return vscode.LanguageModelChatMessage.User(
				message.results.map(
					({ id, text }) => new vscode.LanguageModelToolResultPart(id, [new vscode.LanguageModelTextPart(text)]),
				),
			);
	}
}
