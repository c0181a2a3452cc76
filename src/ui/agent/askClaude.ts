import { askOnce, type OneAnswer, type Question } from "../../core/agent/askOnce";
import { shortModel } from "../../core/agent/shortModel";
import { GammaError } from "../../shared/errors";
import { readSetting } from "../settings";
import { type ClaudeAccessPorts, claudeAccess } from "./claudeAccess";

export type AskClaude = (
	question: Question,
	options: { readonly signal: AbortSignal; readonly onText: (soFar: string) => void },
) => Promise<OneAnswer>;

/** Puts one question to whom this window asks. Rejects with `agent.noKey` where that is nobody, else as `askOnce`. */
export function askClaude(ports: ClaudeAccessPorts): AskClaude {
	const access = claudeAccess(ports);
	return async (question, options) => {
		const asked = await access();
		if (asked.kind === "noKey") {
			throw new GammaError(
				"agent.noKey",
				"There is no key for Claude: set one (“Gamma: Set Key for Claude…”), or connect a relay whose organisation has one.",
			);
		}
		// Where the list does not come, the question itself says why.
		const models = await asked.claude.models(options.signal).catch(() => []);
		return askOnce(asked.claude, shortModel(readSetting("agent.model"), models), question, options);
	};
}
