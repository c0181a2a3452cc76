import * as vscode from "vscode";
import { isHeaderName, problemOfServerAddress } from "../../core/stores/serverAddress";
import type { ServerSecret } from "../secrets";
import { askChoice, askText, back, type StepPlace } from "../steps";

export interface AskedServer {
	readonly url: string;
	readonly secret: ServerSecret;
}

const title = vscode.l10n.t("Connect to an MLflow Server");
const noSecret: ServerSecret = { auth: { kind: "none" }, headers: {} };

type SignIn = "none" | "basic" | "bearer" | "header";
interface SignInChoice extends vscode.QuickPickItem {
	readonly signIn: SignIn;
}

const signIns: readonly SignInChoice[] = [
	{
		signIn: "none",
		label: vscode.l10n.t("No sign-in"),
		detail: vscode.l10n.t("The server answers anyone who reaches it"),
	},
	{
		signIn: "basic",
		label: vscode.l10n.t("Name and password"),
		detail: vscode.l10n.t("Basic authentication, as MLFLOW_TRACKING_USERNAME"),
	},
	{
		signIn: "bearer",
		label: vscode.l10n.t("Token"),
		detail: vscode.l10n.t("Bearer authentication, as MLFLOW_TRACKING_TOKEN"),
	},
	{
		signIn: "header",
		label: vscode.l10n.t("Header of your own"),
		detail: vscode.l10n.t("For a proxy in front of the server"),
	},
];

/** Asks for a server step by step, with the way back at each; undefined when the person left. */
export async function askServer(before?: AskedServer): Promise<AskedServer | undefined> {
	let url = before?.url ?? "";
	let step: "url" | "signIn" | SignIn = "url";
	for (;;) {
		if (step === "url") {
			const answer = await askText(place(1, 2), {
				prompt: vscode.l10n.t("The server's address"),
				value: url,
				placeholder: "http://localhost:5000",
				problemOf: (text) => problemOfServerAddress(text),
			});
			if (answer === undefined || answer === back) return undefined;
			url = answer.trim();
			step = "signIn";
		} else if (step === "signIn") {
			const answer = await askChoice(place(2, 3), vscode.l10n.t("How do you sign in?"), signIns);
			if (answer === undefined) return undefined;
			step = answer === back ? "url" : answer.signIn;
		} else {
			const secret = await askSecret(step);
			if (secret === undefined) return undefined;
			if (secret !== back) return { url, secret };
			step = "signIn";
		}
	}
}

async function askSecret(signIn: SignIn): Promise<ServerSecret | typeof back | undefined> {
	switch (signIn) {
		case "none":
			return noSecret;
		case "basic":
			return askPair(vscode.l10n.t("Name"), vscode.l10n.t("Password"), notEmpty, (username, password) => ({
				auth: { kind: "basic", username, password },
				headers: {},
			}));
		case "bearer": {
			const token = await askText(place(3, 3), { prompt: vscode.l10n.t("Token"), isSecret: true, problemOf: notEmpty });
			return typeof token === "string" ? { auth: { kind: "bearer", token: token.trim() }, headers: {} } : token;
		}
		case "header":
			return askPair(vscode.l10n.t("Header's name"), vscode.l10n.t("Header's value"), badHeader, (name, value) => ({
				auth: { kind: "none" },
				headers: { [name]: value },
			}));
	}
}

async function askPair(
	first: string,
	second: string,
	problemOf: (text: string) => string | undefined,
	toSecret: (first: string, second: string) => ServerSecret,
): Promise<ServerSecret | typeof back | undefined> {
	for (;;) {
		const name = await askText(place(3, 4), { prompt: first, problemOf });
		if (typeof name !== "string") return name;
		const value = await askText(place(4, 4), { prompt: second, isSecret: true });
		if (value === undefined) return undefined;
		if (value !== back) return toSecret(name.trim(), value);
	}
}

function place(step: number, totalSteps: number): StepPlace {
	return { title, step, totalSteps, canGoBack: step > 1 };
}

function notEmpty(text: string): string | undefined {
	return text.trim() === "" ? vscode.l10n.t("Type something, or go back and choose another sign-in.") : undefined;
}

function badHeader(text: string): string | undefined {
	return isHeaderName(text.trim())
		? undefined
		: vscode.l10n.t("A header's name is letters, digits and dashes, such as X-Api-Key.");
}
