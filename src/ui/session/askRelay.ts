import * as vscode from "vscode";
import { problemOfAddress } from "../../core/relay/relayTarget";
import { askChoice, askText, back, type StepPlace } from "../steps";

/** A relay as the person named it, and how they get in. */
export type AskedRelay =
	| { readonly kind: "token"; readonly url: string; readonly token: string }
	| { readonly kind: "signIn"; readonly url: string; readonly supabaseUrl: string; readonly anonKey: string };

const title = vscode.l10n.t("Connect to a Relay");

interface WayIn extends vscode.QuickPickItem {
	readonly way: AskedRelay["kind"];
}

const waysIn: readonly WayIn[] = [
	{
		way: "signIn",
		label: vscode.l10n.t("Sign in with GitHub"),
		detail: vscode.l10n.t("For a team's relay; you also need the address and publishable key of its Supabase project"),
	},
	{
		way: "token",
		label: vscode.l10n.t("Token"),
		detail: vscode.l10n.t("For a relay without sign-in; gamma relay prints it in its first line"),
	},
];

/** Asks for a relay step by step, with the way back at each; undefined when the person left. */
export async function askRelay(before?: AskedRelay): Promise<AskedRelay | undefined> {
	let url = before?.url ?? "";
	let service = before?.kind === "signIn" ? before.supabaseUrl : "";
	let step: "url" | "wayIn" | "token" | "service" | "key" = "url";
	for (;;) {
		switch (step) {
			case "url": {
				const answer = await askText(place(1, 2), {
					prompt: vscode.l10n.t("The relay's address"),
					value: url,
					placeholder: "https://gamma.example.org",
					problemOf: (text) => problemOfAddress(text, "relay"),
				});
				if (typeof answer !== "string") return undefined;
				url = trimmed(answer);
				step = "wayIn";
				break;
			}
			case "wayIn": {
				const answer = await askChoice(place(2, 3), vscode.l10n.t("How do you get in?"), waysIn);
				if (answer === undefined) return undefined;
				if (answer === back) step = "url";
				else step = answer.way === "token" ? "token" : "service";
				break;
			}
			case "token": {
				const prompt = vscode.l10n.t("Token");
				const answer = await askText(place(3, 3), { prompt, isSecret: true, problemOf: notEmpty });
				if (answer === undefined) return undefined;
				if (answer !== back) return { kind: "token", url, token: answer.trim() };
				step = "wayIn";
				break;
			}
			case "service": {
				const answer = await askText(place(3, 4), {
					prompt: vscode.l10n.t("The address of its Supabase project"),
					value: service,
					placeholder: "https://abcdefgh.supabase.co",
					problemOf: (text) => problemOfAddress(text, "sign-in service"),
				});
				if (answer === undefined) return undefined;
				if (answer !== back) service = trimmed(answer);
				step = answer === back ? "wayIn" : "key";
				break;
			}
			case "key": {
				const answer = await askText(place(4, 4), {
					prompt: vscode.l10n.t("The project's publishable (anon) key; it is no secret"),
					value: before?.kind === "signIn" ? before.anonKey : "",
					placeholder: "sb_publishable_…",
					problemOf: notEmpty,
				});
				if (answer === undefined) return undefined;
				if (answer !== back) return { kind: "signIn", url, supabaseUrl: service, anonKey: answer.trim() };
				step = "service";
				break;
			}
		}
	}
}

function place(step: number, totalSteps: number): StepPlace {
	return { title, step, totalSteps, canGoBack: step > 1 };
}

function trimmed(address: string): string {
	return address.trim().replace(/\/+$/, "");
}

function notEmpty(text: string): string | undefined {
	return text.trim() === "" ? vscode.l10n.t("Type something, or go back and choose another way.") : undefined;
}
