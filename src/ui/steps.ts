import * as vscode from "vscode";

/** Where a step of several stands. */
export interface StepPlace {
	readonly title: string;
	readonly step: number;
	readonly totalSteps: number;
	readonly canGoBack: boolean;
}

/** The answer of one step: a value, the wish to go back, or undefined when the person left. */
export type StepAnswer<T> = T | typeof back | undefined;
export const back = Symbol("back");

export interface TextStep {
	readonly prompt: string;
	readonly value?: string;
	readonly placeholder?: string;
	readonly isSecret?: boolean;
	/** A sentence that says what is wrong, or undefined. */
	readonly problemOf?: (text: string) => string | undefined;
}

export function askText(place: StepPlace, step: TextStep): Promise<StepAnswer<string>> {
	const input = vscode.window.createInputBox();
	input.prompt = step.prompt;
	input.value = step.value ?? "";
	input.placeholder = step.placeholder ?? "";
	input.password = step.isSecret ?? false;
	return answerOf(input, place, (accept) => {
		const check = () => {
			input.validationMessage = (input.value === "" ? undefined : step.problemOf?.(input.value)) ?? "";
		};
		check();
		input.onDidChangeValue(check);
		input.onDidAccept(() => {
			const problem = step.problemOf?.(input.value);
			if (problem === undefined) accept(input.value);
			else input.validationMessage = problem;
		});
	});
}

export function askChoice<T extends vscode.QuickPickItem>(
	place: StepPlace,
	placeholder: string,
	options: readonly T[],
): Promise<StepAnswer<T>> {
	const pick = vscode.window.createQuickPick<T>();
	pick.items = options;
	pick.placeholder = placeholder;
	return answerOf(pick, place, (accept) => {
		pick.onDidAccept(() => {
			const [chosen] = pick.selectedItems;
			if (chosen) accept(chosen);
		});
	});
}

function answerOf<T>(
	input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
	place: StepPlace,
	prepare: (accept: (value: T) => void) => void,
): Promise<StepAnswer<T>> {
	input.title = place.title;
	input.step = place.step;
	input.totalSteps = place.totalSteps;
	input.ignoreFocusOut = true;
	input.buttons = place.canGoBack ? [vscode.QuickInputButtons.Back] : [];
	return new Promise((resolve) => {
		const end = (answer: StepAnswer<T>) => {
			resolve(answer);
			input.dispose();
		};
		input.onDidTriggerButton((button) => {
			if (button === vscode.QuickInputButtons.Back) end(back);
		});
		input.onDidHide(() => end(undefined));
		prepare(end);
		input.show();
	});
}
